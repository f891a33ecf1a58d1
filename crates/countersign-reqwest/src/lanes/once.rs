//! A connector that connects once.

use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use countersign_core::BoxError;
use tower_layer::Layer;
use tower_service::Service;

/// How long a second connection is held up before it is refused: the first one may be on its way back to the pool.
const GRACE: Duration = Duration::from_millis(50);

/// Lets one connection through in its life, whatever it is asked.
#[derive(Clone, Debug, Default)]
pub(super) struct Once(Arc<AtomicBool>);

/// A second connection was asked for: the first one is gone, and nothing was sent.
#[derive(Debug)]
pub(super) struct Gone;

impl Gone {
    /// Whether this is why a request failed.
    pub(super) fn caused(error: &(dyn StdError + 'static)) -> bool {
        let mut cause = Some(error);
        while let Some(error) = cause {
            if error.is::<Self>() {
                return true;
            }
            cause = error.source();
        }
        false
    }
}

impl fmt::Display for Gone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the connection that was authenticated is gone")
    }
}

impl StdError for Gone {}

impl<S> Layer<S> for Once {
    type Service = OnceConnector<S>;

    fn layer(&self, inner: S) -> OnceConnector<S> {
        OnceConnector {
            inner,
            once: self.clone(),
        }
    }
}

#[derive(Clone, Debug)]
pub(super) struct OnceConnector<S> {
    inner: S,
    once: Once,
}

impl<S, Q> Service<Q> for OnceConnector<S>
where
    S: Service<Q, Error = BoxError>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, target: Q) -> Self::Future {
        if !self.once.0.swap(true, Ordering::AcqRel) {
            return Box::pin(self.inner.call(target));
        }
        Box::pin(async {
            tokio::time::sleep(GRACE).await;
            Err(Gone.into())
        })
    }
}
