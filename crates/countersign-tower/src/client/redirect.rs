//! [`RedirectLayer`] and [`Redirect`].

use std::task::{Context, Poll};

use countersign_core::redirect::{Follow, Policy};
use countersign_core::{AuthBody, Failure};
use http::{Request, Response};
use http_body::Body;
use tower_layer::Layer;
use tower_service::Service;

use super::transport::ServiceTransport;

/// Follows redirects above authentication: a hop on the same origin is signed anew, and nothing that a scheme added
/// reaches any other.
#[derive(Clone, Debug, Default)]
pub struct RedirectLayer {
    policy: Policy,
}

impl RedirectLayer {
    /// A layer that follows by `policy`.
    pub fn new(policy: Policy) -> Self {
        Self { policy }
    }
}

impl<C> Layer<C> for RedirectLayer {
    type Service = Redirect<C>;

    fn layer(&self, inner: C) -> Redirect<C> {
        Redirect {
            policy: self.policy.clone(),
            inner,
        }
    }
}

/// A client that follows redirects. See [`RedirectLayer`]; it stands directly or indirectly above [`Auth`](crate::Auth).
#[derive(Clone, Debug)]
pub struct Redirect<C> {
    policy: Policy,
    inner: C,
}

type Same<E> = fn(Failure<E>) -> Failure<E>;

impl<C, B, R, E> Service<Request<B>> for Redirect<C>
where
    C: Service<Request<AuthBody<B>>, Response = Response<R>, Error = Failure<E>> + Clone,
    B: Body + Unpin,
    R: Body + Unpin,
{
    type Response = Response<R>;
    type Error = Failure<E>;
    type Future = Follow<B, ServiceTransport<C, Same<E>>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let unready = self.inner.clone();
        let ready = std::mem::replace(&mut self.inner, unready);
        let transport = ServiceTransport::new(ready, std::convert::identity as Same<E>);
        Follow::new(self.policy.clone(), request, transport)
    }
}
