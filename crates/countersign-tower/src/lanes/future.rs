//! [`LaneFuture`].

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use countersign_core::BoxError;
use countersign_core::lanes::LaneBody;
use http::Response;
use hyper::body::Incoming;
use hyper::client::conn::http1::SendRequest;
use pin_project_lite::pin_project;

pub(super) type Laned<B> = Response<LaneBody<Incoming, SendRequest<B>>>;

type Over<B> = Pin<Box<dyn Future<Output = Result<Laned<B>, BoxError>> + Send>>;

pin_project! {
    /// One leg, through the pool or over a lane.
    pub struct LaneFuture<F, B> {
        #[pin]
        pooled: Option<F>,
        over: Option<Over<B>>,
    }
}

impl<F, B> LaneFuture<F, B> {
    pub(super) fn pooled(future: F) -> Self {
        Self {
            pooled: Some(future),
            over: None,
        }
    }

    pub(super) fn over(
        future: impl Future<Output = Result<Laned<B>, BoxError>> + Send + 'static,
    ) -> Self {
        Self {
            pooled: None,
            over: Some(Box::pin(future)),
        }
    }
}

impl<F, B, E> Future for LaneFuture<F, B>
where
    F: Future<Output = Result<Response<Incoming>, E>>,
    E: Into<BoxError>,
{
    type Output = Result<Laned<B>, BoxError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        if let Some(over) = this.over {
            return over.as_mut().poll(cx);
        }
        let Some(pooled) = this.pooled.as_pin_mut() else {
            return Poll::Pending;
        };
        let response = ready!(pooled.poll(cx)).map_err(Into::into)?;
        Poll::Ready(Ok(response.map(|body| LaneBody::new(body, None))))
    }
}

impl<F, B> fmt::Debug for LaneFuture<F, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LaneFuture")
    }
}
