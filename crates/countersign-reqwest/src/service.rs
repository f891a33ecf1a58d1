//! [`ReqwestService`].

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use http::{Request, Response};
use pin_project_lite::pin_project;
use reqwest::{Body, Client};
use tower_service::Service;

/// A reqwest client as a tower service of `http::Request`, to stand below tower layers.
///
/// Build the client with `redirect(Policy::none())`.
#[derive(Clone, Debug)]
pub struct ReqwestService(Client);

impl ReqwestService {
    /// A service that sends through `client`.
    pub fn new(client: Client) -> Self {
        Self(client)
    }
}

impl<B> Service<Request<B>> for ReqwestService
where
    B: http_body::Body + Send + Sync + 'static,
    B::Data: Into<bytes::Bytes>,
    B::Error: Into<countersign_core::BoxError>,
{
    type Response = Response<Body>;
    type Error = reqwest::Error;
    type Future = ReqwestFuture;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), reqwest::Error>> {
        Service::<reqwest::Request>::poll_ready(&mut self.0, cx)
    }

    fn call(&mut self, request: Request<B>) -> ReqwestFuture {
        match reqwest::Request::try_from(request.map(Body::wrap)) {
            Ok(request) => ReqwestFuture {
                sent: Some(self.0.call(request)),
                failed: None,
            },
            Err(error) => ReqwestFuture {
                sent: None,
                failed: Some(error),
            },
        }
    }
}

pin_project! {
    /// The future of [`ReqwestService`].
    pub struct ReqwestFuture {
        #[pin]
        sent: Option<<Client as Service<reqwest::Request>>::Future>,
        failed: Option<reqwest::Error>,
    }
}

impl Future for ReqwestFuture {
    type Output = Result<Response<Body>, reqwest::Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        if let Some(error) = this.failed.take() {
            return Poll::Ready(Err(error.without_url()));
        }
        let Some(sent) = this.sent.as_pin_mut() else {
            return Poll::Pending;
        };
        let response = ready!(sent.poll(cx)).map_err(reqwest::Error::without_url)?;
        Poll::Ready(Ok(response.into()))
    }
}

impl fmt::Debug for ReqwestFuture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReqwestFuture")
    }
}
