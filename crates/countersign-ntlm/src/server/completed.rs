//! [`Completed`].

use countersign_core::Result;
use countersign_core::verify::Answer;
use http::header::WWW_AUTHENTICATE;
use http::response;

use crate::carrier::Carrier;
use crate::message::MessageError;
use crate::spnego::{self, State};

/// The last token of a negotiation, which goes with the answer: RFC 4559, section 5.
pub(super) struct Completed(Vec<u8>);

impl Completed {
    pub(super) fn new(mic: Option<[u8; 16]>) -> Result<Self, MessageError> {
        spnego::response(Some(State::Completed), None, mic).map(Self)
    }
}

impl Answer for Completed {
    fn sign(self: Box<Self>, response: &mut response::Parts, _: &[u8]) -> Result<()> {
        let field = Carrier::Negotiate.field(&self.0)?;
        response.headers.append(WWW_AUTHENTICATE, field);
        Ok(())
    }
}
