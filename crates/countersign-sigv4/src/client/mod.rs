//! The client.

mod chunks;
mod diagnosis;
mod earlier;
mod explain;
mod identity;
mod inferred;
mod managed;
mod provider;
mod seal;
mod settings;
mod sign;
mod skew;
mod target;

use std::fmt;
use std::sync::Arc;

use countersign_core::{Payload, Result, Sign, Touch};
use http::request;

pub use diagnosis::{Diagnosis, Parting};
pub use explain::Explanation;
use identity::Identity;
pub use managed::{ManagedSigV4, SigV4Exchange};
pub use provider::CredentialsProvider;
use settings::Settings;
pub use settings::{ContentSha256, SigV4Builder};
pub(crate) use settings::{MAX_EXPIRES, default_path};
use sign::{Occasion, WITHOUT_BODY};

use crate::credentials::Credentials;
use crate::endpoint::Endpoint;
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
        SigV4Builder::new(Some(Endpoint {
            region: region.to_owned(),
            service: service.to_owned(),
        }))
    }

    /// Signs each request for the region and the service that its host stands for, by the rules of [`Endpoint::of`]; one
    /// that stands for none is an error, and nothing is sent.
    ///
    /// ```
    /// use countersign_sigv4::{Credentials, SigV4};
    ///
    /// let key = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")?;
    /// let aws = SigV4::infer_from_host().provider(key)?;
    /// # Ok::<(), countersign_core::Error>(())
    /// ```
    pub fn infer_from_host() -> SigV4Builder {
        SigV4Builder::new(None)
    }

    /// Corrects the client's clock by the server's: a request that is refused over TLS while the server's `Date` is more
    /// than five minutes away is signed once more by the server's time, and so are all later ones to that origin. Up to
    /// 24 hours are corrected.
    pub fn correct_clock(self) -> ManagedSigV4 {
        ManagedSigV4::fixed(self).correct_clock()
    }

    /// Looks at what a service says of a signature that it refuses, and tells where that parts from ours: a
    /// [`Diagnosis`] in the extensions of the answer, and a warning in the log. The answer is the caller's as it came.
    ///
    /// What was signed is kept until the answer is there, and a refusal's body is read into memory, up to the driver's
    /// limit.
    pub fn diagnose_refusals(self) -> ManagedSigV4 {
        ManagedSigV4::fixed(self).diagnose_refusals()
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

    fn body_advice(&self) -> Option<&'static str> {
        Some(WITHOUT_BODY)
    }

    fn touches(&self, part: Touch<'_>) -> bool {
        earlier::touches(part, self.settings.more.chunked.is_some())
    }

    fn sign(&self, request: &mut request::Parts, body: &mut Payload) -> Result<()> {
        let occasion = Occasion {
            unix: self.settings.more.sources.unix_time(),
            base: None,
        };
        self.sign_at(request, body, occasion, None)
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
