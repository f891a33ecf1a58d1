//! The challenges of RFC 6750 section 3.

use countersign_core::challenge::{self, Param, WriteError};
use countersign_core::verify::{Reason, Verdict};
use countersign_core::{Error, Result};
use http::HeaderValue;

/// The challenges of one verifier.
#[derive(Clone, Debug)]
pub(crate) struct Refusals {
    missing: HeaderValue,
    invalid_request: HeaderValue,
    invalid_token: HeaderValue,
}

impl Refusals {
    pub(crate) fn new(scheme: &str, realm: &str) -> Result<Self> {
        let with = |error: Option<&str>| {
            let params = [
                Some(Param::quoted("realm", realm)),
                error.map(|error| Param::quoted("error", error)),
            ];
            challenge::write(scheme, params.iter().flatten()).map_err(not_written)
        };
        Ok(Self {
            missing: with(None)?,
            invalid_request: with(Some("invalid_request"))?,
            invalid_token: with(Some("invalid_token"))?,
        })
    }

    /// Refuses a request: RFC 6750 section 3.1.
    pub(crate) fn refuse<P>(&self, reason: Reason) -> Verdict<P> {
        let challenge = match reason {
            Reason::Unavailable => return Verdict::refuse(reason),
            Reason::Missing => &self.missing,
            Reason::Rejected => &self.invalid_token,
            _ => &self.invalid_request,
        };
        Verdict::challenge(reason, [challenge.clone()])
    }
}

fn not_written(error: WriteError) -> Error {
    Error::configuration("the realm or the scheme of the challenge cannot be sent")
        .with_source(error)
}
