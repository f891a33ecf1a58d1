//! Which pairs of a query or a form are secret.

use std::borrow::Cow;

use countersign::Secret;
use countersign::canonical::percent::{Plus, decode};
use countersign::canonical::query::{RawPair, pairs};

use super::REDACTED;

/// What a scheme adds and that neither proves nor reveals anything.
const OPEN: &[&str] = &[
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-SignedHeaders",
    "oauth_body_hash",
    "oauth_callback",
    "oauth_consumer_key",
    "oauth_nonce",
    "oauth_signature_method",
    "oauth_timestamp",
    "oauth_version",
];

/// What lets in whoever has it, wherever it comes from.
const CREDENTIALS: &[&str] = &[
    "X-Amz-Security-Token",
    "X-Amz-Signature",
    "access_token",
    "bewit",
    "oauth_signature",
    "oauth_token",
    "oauth_verifier",
];

/// `text`, pairs between `&`, without the values that are secret by their name or that a scheme `added`.
pub(super) fn without_secrets(text: &str, added: &[String]) -> String {
    let shown = text.split('&').map(|piece| shown(piece, added));
    shown.collect::<Vec<_>>().join("&")
}

fn shown<'a>(piece: &'a str, added: &[String]) -> Cow<'a, str> {
    match pairs(piece).next().filter(|pair| is_secret(*pair, added)) {
        Some(pair) => format!("{}={REDACTED}", pair.name()).into(),
        None => piece.into(),
    }
}

fn is_secret(pair: RawPair<'_>, added: &[String]) -> bool {
    let is_added = || added.iter().any(|one| one == pair.as_str());
    pair.value().is_some() && (names_credentials(pair) || (is_added() && !is_open(pair)))
}

fn names_credentials(pair: RawPair<'_>) -> bool {
    CREDENTIALS.iter().any(|name| pair.is_named(name))
}

fn is_open(pair: RawPair<'_>) -> bool {
    OPEN.iter().any(|name| pair.is_named(name))
}

/// The secret values in `text`.
pub(super) fn secrets(text: &str, added: &[String]) -> Vec<Secret> {
    let secret = pairs(text).filter(|pair| is_secret(*pair, added));
    secret
        .filter_map(|pair| pair.value())
        .map(decoded)
        .collect()
}

/// A value as it is behind its percent-encoding, in which it is found as well.
pub(super) fn decoded(value: impl AsRef<[u8]>) -> Secret {
    let value = value.as_ref();
    Secret::new(decode(value, Plus::Literal).unwrap_or(value.into()))
}
