//! [`Fetch`], how a scheme reaches an endpoint of its own.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};

use crate::begin::Begin;

/// Sends one request to an endpoint of a scheme's own (a token endpoint, a key set) and yields the whole answer.
///
/// It never follows a redirect, never goes through authentication, ends within [`FetchLimits::deadline`] and fails on
/// an answer larger than [`FetchLimits::max_body`]; an answer of any status is a success.
/// Its failures are [`ErrorKind::Fetch`](crate::ErrorKind::Fetch).
pub trait Fetch: Send + Sync + 'static {
    /// Sends `request`.
    fn fetch(&self, request: Request<Bytes>) -> Begin<Response<Bytes>>;
}

impl<F: Fetch + ?Sized> Fetch for Arc<F> {
    fn fetch(&self, request: Request<Bytes>) -> Begin<Response<Bytes>> {
        (**self).fetch(request)
    }
}

/// What a [`Fetch`] may cost.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct FetchLimits {
    /// The largest body accepted, in bytes after decoding. 1 MiB by default.
    pub max_body: usize,
    /// The time from the first byte sent to the last received. 30 seconds by default.
    pub deadline: Duration,
}

impl Default for FetchLimits {
    fn default() -> Self {
        Self {
            max_body: 1 << 20,
            deadline: Duration::from_secs(30),
        }
    }
}

impl FetchLimits {
    /// The same with another largest body, in bytes.
    #[must_use]
    pub fn max_body(self, max_body: usize) -> Self {
        Self { max_body, ..self }
    }

    /// The same with another deadline.
    #[must_use]
    pub fn deadline(self, deadline: Duration) -> Self {
        Self { deadline, ..self }
    }
}
