//! Which names speak of secrets.

use countersign::AuthType;

/// What such a name has in it, in lower case without anything but letters and digits.
const PARTS: &[&str] = &[
    "authorization",
    "cookie",
    "credential",
    "passphrase",
    "passwd",
    "password",
    "pwd",
    "secret",
    "signature",
    "token",
];

/// And what it may end with: a keyboard is no secret.
const END: &str = "key";

/// Names that have such a part and tell nothing.
const OPEN: &[&str] = &[
    "addtokento",
    "showpassword",
    "tokenname",
    "tokentype",
    "signaturemethod",
];

/// Whether a header, parameter, field or variable of this name holds a secret.
pub(super) fn is_secret(name: &str) -> bool {
    let letters = name.chars().filter(|letter| letter.is_ascii_alphanumeric());
    let plain: String = letters.map(|letter| letter.to_ascii_lowercase()).collect();
    let speaks = PARTS.iter().any(|part| plain.contains(part)) || plain.ends_with(END);
    speaks && !OPEN.contains(&plain.as_str()) && !plain.ends_with("url")
}

/// Whether a parameter of a type of authentication is one. Of a type that is not known, each is.
pub(super) fn is_secret_of(kind: &str, key: &str) -> bool {
    match kind.parse::<AuthType>() {
        Ok(kind) if kind.keys().next().is_some() => kind.is_secret(key),
        Ok(_) => is_secret(key),
        Err(_) => true,
    }
}
