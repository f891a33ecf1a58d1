//! [`EdgeGridVerifierBuilder`], what a verifier accepts.

use std::fmt;
use std::sync::Arc;

use countersign_core::{Error, MemoryGuard, ReplayGuard, Result, Secret, Sources};
use http::header::HeaderName;
use http::uri::Scheme;

use super::tokens::Tokens;
use super::{EdgeGridVerifier, Server};
use crate::calculation::MAX_BODY;
use crate::client::header_names;
use crate::credentials::Credentials;
use crate::host;

/// Configures [`EdgeGridVerifier`].
#[must_use]
pub struct EdgeGridVerifierBuilder {
    tokens: Arc<dyn Tokens>,
    signed: Vec<HeaderName>,
    max_body: usize,
    scheme: Scheme,
    host: Option<Box<str>>,
    uncovered: bool,
    guard: Option<Arc<dyn ReplayGuard>>,
    sources: Sources,
}

impl EdgeGridVerifierBuilder {
    pub(super) fn new(tokens: Arc<dyn Tokens>) -> Self {
        Self {
            tokens,
            signed: Vec::new(),
            max_body: MAX_BODY,
            scheme: Scheme::HTTPS,
            host: None,
            uncovered: false,
            guard: None,
            sources: Sources::default(),
        }
    }

    /// The names of the headers that clients sign where they are there, in the order in which they sign them. None by
    /// default.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for a name that is none.
    pub fn headers_to_sign<'a>(self, names: impl IntoIterator<Item = &'a str>) -> Result<Self> {
        Ok(Self {
            signed: header_names(names)?,
            ..self
        })
    }

    /// How many bytes of a POST's body clients sign. 131072 by default.
    pub fn max_body(self, bytes: usize) -> Self {
        Self {
            max_body: bytes,
            ..self
        }
    }

    /// Accepts bodies as Akamai does: those of other methods than POST, and what lies behind the first
    /// [`max_body`](Self::max_body) bytes, can be changed on their way. Off by default.
    pub fn allow_uncovered_bodies(self, allow: bool) -> Self {
        Self {
            uncovered: allow,
            ..self
        }
    }

    /// The scheme by which clients address the server, which is signed: `https` by default, also where a proxy in front
    /// ends TLS.
    pub fn scheme(self, scheme: Scheme) -> Self {
        Self { scheme, ..self }
    }

    /// The host that clients sign, whatever a request says: a base URL, or the host in it. By default that of the
    /// request's `Host`: then a server that answers to several names accepts a request for each of them under any.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) if it has no host.
    pub fn base_url(self, url: &str) -> Result<Self> {
        let host = host::of_base(url).ok_or_else(|| {
            Error::configuration(
                "the EdgeGrid base URL has no host: write it as host or https://host",
            )
        })?;
        Ok(Self {
            host: Some(host.into()),
            ..self
        })
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
    /// [`ErrorKind::Random`](countersign_core::ErrorKind::Random) if there is no randomness.
    pub fn build(self) -> Result<EdgeGridVerifier> {
        let nobody = Secret::new(self.sources.bytes::<32>()?);
        Ok(EdgeGridVerifier(Arc::new(Server {
            tokens: self.tokens,
            signed: self.signed,
            max_body: self.max_body,
            scheme: self.scheme,
            host: self.host,
            uncovered: self.uncovered,
            guard: self
                .guard
                .unwrap_or_else(|| Arc::new(MemoryGuard::default())),
            sources: self.sources,
            nobody: Credentials::new("nobody", nobody, "nobody")?,
        })))
    }
}

impl fmt::Debug for EdgeGridVerifierBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EdgeGridVerifierBuilder")
            .field("headers_to_sign", &self.signed)
            .field("max_body", &self.max_body)
            .finish_non_exhaustive()
    }
}
