//! [`DigestVerifierBuilder`].

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use countersign_core::{Error, MemoryGuard, ReplayGuard, Result, Secret, Sources};

use super::nonce::Nonces;
use super::{Accounts, DigestVerifier, Server};
use crate::algorithm::Algorithm;
use crate::credentials::has_control;
use crate::message::Qop;

/// Makes a [`DigestVerifier`]; see [`DigestVerifier::builder`].
pub struct DigestVerifierBuilder {
    realm: String,
    accounts: Arc<dyn Accounts>,
    algorithms: Vec<Algorithm>,
    qops: Vec<Qop>,
    rfc2069: bool,
    userhash: bool,
    key: Option<Secret>,
    ttl: Duration,
    guard: Option<Arc<dyn ReplayGuard>>,
    sources: Sources,
}

impl DigestVerifierBuilder {
    pub(super) fn new(realm: String, accounts: Arc<dyn Accounts>) -> Self {
        Self {
            realm,
            accounts,
            algorithms: vec![Algorithm::Sha256, Algorithm::Md5],
            qops: vec![Qop::Auth],
            rfc2069: false,
            userhash: false,
            key: None,
            ttl: Duration::from_secs(300),
            guard: None,
            sources: Sources::default(),
        }
    }

    /// Offers these algorithms and accepts no other, the preferred one first. SHA-256 and MD5 by default.
    #[must_use]
    pub fn algorithms(self, algorithms: impl IntoIterator<Item = Algorithm>) -> Self {
        Self {
            algorithms: algorithms.into_iter().collect(),
            ..self
        }
    }

    /// Offers these qualities of protection and accepts no other. [`Qop::Auth`] by default.
    #[must_use]
    pub fn qop(self, qops: impl IntoIterator<Item = Qop>) -> Self {
        Self {
            qops: qops.into_iter().collect(),
            ..self
        }
    }

    /// Accepts clients that know RFC 2069 only, and so no `qop`; then a nonce is good for one request. Off by
    /// default: such a response protects least.
    #[must_use]
    pub fn allow_rfc2069(self, allow: bool) -> Self {
        Self {
            rfc2069: allow,
            ..self
        }
    }

    /// Asks clients to hash the user's name (RFC 7616, section 3.4.4). The store has to find users by that hash. Off
    /// by default.
    #[must_use]
    pub fn userhash(self, userhash: bool) -> Self {
        Self { userhash, ..self }
    }

    /// The key of the nonces, at least 16 bytes. Processes that share it (and the guard) accept each other's nonces.
    /// Random by default.
    #[must_use]
    pub fn key(self, key: impl Into<Secret>) -> Self {
        Self {
            key: Some(key.into()),
            ..self
        }
    }

    /// How long a nonce is accepted, in whole seconds. 5 minutes by default.
    #[must_use]
    pub fn nonce_lifetime(self, lifetime: Duration) -> Self {
        Self {
            ttl: lifetime,
            ..self
        }
    }

    /// Where the used counts are kept. A [`MemoryGuard`] of its own by default.
    #[must_use]
    pub fn guard(self, guard: Arc<dyn ReplayGuard>) -> Self {
        Self {
            guard: Some(guard),
            ..self
        }
    }

    /// Takes time and randomness from elsewhere.
    #[must_use]
    pub fn sources(self, sources: Sources) -> Self {
        Self { sources, ..self }
    }

    /// The verifier.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for a realm with a control character,
    /// a short key, a lifetime below a second, or nothing on offer;
    /// [`ErrorKind::Random`](countersign_core::ErrorKind::Random) if a key cannot be made.
    pub fn build(self) -> Result<DigestVerifier> {
        self.check()?;
        let key = match self.key {
            Some(key) => key,
            None => Secret::new(self.sources.bytes::<32>()?),
        };
        let nobody = Secret::new(self.sources.bytes::<16>()?);
        Ok(DigestVerifier(Arc::new(Server {
            nonces: Nonces::new(&key, &self.realm, self.ttl.as_secs())?,
            realm: self.realm,
            accounts: self.accounts,
            algorithms: self.algorithms,
            auth: self.qops.contains(&Qop::Auth),
            auth_int: self.qops.contains(&Qop::AuthInt),
            rfc2069: self.rfc2069,
            userhash: self.userhash,
            guard: self
                .guard
                .unwrap_or_else(|| Arc::new(MemoryGuard::default())),
            sources: self.sources,
            nobody,
        })))
    }

    fn check(&self) -> Result<()> {
        let short = self.key.as_ref().is_some_and(|key| key.expose().len() < 16);
        let problem = if has_control(self.realm.as_bytes()) {
            "the Digest realm holds a control character: take it out"
        } else if self.algorithms.is_empty() || self.qops.is_empty() {
            "a Digest verifier has to offer an algorithm and a qop"
        } else if short {
            "the key of Digest nonces is shorter than 16 bytes: give 32 random ones"
        } else if self.ttl.as_secs() == 0 {
            "a Digest nonce has to live for a second at least"
        } else {
            return Ok(());
        };
        Err(Error::configuration(problem))
    }
}

impl fmt::Debug for DigestVerifierBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DigestVerifierBuilder")
            .field("realm", &self.realm)
            .field("algorithms", &self.algorithms)
            .field("qops", &self.qops)
            .finish_non_exhaustive()
    }
}
