//! [`AuthLayer`] and [`Auth`].

use std::sync::Arc;
use std::task::{Context, Poll};

use countersign_core::{AuthBody, Drive, Failure, Scheme, Settings};
use http::{Request, Response};
use http_body::Body;
use tower_layer::Layer;
use tower_service::Service;

use super::transport::ServiceTransport;

/// Authenticates every request of a client with one scheme.
///
/// What is set per request ([`Override`](crate::Override)) travels in the request's extensions.
#[derive(Debug)]
pub struct AuthLayer<S> {
    scheme: Arc<S>,
    settings: Arc<Settings>,
}

impl<S: Scheme> AuthLayer<S> {
    /// A layer for `scheme`, with the default [`Settings`].
    pub fn new(scheme: S) -> Self {
        Self {
            scheme: Arc::new(scheme),
            settings: Arc::default(),
        }
    }

    /// The same with other settings.
    #[must_use]
    pub fn settings(self, settings: Settings) -> Self {
        Self {
            settings: Arc::new(settings),
            ..self
        }
    }
}

impl<S> Clone for AuthLayer<S> {
    fn clone(&self) -> Self {
        Self {
            scheme: Arc::clone(&self.scheme),
            settings: Arc::clone(&self.settings),
        }
    }
}

impl<S, C> Layer<C> for AuthLayer<S> {
    type Service = Auth<S, C>;

    fn layer(&self, inner: C) -> Auth<S, C> {
        Auth {
            layer: self.clone(),
            inner,
        }
    }
}

/// A client that authenticates its requests. See [`AuthLayer`].
///
/// The client below takes [`AuthBody<B>`]: the caller's body, or what took its place. A client with a boxed body of
/// its own (as tonic's channel) goes below a `map_request` that boxes it.
#[derive(Debug)]
pub struct Auth<S, C> {
    layer: AuthLayer<S>,
    inner: C,
}

impl<S, C: Clone> Clone for Auth<S, C> {
    fn clone(&self) -> Self {
        Self {
            layer: self.layer.clone(),
            inner: self.inner.clone(),
        }
    }
}

type Lift<E> = fn(E) -> Failure<E>;

impl<S, C, B, R> Service<Request<B>> for Auth<S, C>
where
    S: Scheme,
    C: Service<Request<AuthBody<B>>, Response = Response<R>> + Clone,
    B: Body + Unpin,
    R: Body + Unpin,
{
    type Response = Response<AuthBody<R>>;
    type Error = Failure<C::Error>;
    type Future = Drive<S, B, ServiceTransport<C, Lift<C::Error>>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx).map_err(Failure::Inner)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let unready = self.inner.clone();
        let ready = std::mem::replace(&mut self.inner, unready);
        let transport = ServiceTransport::new(ready, Failure::Inner as Lift<C::Error>);
        let AuthLayer { scheme, settings } = self.layer.clone();
        Drive::new(scheme, settings, request, transport)
    }
}
