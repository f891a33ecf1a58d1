//! [`Strange`], a body that comes in any way.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::HeaderMap;
use http_body::{Body, Frame};

use super::draw::Draw;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Data(usize),
    Pending,
    Trailers,
    Fail,
    /// The same frame for ever.
    Endless(usize),
}

/// More than anybody reads of a body that does not end.
const ENOUGH: usize = 4 << 20;

/// A body that waits, fails or never ends, as it was drawn.
#[derive(Clone, Debug)]
pub(crate) struct Strange {
    steps: VecDeque<Step>,
    read: usize,
}

#[derive(Debug)]
pub(crate) struct Broken;

impl Strange {
    fn new(steps: impl Iterator<Item = Step>) -> Self {
        Self {
            steps: steps.collect(),
            read: 0,
        }
    }

    /// A request's body: it ends.
    pub(crate) fn of_request(draw: &Draw) -> Self {
        let choices = [
            Step::Data(5),
            Step::Pending,
            Step::Data(40),
            Step::Data(0),
            Step::Pending,
            Step::Trailers,
            Step::Data(1),
            Step::Fail,
        ];
        Self::new((0..draw.below(4)).map(|_| draw.one_of(&choices)))
    }

    pub(crate) fn of_answer(draw: &Draw) -> Self {
        let choices = [
            Step::Data(5),
            Step::Pending,
            Step::Endless(1024),
            Step::Data(100_000),
            Step::Endless(16),
            Step::Trailers,
            Step::Fail,
        ];
        Self::new((0..draw.below(3)).map(|_| draw.one_of(&choices)))
    }

    /// What a peer reads of it; `None` if it fails.
    pub(crate) fn content(&self) -> Option<Vec<u8>> {
        let mut length = 0;
        for step in &self.steps {
            match step {
                Step::Data(more) => length += more,
                Step::Trailers => break,
                Step::Pending => {}
                Step::Fail | Step::Endless(_) => return None,
            }
        }
        Some(vec![b'b'; length])
    }
}

impl Body for Strange {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        let data = |length: usize| Some(Ok(Frame::data(vec![b'b'; length].into())));
        Poll::Ready(match self.steps.pop_front() {
            None => None,
            Some(Step::Data(length)) => data(length),
            Some(Step::Trailers) => {
                self.steps.clear();
                Some(Ok(Frame::trailers(HeaderMap::new())))
            }
            Some(Step::Fail) => Some(Err(Broken)),
            Some(Step::Endless(length)) => {
                self.read += length;
                assert!(self.read < ENOUGH, "it reads a body for ever");
                self.steps.push_front(Step::Endless(length));
                data(length)
            }
            Some(Step::Pending) => {
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
        })
    }
}
