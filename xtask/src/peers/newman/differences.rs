//! Where we differ from Postman on purpose.

/// Requests, and what Postman does otherwise.
const DIFFERENCES: &[(&str, &str)] = &[
    (
        "key in the query",
        "Postman leaves `=` and `+` in a value as they are, and servers read `+` as a space",
    ),
    (
        "oauth2 in the query",
        "Postman leaves `=` and `+` in a token as they are, and servers read `+` as a space",
    ),
    (
        "key anywhere",
        "Postman puts a key whose place it does not know into a header, and we refuse it",
    ),
    (
        "jwt with a header",
        "Postman writes `alg` behind the members of the header, and we before them",
    ),
    (
        "scopes",
        "newman takes a variable that its environment says is not enabled",
    ),
    (
        "dots",
        "Postman leaves the dots of a path to the server, and we resolve them before we sign",
    ),
];

/// What Postman does otherwise with the request of this name.
pub(super) fn why(item: &str) -> Option<&'static str> {
    let found = DIFFERENCES.iter().find(|(name, _)| *name == item);
    found.map(|(_, why)| *why)
}
