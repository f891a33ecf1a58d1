//! [`OAuth1VerifierBuilder`], how a server verifies.

use std::fmt;
use std::sync::Arc;

use countersign_core::challenge::{self, Param, WriteError};
use countersign_core::{Error, MemoryGuard, ReplayGuard, Result, Secret, Sources};
use http::uri::Scheme;

use super::consumer::Consumers;
use super::{OAuth1Verifier, Server};
use crate::message::SCHEME;
use crate::parameter::REALM;

/// Configures [`OAuth1Verifier`].
#[must_use]
pub struct OAuth1VerifierBuilder {
    realm: String,
    consumers: Arc<dyn Consumers>,
    scheme: Scheme,
    plaintext: bool,
    body_hash: bool,
    guard: Arc<dyn ReplayGuard>,
    sources: Sources,
}

impl OAuth1VerifierBuilder {
    pub(super) fn new(realm: String, consumers: Arc<dyn Consumers>) -> Self {
        Self {
            realm,
            consumers,
            scheme: Scheme::HTTPS,
            plaintext: false,
            body_hash: false,
            guard: Arc::new(MemoryGuard::default()),
            sources: Sources::default(),
        }
    }

    /// The scheme by which clients address the server, which is signed: `https` by default, also where a proxy in front
    /// ends TLS.
    pub fn scheme(self, scheme: Scheme) -> Self {
        Self { scheme, ..self }
    }

    /// Accepts PLAINTEXT from consumers that it is pinned for: over TLS alone, as the secrets are sent. Off by default.
    pub fn allow_plaintext(self, allow: bool) -> Self {
        Self {
            plaintext: allow,
            ..self
        }
    }

    /// Refuses requests whose body the signature does not cover, neither as a form nor by `oauth_body_hash`. Off by
    /// default, as RFC 5849 does not know that parameter; one that is there is always checked.
    pub fn require_body_hash(self, require: bool) -> Self {
        Self {
            body_hash: require,
            ..self
        }
    }

    /// Where used nonces are remembered: in this process's memory by default.
    pub fn replay_guard(self, guard: Arc<dyn ReplayGuard>) -> Self {
        Self { guard, ..self }
    }

    /// Takes time and randomness from elsewhere.
    pub fn sources(self, sources: Sources) -> Self {
        Self { sources, ..self }
    }

    /// The verifier.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for a control character in the realm,
    /// and for PLAINTEXT without `https`; [`ErrorKind::Random`](countersign_core::ErrorKind::Random) if there is no
    /// randomness.
    pub fn build(self) -> Result<OAuth1Verifier> {
        if self.plaintext && self.scheme != Scheme::HTTPS {
            return Err(Error::configuration(
                "PLAINTEXT sends the secrets: accept it over https only",
            ));
        }
        let realm = Param::quoted(REALM, &self.realm);
        let challenge = challenge::write(SCHEME, [&realm]).map_err(no_realm)?;
        Ok(OAuth1Verifier(Arc::new(Server {
            challenge,
            consumers: self.consumers,
            scheme: self.scheme,
            plaintext: self.plaintext,
            body_hash: self.body_hash,
            guard: self.guard,
            nobody: Secret::new(self.sources.bytes::<32>()?),
            sources: self.sources,
        })))
    }
}

fn no_realm(error: WriteError) -> Error {
    Error::configuration("the realm cannot be sent").with_source(error)
}

impl fmt::Debug for OAuth1VerifierBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuth1VerifierBuilder")
            .field("realm", &self.realm)
            .field("scheme", &self.scheme)
            .field("plaintext", &self.plaintext)
            .finish_non_exhaustive()
    }
}
