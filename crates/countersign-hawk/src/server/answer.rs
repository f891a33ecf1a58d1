//! [`Proof`], what a server adds to its answer: section "Response Payload Validation" of the specification.

use countersign_core::verify::Answer;
use countersign_core::{Error, Result};
use http::response;

use crate::algorithm::{Base64, Keyed};
use crate::calculation::{Covered, Kind, Rest, content_type, payload_hash};
use crate::credentials::App;
use crate::message::{SERVER_AUTHORIZATION, ServerAuthorization};

/// Proves that the server knows the key too.
pub(super) struct Proof {
    pub(super) keyed: Keyed,
    pub(super) covered: Covered,
    pub(super) app: Option<App>,
    pub(super) ext: Option<Box<str>>,
    pub(super) body: bool,
}

impl Proof {
    fn hash(&self, response: &response::Parts, body: &[u8]) -> Result<Option<Base64>> {
        if !self.body {
            return Ok(None);
        }
        let content_type = content_type(&response.headers).ok_or_else(|| {
            Error::configuration("the answer has several Content-Type headers: the hash covers one")
        })?;
        Ok(Some(payload_hash(
            self.keyed.algorithm(),
            content_type,
            body,
        )))
    }
}

impl Answer for Proof {
    fn reads_body(&self, _: &response::Parts) -> bool {
        self.body
    }

    fn sign(self: Box<Self>, response: &mut response::Parts, body: &[u8]) -> Result<()> {
        let hash = self.hash(response, body)?;
        let rest = Rest {
            hash: hash.as_ref().map(Base64::as_str),
            ext: self.ext.as_deref(),
            app: self.app.as_ref(),
        };
        let value = ServerAuthorization {
            mac: self
                .covered
                .mac(&self.keyed, Kind::Response, &rest)
                .as_str(),
            hash: rest.hash,
            ext: rest.ext.map(Into::into),
        }
        .write()?;
        response.headers.insert(SERVER_AUTHORIZATION, value);
        Ok(())
    }
}
