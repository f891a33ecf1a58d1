//! [`Head`], a request all of which is in order but, perhaps, its signature.

use countersign_core::Payload;
use countersign_core::canonical::form::is_readable;
use countersign_core::verify::Reason;
use http::request;
use subtle::ConstantTimeEq;

use super::Server;
use crate::form::Form;
use crate::message::{Claim, Claimed};
use crate::method::SignatureMethod;

/// How far a request's time may be from the server's, either way, in seconds.
pub(super) const WINDOW: u64 = 300;

/// A request whose claim is in order.
pub(super) struct Head<'a> {
    pub(super) claimed: Claimed,
    pub(super) method: SignatureMethod,
    pub(super) form: &'a str,
}

impl Server {
    pub(super) fn needs_body(&self, request: &request::Parts) -> bool {
        let form = is_readable(request);
        match Claimed::read(request, "") {
            Err(_) => false,
            Ok(None) => form,
            Ok(Some(claimed)) => {
                let hashed = self.body_hash || claimed.claim.body_hash.is_some();
                self.admits(&claimed.claim).is_ok() && (form || hashed)
            }
        }
    }

    /// The method of a claim, if nothing but its signature and the body may still be wrong.
    fn admits(&self, claim: &Claim) -> Result<SignatureMethod, Reason> {
        let method = SignatureMethod::on_the_wire(&claim.method).ok_or(Reason::Malformed)?;
        let plain = method == SignatureMethod::Plaintext;
        if plain && !self.plaintext {
            return Err(Reason::Rejected);
        }
        match (claim.timestamp, &claim.nonce) {
            (Some(time), Some(_)) => check_window(self.sources.unix_time(), time)?,
            // PLAINTEXT has no use for them: RFC 5849, section 3.1.
            (None, None) if plain => {}
            _ => return Err(Reason::Malformed),
        }
        Ok(method)
    }

    /// Whether the body is what `oauth_body_hash` says.
    fn check_body(&self, head: &Head<'_>, form: Form<'_>, body: &[u8]) -> Result<(), Reason> {
        let said = head.claimed.claim.body_hash.as_deref();
        match (said, form, head.method.hash()) {
            (Some(said), Form::None, Some(hash)) => {
                let equal = hash.of_body(body).as_slice().ct_eq(said.as_bytes());
                bool::from(equal).then_some(()).ok_or(Reason::Rejected)
            }
            (Some(_), ..) => Err(Reason::Malformed),
            (None, Form::None, _) if self.body_hash => Err(Reason::Rejected),
            (None, ..) => Ok(()),
        }
    }
}

pub(super) fn check_window(now: u64, time: u64) -> Result<(), Reason> {
    match now.abs_diff(time) <= WINDOW {
        true => Ok(()),
        false => Err(Reason::Rejected),
    }
}

impl<'a> Head<'a> {
    pub(super) fn read(
        server: &Server,
        request: &request::Parts,
        body: &'a Payload,
    ) -> Result<Self, Reason> {
        let bytes = match server.needs_body(request) {
            true => body.bytes().ok_or(Reason::Unavailable)?,
            false => &[],
        };
        let form = Form::of(request, bytes);
        // A handler might read what the signature leaves out.
        if form == Form::Broken {
            return Err(Reason::Malformed);
        }
        let claimed = Claimed::read(request, form.pairs())?.ok_or(Reason::Missing)?;
        let method = server.admits(&claimed.claim)?;
        let head = Self {
            claimed,
            method,
            form: form.pairs(),
        };
        server.check_body(&head, form, bytes)?;
        Ok(head)
    }
}
