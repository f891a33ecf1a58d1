//! `Server-Authorization`: section "Response Payload Validation" of the specification.

use std::borrow::Cow;

use countersign_core::Result;
use http::HeaderValue;
use http::header::HeaderName;

use super::attributes::{escaped, ext, optional, plain, read};
use super::authorization::header;

pub(crate) const SERVER_AUTHORIZATION: HeaderName = HeaderName::from_static("server-authorization");

/// The proof in an answer.
pub(crate) struct ServerAuthorization<'a> {
    pub(crate) mac: &'a str,
    pub(crate) hash: Option<&'a str>,
    pub(crate) ext: Option<Cow<'a, str>>,
}

impl<'a> ServerAuthorization<'a> {
    pub(crate) fn read(value: &'a HeaderValue) -> Option<Self> {
        let [mac, hash, ext_raw] = read(value, ["mac", "hash", "ext"])?;
        Some(Self {
            mac: plain(mac?)?,
            hash: optional(hash)?,
            ext: ext(ext_raw)?,
        })
    }

    pub(crate) fn write(&self) -> Result<HeaderValue> {
        let ext = self.ext.as_deref().map(escaped);
        header([
            ("Hawk mac=\"", Some(self.mac.as_bytes())),
            ("\", hash=\"", self.hash.map(str::as_bytes)),
            ("\", ext=\"", ext.as_deref().map(str::as_bytes)),
        ])
    }
}
