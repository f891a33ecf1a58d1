//! No authentication, on both sides of the wire.

use countersign_core::verify::{AnyVerifier, Verdict, Verify};
use countersign_core::{Begin, Payload, Result, Sign};
use http::request;

use super::{Auth, Options, Parameters};

const NAME: &str = "noauth";

/// Sends nothing, and lets everybody in.
#[derive(Clone, Copy, Debug)]
pub(super) struct NoAuth;

impl Sign for NoAuth {
    fn name(&self) -> &'static str {
        NAME
    }

    fn sign(&self, _: &mut request::Parts, _: &mut Payload) -> Result<()> {
        Ok(())
    }
}

impl Verify for NoAuth {
    type Principal = String;

    fn verify(&self, _: &request::Parts, _: &Payload) -> Begin<Verdict<String>> {
        Begin::ready(Verdict::accept(NAME, "anonymous".to_owned()))
    }
}

pub(super) fn client(_: &Parameters, _: &Options) -> Result<Auth> {
    Ok(Auth::none())
}

pub(super) fn server(_: &Parameters, _: &str, _: &Options) -> Result<AnyVerifier<String>> {
    Ok(AnyVerifier::new(NoAuth))
}
