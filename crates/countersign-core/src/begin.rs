//! [`Begin`], the future that is ready at once unless a scheme has to wait.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::error::{Error, ErrorKind, Result};

/// A nameable future: ready without an allocation, failed, or one box that waits.
///
/// # Panics
///
/// Polling it again after it is ready panics, as with any future.
pub struct Begin<X>(State<X>);

enum State<X> {
    Ready(Option<Result<X>>),
    Waiting(Pin<Box<dyn Future<Output = Result<X>> + Send>>),
}

impl<X> Begin<X> {
    /// Ready at once; nothing is allocated.
    pub fn ready(value: X) -> Self {
        Self(State::Ready(Some(Ok(value))))
    }

    /// Failed at once.
    pub fn failed(error: Error) -> Self {
        Self(State::Ready(Some(Err(error))))
    }

    /// Waits: for a token, a key, a ticket, another request's challenge.
    pub fn wait(future: impl Future<Output = Result<X>> + Send + 'static) -> Self {
        Self(State::Waiting(Box::pin(future)))
    }

    /// The kind of its failure, if it has failed already.
    pub(crate) fn failed_with(&self) -> Option<ErrorKind> {
        match &self.0 {
            State::Ready(Some(Err(error))) => Some(error.kind()),
            _ => None,
        }
    }

    /// Changes what it yields.
    pub fn map<Y>(self, change: impl FnOnce(X) -> Y + Send + 'static) -> Begin<Y>
    where
        X: 'static,
    {
        match self.0 {
            State::Ready(value) => Begin(State::Ready(value.map(|result| result.map(change)))),
            State::Waiting(future) => Begin::wait(async move { future.await.map(change) }),
        }
    }
}

impl<X> From<Result<X>> for Begin<X> {
    fn from(result: Result<X>) -> Self {
        Self(State::Ready(Some(result)))
    }
}

// Nothing in it is ever pinned in place: the waiting future is in a box of its own.
impl<X> Unpin for Begin<X> {}

impl<X> Future for Begin<X> {
    type Output = Result<X>;

    #[allow(clippy::expect_used)] // The contract of every future; see `# Panics`.
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut self.0 {
            State::Ready(value) => Poll::Ready(value.take().expect("polled after it was ready")),
            State::Waiting(future) => future.as_mut().poll(cx),
        }
    }
}

impl<X> fmt::Debug for Begin<X> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            State::Ready(_) => "Begin(ready)",
            State::Waiting(_) => "Begin(waiting)",
        })
    }
}
