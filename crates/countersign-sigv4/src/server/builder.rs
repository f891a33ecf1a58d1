//! [`SigV4VerifierBuilder`], what a verifier accepts.

use std::fmt;
use std::sync::Arc;

use countersign_core::{ReplayGuard, Result, Secret, Sources};

use super::keys::AccessKeys;
use super::{Server, SigV4Verifier};
use crate::canonical::PathStyle;
use crate::client::default_path;
use crate::scope::Scope;

/// Configures [`SigV4Verifier`].
#[must_use]
pub struct SigV4VerifierBuilder {
    region: String,
    service: String,
    keys: Arc<dyn AccessKeys>,
    path: Option<PathStyle>,
    unsigned_payload: bool,
    presigned: bool,
    chunked: Option<bool>,
    max_chunk: usize,
    guard: Option<Arc<dyn ReplayGuard>>,
    sources: Sources,
}

impl SigV4VerifierBuilder {
    pub(super) fn new(region: &str, service: &str, keys: Arc<dyn AccessKeys>) -> Self {
        Self {
            region: region.to_owned(),
            service: service.to_owned(),
            keys,
            path: None,
            unsigned_payload: false,
            presigned: false,
            chunked: None,
            max_chunk: 1 << 20,
            guard: None,
            sources: Sources::default(),
        }
    }

    /// How the path is read: [`PathStyle::AsSent`] for S3 and [`PathStyle::Normalized`] for all others by default.
    ///
    /// Where paths are normalized, `/a/../b` and `/b` have one signature: normalize before you route, too.
    /// Where they are encoded once, `/a%2Fb` and `/a/b` have one: decode before you route.
    pub fn path_style(self, style: PathStyle) -> Self {
        Self {
            path: Some(style),
            ..self
        }
    }

    /// Accepts `UNSIGNED-PAYLOAD`: bodies that the signature does not cover. Off by default.
    pub fn allow_unsigned_payload(self, allow: bool) -> Self {
        Self {
            unsigned_payload: allow,
            ..self
        }
    }

    /// Accepts presigned URLs too; for S3 their bodies are not signed. Off by default: then one is refused with 403, and
    /// the [`advice`](countersign_core::verify::Refusal::advice) of the refusal, which the layer logs, names this setting.
    pub fn allow_presigned(self, allow: bool) -> Self {
        Self {
            presigned: allow,
            ..self
        }
    }

    /// Accepts bodies in signed chunks, which are verified while they stream; a verdict on one has to be carried out
    /// with its [`Decode`](countersign_core::verify::Decode), as `VerifyLayer` does. On for S3 and off for all others by
    /// default. Chunks that are not signed need [`allow_unsigned_payload`](Self::allow_unsigned_payload) as well.
    pub fn allow_chunked(self, allow: bool) -> Self {
        Self {
            chunked: Some(allow),
            ..self
        }
    }

    /// How many bytes a signed chunk may have; so much is held in memory. 1 MiB by default.
    pub fn max_chunk(self, bytes: usize) -> Self {
        Self {
            max_chunk: bytes,
            ..self
        }
    }

    /// Accepts each signature once. SigV4 has no nonce, so two equal requests of one second have one signature, and a
    /// presigned URL becomes good for one request. Off by default: then a signature is good for 15 minutes, or as long
    /// as its presigned URL.
    pub fn replay_guard(self, guard: Arc<dyn ReplayGuard>) -> Self {
        Self {
            guard: Some(guard),
            ..self
        }
    }

    /// Takes the time from elsewhere.
    pub fn sources(self, sources: Sources) -> Self {
        Self { sources, ..self }
    }

    /// The verifier.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for a region or service that cannot
    /// be sent; [`ErrorKind::Random`](countersign_core::ErrorKind::Random) if there is no randomness.
    pub fn build(self) -> Result<SigV4Verifier> {
        let scope = Scope::new(&self.region, &self.service)?;
        let s3 = scope.is_s3();
        Ok(SigV4Verifier(Arc::new(Server {
            path: self.path.unwrap_or(default_path(s3)),
            scope,
            keys: self.keys,
            unsigned_payload: self.unsigned_payload,
            presigned: self.presigned,
            chunked: self.chunked.unwrap_or(s3),
            max_chunk: self.max_chunk,
            guard: self.guard,
            nobody: Secret::new(self.sources.bytes::<40>()?),
            sources: self.sources,
        })))
    }
}

impl fmt::Debug for SigV4VerifierBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigV4VerifierBuilder")
            .field("region", &self.region)
            .field("service", &self.service)
            .finish_non_exhaustive()
    }
}
