//! [`LaneFuture`].

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use countersign_core::BoxError;
use http::Response;
use hyper::body::Incoming;
use pin_project_lite::pin_project;

type Answered = Result<Response<Incoming>, BoxError>;

pin_project! {
    /// One leg, through the pool or over a lane.
    pub struct LaneFuture<F> {
        #[pin]
        pooled: Option<F>,
        over: Option<Pin<Box<dyn Future<Output = Answered> + Send>>>,
    }
}

impl<F> LaneFuture<F> {
    pub(super) fn pooled(future: F) -> Self {
        Self {
            pooled: Some(future),
            over: None,
        }
    }

    pub(super) fn over(future: impl Future<Output = Answered> + Send + 'static) -> Self {
        Self {
            pooled: None,
            over: Some(Box::pin(future)),
        }
    }
}

impl<F, E> Future for LaneFuture<F>
where
    F: Future<Output = Result<Response<Incoming>, E>>,
    E: Into<BoxError>,
{
    type Output = Answered;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        if let Some(over) = this.over {
            return over.as_mut().poll(cx);
        }
        let Some(pooled) = this.pooled.as_pin_mut() else {
            return Poll::Pending;
        };
        pooled.poll(cx).map_err(Into::into)
    }
}

impl<F> fmt::Debug for LaneFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LaneFuture")
    }
}
