//! The server: finds the one token of a request, verifies it, checks its claims.

mod asap;
mod builder;
mod claims;
mod judge;
mod jwks;
mod keys;
mod remote;
mod rules;

use std::fmt;
use std::sync::Arc;

use countersign_core::verify::{Verdict, Verify};
use countersign_core::{Begin, Payload};
use http::request;

pub use asap::{AsapVerifier, AsapVerifierBuilder};
pub use builder::JwtVerifierBuilder;
pub use claims::Claims;
use judge::Judge;
pub use keys::{KeySet, Keys};
pub use remote::RemoteKeys;

/// Demands a JSON Web Token: RFC 7519, as RFC 8725 advises.
///
/// A token is accepted if a key of the server verifies it, by the one algorithm that this key is for, and if its claims
/// are right. `exp` is demanded unless that is switched off. A token that names an audience (`aud`) is refused unless
/// the server is told that it is meant. Keys, addresses and certificates in the token itself are never looked at.
#[derive(Clone)]
pub struct JwtVerifier(Arc<Judge>);

impl JwtVerifier {
    /// A verifier whose challenges name `realm`, with one key, a [`KeySet`], [`RemoteKeys`], or [`Keys`] of your own.
    pub fn builder(realm: impl Into<String>, keys: impl Keys) -> JwtVerifierBuilder {
        JwtVerifierBuilder::new(realm.into(), Arc::new(keys))
    }
}

impl Verify for JwtVerifier {
    type Principal = Claims;

    fn verify(&self, request: &request::Parts, body: &Payload) -> Begin<Verdict<Claims>> {
        Arc::clone(&self.0).judge(request, body)
    }
}

impl fmt::Debug for JwtVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.debug(&mut f.debug_struct("JwtVerifier"))
    }
}
