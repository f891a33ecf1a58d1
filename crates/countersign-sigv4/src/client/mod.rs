//! The client.

mod earlier;
mod explain;
mod identity;
mod managed;
mod provider;
mod settings;
mod sign;
mod skew;

use std::fmt;
use std::sync::Arc;

use countersign_core::{Payload, Result, Sign};
use http::request;

pub use explain::Explanation;
use identity::Identity;
pub use managed::{ManagedSigV4, SigV4Exchange};
pub use provider::CredentialsProvider;
use settings::Settings;
pub use settings::{ContentSha256, SigV4Builder};
pub(crate) use settings::{MAX_EXPIRES, default_path};

use crate::credentials::Credentials;
use crate::payload::X_AMZ_CONTENT_SHA256;

pub(crate) const NAME: &str = "sigv4";

/// Signs every request with one access key. Cloning it shares the key of the day. `Debug` shows no secret.
#[derive(Clone)]
pub struct SigV4 {
    settings: Arc<Settings>,
    identity: Arc<Identity>,
}

impl SigV4 {
    /// Signs in the `Authorization` header, for one region and service.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for a region or service that cannot
    /// be sent.
    pub fn new(credentials: Credentials, region: &str, service: &str) -> Result<Self> {
        Self::builder(region, service).credentials(credentials)
    }

    /// Signs otherwise: see [`SigV4Builder`].
    pub fn builder(region: &str, service: &str) -> SigV4Builder {
        SigV4Builder::new(region, service)
    }

    /// Corrects the client's clock by the server's: a request that is refused over TLS while the server's `Date` is more
    /// than five minutes away is signed once more by the server's time, and so are all later ones to that origin. Up to
    /// 24 hours are corrected.
    pub fn correct_clock(self) -> ManagedSigV4 {
        ManagedSigV4::fixed(self).correct_clock()
    }

    /// Whether a field of this name is signed.
    #[cfg(test)]
    pub(crate) fn signs(&self, name: &str) -> bool {
        self.settings.signs(name)
    }

    fn of(settings: Arc<Settings>, identity: Arc<Identity>) -> Self {
        Self { settings, identity }
    }
}

impl Sign for SigV4 {
    fn name(&self) -> &'static str {
        NAME
    }

    /// A presigned URL can be used by whoever reads it.
    fn reveals(&self) -> bool {
        self.settings.more.presigned.is_some()
    }

    fn reads_body(&self, request: &request::Parts) -> bool {
        let settings = &self.settings;
        let streams = settings.leaves_payload() || settings.more.chunked.is_some();
        !streams && !request.headers.contains_key(X_AMZ_CONTENT_SHA256)
    }

    fn sign(&self, request: &mut request::Parts, body: &mut Payload) -> Result<()> {
        self.sign_at(request, body, self.settings.more.sources.unix_time())
    }
}

impl fmt::Debug for SigV4 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigV4")
            .field("credentials", &self.identity.credentials)
            .field("region", &self.settings.scope.region)
            .field("service", &self.settings.scope.service)
            .finish_non_exhaustive()
    }
}
