//! The helper attributes of format 1, as an `auth` object of format 2.

use serde_json::{Map, Value};

/// The helper that is none.
const INHERITING: &str = "normal";

/// Helpers and the types that took their place.
const HELPERS: &[(&str, &str)] = &[
    ("noAuth", "noauth"),
    ("apikeyAuth", "apikey"),
    ("basicAuth", "basic"),
    ("bearerAuth", "bearer"),
    ("digestAuth", "digest"),
    ("oAuth1", "oauth1"),
    ("oAuth2", "oauth2"),
    ("hawkAuth", "hawk"),
    ("awsSigV4", "awsv4"),
    ("ntlmAuth", "ntlm"),
    ("edgegridAuth", "edgegrid"),
    ("jwtAuth", "jwt"),
    ("asapAuth", "asap"),
];

/// By type: attributes whose name is another now.
const RENAMED: &[(&str, &str, &str)] = &[
    ("oauth1", "header", "addParamsToHeader"),
    ("oauth1", "auto", "autoAddParam"),
    ("oauth1", "includeEmpty", "addEmptyParamsToSign"),
    ("hawk", "hawk_id", "authId"),
    ("hawk", "hawk_key", "authKey"),
    ("hawk", "ext", "extraData"),
    ("hawk", "dlg", "delegation"),
    ("hawk", "saveToRequest", "saveHelperData"),
    ("awsv4", "serviceName", "service"),
    ("oauth2", "authorization_url", "authUrl"),
    ("oauth2", "access_token_url", "accessTokenUrl"),
    ("oauth2", "client_id", "clientId"),
    ("oauth2", "client_secret", "clientSecret"),
];

/// What `currentHelper` and `helperAttributes` of `object` say. A helper that is not known keeps its name as its type.
pub(super) fn auth(object: &Map<String, Value>) -> Option<Map<String, Value>> {
    let helper = object.get("currentHelper")?.as_str()?;
    if helper == INHERITING {
        return None;
    }
    let kind = renamed(HELPERS, helper);
    let attributes = object.get("helperAttributes").and_then(Value::as_object);
    let attributes = attributes.into_iter().flatten();
    // The helper repeats its own name among its attributes.
    let parameters = attributes
        .filter(|(key, _)| *key != "id")
        .map(|(key, value)| (attribute(kind, key).to_owned(), value.clone()))
        .collect();
    Some(Map::from_iter([
        ("type".to_owned(), kind.into()),
        (kind.to_owned(), Value::Object(parameters)),
    ]))
}

fn renamed<'a>(names: &[(&str, &'a str)], name: &'a str) -> &'a str {
    let found = names.iter().find(|(old, _)| *old == name);
    found.map_or(name, |(_, new)| new)
}

fn attribute<'a>(kind: &str, key: &'a str) -> &'a str {
    let found = RENAMED
        .iter()
        .find(|(of, old, _)| *of == kind && *old == key);
    found.map_or(key, |(_, _, new)| new)
}
