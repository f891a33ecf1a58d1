//! [`LaneBody`].

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use http_body::{Body, Frame, SizeHint};

use super::Lane;

/// An answer's body that holds the lane it came over, until it was read to its end.
pub struct LaneBody<R, C> {
    body: R,
    lane: Option<Lane<C>>,
}

impl<R: Body, C> LaneBody<R, C> {
    /// The body of an answer that came over `lane`, or over no lane.
    pub fn new(body: R, lane: Option<Lane<C>>) -> Self {
        if let Some(lane) = &lane {
            lane.connection().mark_read(body.is_end_stream());
        }
        Self { body, lane }
    }
}

impl<R: Body + Unpin, C> Body for LaneBody<R, C> {
    type Data = R::Data;
    type Error = R::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<R::Data>, R::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        let over = frame.is_none() || self.body.is_end_stream();
        if let Some(lane) = self.lane.take_if(|_| over) {
            lane.connection().mark_read(true);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

// Nothing in it is pinned in place that is not `Unpin` itself.
impl<R: Unpin, C> Unpin for LaneBody<R, C> {}

impl<R, C> fmt::Debug for LaneBody<R, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LaneBody")
            .field("lane", &self.lane)
            .finish_non_exhaustive()
    }
}
