//! [`VerifyLayer`] and [`VerifyService`].

use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use countersign_core::AuthBody;
use countersign_core::verify::{VerifiedBody, Verify};
use http::{Request, Response};
use http_body::Body;
use tower_layer::Layer;
use tower_service::Service;

use super::future::Verifying;

/// Demands what a verifier demands, and puts [`Verified`](crate::Verified) into the extensions of what it lets through.
///
/// A refused request is answered 401 with the challenges, 403, 400 (malformed), 413 (a body too large to verify), 431
/// or 503; the inner service does not see it, and the answer has the [`Refusal`](countersign_core::verify::Refusal) in its
/// extensions for layers above. Several schemes on one route:
/// [`any_of`](countersign_core::verify::any_of).
///
/// The inner service reads a [`VerifiedBody`]. Where a scheme verifies the body while it streams, a wrong chunk or a
/// missing end is an error of that body, and the answer is 403 or 400, whatever the inner service answers to it.
#[derive(Debug)]
pub struct VerifyLayer<V> {
    verifier: Arc<V>,
    pub(super) max_body: usize,
    pub(super) linger: (usize, Duration),
    pub(super) allow_preflight: bool,
}

impl<V: Verify> VerifyLayer<V> {
    /// A layer that asks `verifier`.
    pub fn new(verifier: V) -> Self {
        Self {
            verifier: Arc::new(verifier),
            max_body: 1 << 20,
            linger: (1 << 20, Duration::from_secs(1)),
            allow_preflight: false,
        }
    }

    /// How many bytes of a body are held in memory where the verifier needs it, or where an answer is signed over its
    /// body. 1 MiB by default.
    #[must_use]
    pub fn max_body(self, bytes: usize) -> Self {
        Self {
            max_body: bytes,
            ..self
        }
    }

    /// How much of a refused request's body is read away before the answer, in bytes and time; 1 MiB and one second by
    /// default. A connection that is closed while its client still sends is reset, and the client may then never see
    /// why it was refused (RFC 9112 section 9.6). A client that waits for `100 Continue` is answered at once.
    #[must_use]
    pub fn linger(self, bytes: usize, time: Duration) -> Self {
        Self {
            linger: (bytes, time),
            ..self
        }
    }

    /// Lets CORS preflight requests pass, which browsers send without credentials. Off by default; the inner service
    /// must then be safe for an unverified `OPTIONS`.
    #[must_use]
    pub fn allow_preflight(self, allow: bool) -> Self {
        Self {
            allow_preflight: allow,
            ..self
        }
    }

    pub(super) fn verifier(&self) -> &V {
        &self.verifier
    }
}

impl<V> Clone for VerifyLayer<V> {
    fn clone(&self) -> Self {
        Self {
            verifier: Arc::clone(&self.verifier),
            ..*self
        }
    }
}

impl<V, C> Layer<C> for VerifyLayer<V> {
    type Service = VerifyService<V, C>;

    fn layer(&self, inner: C) -> VerifyService<V, C> {
        VerifyService {
            layer: self.clone(),
            inner,
        }
    }
}

/// A service that only verified requests reach. See [`VerifyLayer`].
#[derive(Debug)]
pub struct VerifyService<V, C> {
    layer: VerifyLayer<V>,
    inner: C,
}

impl<V, C: Clone> Clone for VerifyService<V, C> {
    fn clone(&self) -> Self {
        Self {
            layer: self.layer.clone(),
            inner: self.inner.clone(),
        }
    }
}

impl<V, C, B, R> Service<Request<B>> for VerifyService<V, C>
where
    V: Verify,
    C: Service<Request<VerifiedBody<B>>, Response = Response<R>> + Clone,
    B: Body + Unpin,
    R: Body + Unpin,
{
    type Response = Response<AuthBody<R>>;
    type Error = C::Error;
    type Future = Verifying<V, B, C, R>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), C::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let unready = self.inner.clone();
        let ready = std::mem::replace(&mut self.inner, unready);
        Verifying::new(self.layer.clone(), request, ready)
    }
}
