//! The names of the protocol parameters, and their encoding.

use std::borrow::Cow;

use countersign_core::canonical::percent::{self, UNRESERVED};

pub(crate) const CONSUMER_KEY: &str = "oauth_consumer_key";
pub(crate) const TOKEN: &str = "oauth_token";
pub(crate) const TOKEN_SECRET: &str = "oauth_token_secret";
pub(crate) const SIGNATURE_METHOD: &str = "oauth_signature_method";
pub(crate) const TIMESTAMP: &str = "oauth_timestamp";
pub(crate) const NONCE: &str = "oauth_nonce";
pub(crate) const VERSION: &str = "oauth_version";
pub(crate) const BODY_HASH: &str = "oauth_body_hash";
pub(crate) const CALLBACK: &str = "oauth_callback";
pub(crate) const CALLBACK_CONFIRMED: &str = "oauth_callback_confirmed";
pub(crate) const VERIFIER: &str = "oauth_verifier";
pub(crate) const SIGNATURE: &str = "oauth_signature";
pub(crate) const REALM: &str = "realm";

/// What may stand in a request once, and in one place (RFC 5849, sections 3.1 and 3.5).
pub(crate) const PROTOCOL: [&str; 10] = [
    CONSUMER_KEY,
    TOKEN,
    SIGNATURE_METHOD,
    TIMESTAMP,
    NONCE,
    VERSION,
    BODY_HASH,
    CALLBACK,
    VERIFIER,
    SIGNATURE,
];

/// Encoded as RFC 5849, section 3.6, has it.
pub(crate) fn encoded(text: &str) -> Cow<'_, str> {
    percent::encoded(text.as_bytes(), UNRESERVED)
}

/// Whether a decoded name is that of a protocol parameter.
pub(crate) fn is_protocol(name: &[u8]) -> bool {
    name.starts_with(b"oauth_") && PROTOCOL.iter().any(|known| known.as_bytes() == name)
}
