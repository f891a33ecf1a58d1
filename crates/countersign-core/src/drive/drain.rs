//! Reads a refused answer to its end, so that its connection can be used again; bounded in bytes and time.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use http_body::Body;

use super::transport::Sleep;

/// How many bytes of a refused answer are read away.
pub(crate) const MAX_DRAIN: usize = 64 << 10;
/// How long a refused answer is read away.
pub(crate) const DRAIN_TIME: Duration = Duration::from_secs(1);

/// A body being read away that nobody wants, so that its connection can be used again.
pub struct Drain<R> {
    body: R,
    remaining: usize,
    deadline: Option<Sleep>,
}

impl<R: Body + Unpin> Drain<R> {
    /// The body of a refused answer.
    pub(crate) fn answer(body: R, deadline: Option<Sleep>) -> Self {
        Self::new(body, MAX_DRAIN, deadline)
    }

    /// Reads at most `max` bytes, and until `deadline` at the longest.
    pub fn new(body: R, max: usize, deadline: Option<Sleep>) -> Self {
        Self {
            body,
            remaining: max,
            deadline,
        }
    }

    /// Ready at the end of the body, on its failure, or when it has cost enough.
    pub fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            if self.body.is_end_stream() {
                return Poll::Ready(());
            }
            let Poll::Ready(frame) = crate::body::poll_bytes(&mut self.body, cx) else {
                return self.poll_deadline(cx);
            };
            let Some(Ok(frame)) = frame else {
                return Poll::Ready(());
            };
            let length = frame.data_ref().map_or(0, |data| data.len());
            match self.remaining.checked_sub(length.max(1)) {
                Some(remaining) => self.remaining = remaining,
                None => return Poll::Ready(()),
            }
        }
    }

    fn poll_deadline(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        match &mut self.deadline {
            Some(deadline) => Pin::new(deadline).poll(cx),
            None => Poll::Pending,
        }
    }
}

impl<R> fmt::Debug for Drain<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Drain")
            .field("remaining", &self.remaining)
            .finish_non_exhaustive()
    }
}
