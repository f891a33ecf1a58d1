//! The client.

mod builder;
mod explain;
mod settings;
mod sign;

use std::fmt;
use std::sync::Arc;

use countersign_core::canonical::form::is_readable;
use countersign_core::{Payload, Result, Sign, Touch};
use http::request;

pub use builder::{OAuth1Builder, Placement};
pub use explain::Explanation;
use settings::Settings;

use crate::credentials::Credentials;
use crate::method::SignatureMethod;

pub(crate) const NAME: &str = "oauth1";

/// Signs every request. Protocol parameters that the caller left in it are taken out. `Debug` shows no secret.
///
/// A form that is compressed, or whose encoding is broken (anything but visible ASCII in it), is not signed, as RFC 5849,
/// section 3.4.1.3.1, has it.
#[derive(Clone)]
pub struct OAuth1(Arc<Settings>);

impl OAuth1 {
    /// Signs in the header, by HMAC-SHA1 or RSA-SHA1.
    ///
    /// # Errors
    ///
    /// As for [`OAuth1Builder::build`].
    pub fn new(credentials: Credentials) -> Result<Self> {
        Self::builder(credentials).build()
    }

    /// Signs otherwise: see [`OAuth1Builder`].
    pub fn builder(credentials: Credentials) -> OAuth1Builder {
        OAuth1Builder::new(credentials)
    }
}

impl Sign for OAuth1 {
    fn name(&self) -> &'static str {
        NAME
    }

    /// PLAINTEXT sends the secrets themselves.
    fn reveals(&self) -> bool {
        self.0.method == SignatureMethod::Plaintext
    }

    fn reads_body(&self, request: &request::Parts) -> bool {
        is_readable(request) || self.hashes_body(request)
    }

    fn body_advice(&self) -> Option<&'static str> {
        self.0.body_hash.then_some("leave the body hash out")
    }

    fn touches(&self, part: Touch<'_>) -> bool {
        sign::touches(part)
    }

    fn sign(&self, request: &mut request::Parts, body: &mut Payload) -> Result<()> {
        self.sign_now(request, body)
    }
}

impl fmt::Debug for OAuth1 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuth1")
            .field("method", &self.0.method)
            .field("placement", &self.0.placement)
            .finish_non_exhaustive()
    }
}
