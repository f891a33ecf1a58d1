//! `Authentication-Info`, RFC 7616, section 3.5, and RFC 7615.

use countersign_core::challenge::{Params, parse_params};
use http::HeaderMap;
use http::header::HeaderName;

use super::MAX_NONCE;

pub(crate) static AUTHENTICATION_INFO: HeaderName = HeaderName::from_static("authentication-info");

/// What a server adds to its answer.
pub(crate) struct Info<'a>(Params<'a>);

impl<'a> Info<'a> {
    /// `None` if there is no such field, there are several, or it cannot be read.
    pub(crate) fn read(headers: &'a HeaderMap) -> Option<Self> {
        let mut fields = headers.get_all(&AUTHENTICATION_INFO).iter();
        match (fields.next(), fields.next()) {
            (Some(field), None) => parse_params(field).ok().map(Self),
            _ => None,
        }
    }

    pub(crate) fn rspauth(&self) -> Option<&[u8]> {
        self.0.get("rspauth")
    }

    /// The nonce to go on with; one that is empty or too long is none.
    pub(crate) fn nextnonce(&self) -> Option<&[u8]> {
        self.0
            .get("nextnonce")
            .filter(|nonce| (1..=MAX_NONCE).contains(&nonce.len()))
    }

    /// Whether a parameter, if it is there, has this value.
    pub(crate) fn agrees(&self, name: &str, value: &[u8]) -> bool {
        self.0.get(name).is_none_or(|given| given == value)
    }
}
