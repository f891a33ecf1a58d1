//! [`Jws`], a token in compact form: RFC 7515 section 7.1.

use super::base64url;
use crate::algorithm::Algorithm;
use crate::json::Members;

/// A token whose form is right. Nothing is known of its signature.
pub(crate) struct Jws<'a> {
    pub(crate) algorithm: Algorithm,
    pub(crate) key_id: Option<String>,
    pub(crate) kind: Option<String>,
    /// What is signed: the encoded header, a dot, the encoded payload.
    pub(crate) input: &'a str,
    pub(crate) payload: Vec<u8>,
    pub(crate) signature: Vec<u8>,
}

impl<'a> Jws<'a> {
    /// Reads it; `None` for another number of parts than three, a part that is not base64url, a header that is no
    /// object or names a member twice, an algorithm that is unknown (`none` is), a `kid` or `typ` that is no text, and
    /// any critical extension, as none is understood here (RFC 7515 section 4.1.11).
    pub(crate) fn read(token: &'a str) -> Option<Self> {
        let (input, signature) = token.rsplit_once('.')?;
        let (header, payload) = input.split_once('.')?;
        let header = Members::read(&base64url::decode(header)?)?;
        if header.get("crit").is_some() {
            return None;
        }
        Some(Self {
            algorithm: header.text("alg")?.parse().ok()?,
            key_id: optional(&header, "kid")?,
            kind: optional(&header, "typ")?,
            input,
            payload: base64url::decode(payload)?,
            signature: base64url::decode(signature)?,
        })
    }
}

/// A member that is text where it is there; the outer `None` if it is something else.
fn optional(header: &Members, name: &str) -> Option<Option<String>> {
    match header.get(name) {
        None => Some(None),
        Some(_) => header.text(name).map(Some),
    }
}
