//! The `Authorization` header.

use countersign_core::verify::{Reason, authorization};
use http::header::AUTHORIZATION;
use http::{HeaderValue, request};

use crate::credentials::is_token;
use crate::key::Base64;
use crate::time::Timestamp;

/// The algorithm, which is also the name of the scheme on the wire.
pub(crate) const ALGORITHM: &str = "EG1-HMAC-SHA256";

const SIGNATURE: &str = "signature=";
const SIGNATURE_LEN: usize = 44;

/// The header up to the nonce, which is that of a whole second.
pub(crate) fn begun(client_token: &str, access_token: &str, time: &str) -> Vec<u8> {
    let parts = [
        ALGORITHM,
        " client_token=",
        client_token,
        ";access_token=",
        access_token,
        ";timestamp=",
        time,
        ";nonce=",
    ];
    parts.concat().into_bytes()
}

/// The header up to the signature, with room for that.
pub(crate) fn unsigned(begun: &[u8], nonce: &[u8]) -> Vec<u8> {
    let len = begun.len() + nonce.len() + 1 + SIGNATURE.len() + SIGNATURE_LEN;
    let mut line = Vec::with_capacity(len);
    line.extend_from_slice(begun);
    line.extend_from_slice(nonce);
    line.push(b';');
    line
}

/// The whole header.
pub(crate) fn signed(mut line: Vec<u8>, signature: &Base64) -> Vec<u8> {
    line.extend_from_slice(SIGNATURE.as_bytes());
    line.extend_from_slice(signature.as_bytes());
    line
}

/// What a request says of itself.
pub(crate) struct Authorization<'a> {
    pub(crate) client_token: &'a str,
    pub(crate) access_token: &'a str,
    pub(crate) time: Timestamp,
    pub(crate) nonce: &'a str,
    pub(crate) signature: &'a str,
    /// The header up to the signature, which covers it as it stands.
    pub(crate) unsigned: &'a str,
}

impl<'a> Authorization<'a> {
    /// # Errors
    ///
    /// [`Reason::Missing`] if there is none, [`Reason::Malformed`] if it breaks the syntax or names another algorithm.
    pub(crate) fn of(request: &'a request::Parts) -> Result<Self, Reason> {
        if let Some(value) = authorization(request, ALGORITHM)? {
            return Self::read(value).ok_or(Reason::Malformed);
        }
        let other = request.headers.get(AUTHORIZATION);
        let start = other.and_then(|value| value.as_bytes().get(..4));
        match start.is_some_and(|start| start.eq_ignore_ascii_case(b"EG1-")) {
            true => Err(Reason::Malformed),
            false => Err(Reason::Missing),
        }
    }

    /// Each field once, in the order in which the specification has them.
    fn read(value: &'a HeaderValue) -> Option<Self> {
        let line = value.to_str().ok()?;
        let (scheme, fields) = line.split_once(' ')?;
        let (fields, signature) = fields.split_at(fields.rfind(';')? + 1);
        let mut fields = fields.strip_suffix(';')?.split(';');
        let mut field = |name: &str| {
            let value = fields.next()?.strip_prefix(name)?.strip_prefix('=')?;
            Some(value).filter(|value| is_token(value))
        };
        let authorization = Self {
            client_token: field("client_token")?,
            access_token: field("access_token")?,
            time: Timestamp::parse(field("timestamp")?)?,
            nonce: field("nonce")?,
            unsigned: &line[..line.len() - signature.len()],
            signature: signature
                .strip_prefix(SIGNATURE)
                .filter(|text| is_token(text))?,
        };
        (scheme == ALGORITHM && fields.next().is_none()).then_some(authorization)
    }
}
