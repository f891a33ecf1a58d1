//! [`PerConnection`], so that a verifier knows which connection a request came over.

use std::fmt;
use std::future::{Ready, ready};
use std::task::{Context, Poll};

use countersign_core::Connection;
use http::Request;
use tower_service::Service;

/// Makes the service of each connection that a server accepts: `service`, whose requests carry a [`Connection`] of their
/// own in their extensions. A verifier that authenticates connections remembers there what holds for one.
///
/// ```no_run
/// # async fn run(app: axum::Router, listener: tokio::net::TcpListener) -> std::io::Result<()> {
/// use countersign_tower::PerConnection;
///
/// axum::serve(listener, PerConnection::new(app)).await
/// # }
/// ```
///
/// It says nothing of HTTP/2, where requests of several users can share a connection: serve HTTP/1.1 alone.
#[derive(Clone, Debug)]
pub struct PerConnection<C> {
    service: C,
}

impl<C> PerConnection<C> {
    /// Serves each connection with a clone of `service`.
    pub fn new(service: C) -> Self {
        Self { service }
    }
}

impl<C: Clone, T> Service<T> for PerConnection<C> {
    type Response = OnConnection<C>;
    type Error = std::convert::Infallible;
    type Future = Ready<Result<OnConnection<C>, std::convert::Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: T) -> Self::Future {
        ready(Ok(OnConnection {
            service: self.service.clone(),
            connection: Connection::default(),
        }))
    }
}

/// The service of one connection. See [`PerConnection`].
#[derive(Clone)]
pub struct OnConnection<C> {
    service: C,
    connection: Connection,
}

impl<C: Service<Request<B>>, B> Service<Request<B>> for OnConnection<C> {
    type Response = C::Response;
    type Error = C::Error;
    type Future = C::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), C::Error>> {
        self.service.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> C::Future {
        request.extensions_mut().insert(self.connection.clone());
        self.service.call(request)
    }
}

impl<C> fmt::Debug for OnConnection<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OnConnection")
            .field("connection", &self.connection)
            .finish_non_exhaustive()
    }
}
