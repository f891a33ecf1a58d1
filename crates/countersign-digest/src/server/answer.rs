//! [`Proof`], what a server adds to its answer: RFC 7616, section 3.5.

use countersign_core::challenge::{Param, write_params};
use countersign_core::verify::Answer;
use countersign_core::{Error, Result};
use http::response;

use crate::calculation::{Count, Keyed, ha2};
use crate::hash::Function;
use crate::message::{AUTHENTICATION_INFO, Qop};

/// Proves that the server knows the password too.
pub(super) struct Proof {
    pub(super) function: Function,
    pub(super) keyed: Keyed,
    pub(super) uri: Vec<u8>,
    pub(super) qop: Option<Qop>,
    pub(super) nc: [u8; 8],
    pub(super) cnonce: Vec<u8>,
    pub(super) nextnonce: Option<String>,
}

impl Answer for Proof {
    fn reads_body(&self, _: &response::Parts) -> bool {
        self.qop == Some(Qop::AuthInt)
    }

    fn sign(self: Box<Self>, response: &mut response::Parts, body: &[u8]) -> Result<()> {
        let body = (self.qop == Some(Qop::AuthInt)).then_some(body);
        let ha2 = ha2(self.function, "", &self.uri, body);
        let count = self.qop.map(|qop| Count {
            nc: self.nc,
            cnonce: &self.cnonce,
            qop,
        });
        let rspauth = self.keyed.response(count, &ha2);
        let params = [
            Some(Param::quoted("rspauth", &*rspauth)),
            self.qop.map(|qop| Param::token("qop", qop.name())),
            self.qop.map(|_| Param::token("nc", &self.nc)),
            self.qop.map(|_| Param::quoted("cnonce", &self.cnonce)),
            self.nextnonce
                .as_ref()
                .map(|nonce| Param::quoted("nextnonce", nonce)),
        ];
        let value = write_params(params.iter().flatten()).map_err(|error| {
            Error::configuration("the answer's proof cannot be sent").with_source(error)
        })?;
        response.headers.append(&AUTHENTICATION_INFO, value);
        Ok(())
    }
}
