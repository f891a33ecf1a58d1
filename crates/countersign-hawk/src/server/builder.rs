//! [`HawkVerifierBuilder`], what a verifier accepts.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use countersign_core::{Error, MemoryGuard, ReplayGuard, Result, Secret, Sources};

use super::keys::Keys;
use super::{HawkVerifier, PayloadRule, Server};
use crate::algorithm::Algorithm;
use crate::credentials::{AnswerProof, Credentials};
use crate::host::Host;
use crate::message::checked_ext;

/// Configures [`HawkVerifier`].
#[must_use]
pub struct HawkVerifierBuilder {
    keys: Arc<dyn Keys>,
    payload: PayloadRule,
    proof: AnswerProof,
    answer_ext: Option<Box<str>>,
    skew: u64,
    bewits: bool,
    host: Option<(String, u16)>,
    own_port: u16,
    guard: Option<Arc<dyn ReplayGuard>>,
    sources: Sources,
}

impl HawkVerifierBuilder {
    pub(super) fn new(keys: Arc<dyn Keys>) -> Self {
        Self {
            keys,
            payload: PayloadRule::default(),
            proof: AnswerProof::default(),
            answer_ext: None,
            skew: 60,
            bewits: false,
            host: None,
            own_port: 443,
            guard: None,
            sources: Sources::default(),
        }
    }

    /// Whether bodies have to be signed. [`PayloadRule::Required`] by default.
    pub fn payload(self, payload: PayloadRule) -> Self {
        Self { payload, ..self }
    }

    /// What answers to accepted requests prove. [`AnswerProof::None`] by default. Answers to a bewit prove nothing.
    pub fn prove_answers(self, proof: AnswerProof) -> Self {
        Self { proof, ..self }
    }

    /// The application's own data in the proofs, which they cover.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for anything but printable ASCII.
    pub fn answer_ext(self, ext: &str) -> Result<Self> {
        Ok(Self {
            answer_ext: checked_ext(ext)?,
            ..self
        })
    }

    /// How far a request's time may be from the server's, either way, in whole seconds. 60 by default.
    pub fn skew(self, skew: Duration) -> Self {
        Self {
            skew: skew.as_secs(),
            ..self
        }
    }

    /// Accepts URIs with a bewit too, as often as they are used until they expire. Off by default.
    pub fn allow_bewit(self, allow: bool) -> Self {
        Self {
            bewits: allow,
            ..self
        }
    }

    /// The host and port that clients address, whatever a request says. By default those of the request's `Host`: then a
    /// server that answers to several names accepts a request for each of them under any. Give it too where a proxy
    /// changes `Host`; `X-Forwarded-Host` is never read.
    pub fn host(self, name: &str, port: u16) -> Self {
        Self {
            host: Some((name.to_owned(), port)),
            ..self
        }
    }

    /// The port that clients mean where their `Host` names none. 443 by default; 80 where they come without TLS.
    pub fn default_port(self, port: u16) -> Self {
        Self {
            own_port: port,
            ..self
        }
    }

    /// Where used nonces are kept, until their time is refused. A [`MemoryGuard`] of its own by default.
    pub fn replay_guard(self, guard: Arc<dyn ReplayGuard>) -> Self {
        Self {
            guard: Some(guard),
            ..self
        }
    }

    /// Takes time and randomness from elsewhere.
    pub fn sources(self, sources: Sources) -> Self {
        Self { sources, ..self }
    }

    /// The verifier.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for a host that is none;
    /// [`ErrorKind::Random`](countersign_core::ErrorKind::Random) if there is no randomness.
    pub fn build(self) -> Result<HawkVerifier> {
        let is_name = |(name, port): &(String, u16)| {
            Host::read(name, Some(*port)).is_some_and(|host| host.port == *port)
        };
        if !self.host.as_ref().is_none_or(is_name) {
            return Err(Error::configuration(
                "the host of a Hawk verifier is no host name: give it without scheme and port",
            ));
        }
        let nobody = Secret::new(self.sources.bytes::<32>()?);
        Ok(HawkVerifier(Arc::new(Server {
            keys: self.keys,
            payload: self.payload,
            proof: self.proof,
            answer_ext: self.answer_ext,
            skew: self.skew,
            bewits: self.bewits,
            host: self.host.map(|(name, port)| (name.into(), port)),
            own_port: self.own_port,
            guard: self
                .guard
                .unwrap_or_else(|| Arc::new(MemoryGuard::default())),
            sources: self.sources,
            nobody: Credentials::new("nobody", nobody, Algorithm::Sha256)?,
        })))
    }
}

impl fmt::Debug for HawkVerifierBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HawkVerifierBuilder")
            .field("payload", &self.payload)
            .field("proof", &self.proof)
            .field("skew", &self.skew)
            .finish_non_exhaustive()
    }
}
