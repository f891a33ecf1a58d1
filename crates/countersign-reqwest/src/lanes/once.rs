//! A connector that connects once.

use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use countersign_core::BoxError;
use tower_layer::Layer;
use tower_service::Service;

/// How long a second connection is held up before it is refused: the first one may be on its way back to the pool.
const GRACE: Duration = Duration::from_millis(50);

/// Lets one connection through in its life, whatever it is asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Once;

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
        OnceConnector(Arc::new(Mutex::new(Some(inner))))
    }
}

/// The connector, until it has connected. The client clones it for each request, so it is shared.
#[derive(Debug)]
pub(super) struct OnceConnector<S>(Arc<Mutex<Option<S>>>);

impl<S> OnceConnector<S> {
    fn lock(&self) -> MutexGuard<'_, Option<S>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S> Clone for OnceConnector<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
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
        let mut inner = self.lock();
        inner
            .as_mut()
            .map_or(Poll::Ready(Ok(())), |inner| inner.poll_ready(cx))
    }

    fn call(&mut self, target: Q) -> Self::Future {
        let inner = self.lock().take();
        if let Some(mut inner) = inner {
            return Box::pin(inner.call(target));
        }
        Box::pin(async {
            tokio::time::sleep(GRACE).await;
            Err(Gone.into())
        })
    }
}
