//! Keeps a caller's body so that it can be sent again where that is possible.

use std::fmt;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use http::HeaderMap;
use http_body::Body;

use super::{AuthBody, Frames, Whole, poll_bytes};
use crate::payload::Payload;

/// A body between legs: untouched, read in part, whole in memory, or gone. For whoever writes a driver.
pub struct Supply<B>(State<B>);

enum State<B> {
    Untouched(B),
    Begun { ready: Frames, rest: B },
    Whole(Whole),
    Spent,
}

/// What gathering a body came to.
#[derive(Debug)]
pub enum Gathered<E> {
    /// It is whole in memory.
    Whole,
    /// It is larger than the limit.
    TooLarge,
    /// It failed.
    Failed(E),
}

impl<B: Body + Unpin> Supply<B> {
    /// No body any more.
    pub fn spent() -> Self {
        Self(State::Spent)
    }

    /// A body that nothing was read of.
    pub fn new(body: B) -> Self {
        Self(State::Untouched(body))
    }

    /// Reads until the body is whole or larger than `limit`; one over the limit can still be sent, once. A body that
    /// comes in one frame is in memory already, so no limit holds for it.
    ///
    /// Polled once and left pending, it has taken what was ready.
    pub fn poll_gather(&mut self, cx: &mut Context<'_>, limit: usize) -> Poll<Gathered<B::Error>> {
        let (mut frames, mut rest) = match std::mem::replace(&mut self.0, State::Spent) {
            State::Untouched(body) => (Frames::default(), body),
            State::Begun { ready, rest } => (ready, rest),
            whole => {
                self.0 = whole;
                return Poll::Ready(Gathered::Whole);
            }
        };
        let end = poll_end(&mut frames, &mut rest, cx, limit);
        if let Poll::Ready(End::Whole(trailers)) = end {
            self.0 = State::Whole(Whole {
                bytes: join(frames),
                trailers,
            });
            return Poll::Ready(Gathered::Whole);
        }
        self.0 = State::Begun {
            ready: frames,
            rest,
        };
        end.map(|end| match end {
            End::Failed(error) => Gathered::Failed(error),
            _ => Gathered::TooLarge,
        })
    }

    /// Whether it was sent and is gone.
    pub fn is_spent(&self) -> bool {
        matches!(self.0, State::Spent)
    }

    /// The body for one leg; it is kept for the next if it is whole and `keep` says so.
    pub fn take(&mut self, keep: bool) -> AuthBody<B> {
        match std::mem::replace(&mut self.0, State::Spent) {
            State::Untouched(body) => AuthBody::new(body),
            State::Begun { ready, rest } => AuthBody::begun(ready, rest),
            State::Whole(whole) if keep => {
                self.0 = State::Whole(whole.clone());
                AuthBody::whole(whole)
            }
            State::Whole(whole) => AuthBody::whole(whole),
            State::Spent => AuthBody::from(Bytes::new()),
        }
    }

    /// Leaves an empty body.
    pub fn clear(&mut self) {
        self.0 = State::Whole(Whole::default());
    }

    /// What a scheme sees of it.
    pub fn payload(&self) -> Payload {
        match &self.0 {
            State::Untouched(body) => Payload::stream(body.size_hint().exact()),
            State::Begun { ready, rest } => {
                Payload::stream(ready.size_hint(rest.size_hint()).exact())
            }
            State::Whole(whole) => Payload::whole(whole.bytes.clone()),
            State::Spent => Payload::default(),
        }
    }
}

enum End<E> {
    Whole(Option<HeaderMap>),
    TooLarge,
    Failed(E),
}

fn poll_end<B: Body + Unpin>(
    frames: &mut Frames,
    rest: &mut B,
    cx: &mut Context<'_>,
    limit: usize,
) -> Poll<End<B::Error>> {
    loop {
        if rest.is_end_stream() {
            return Poll::Ready(End::Whole(None));
        }
        let length = frames.size_hint(rest.size_hint()).lower();
        if frames.total > 0 && length > limit as u64 {
            return Poll::Ready(End::TooLarge);
        }
        match ready!(poll_bytes(rest, cx)) {
            None => return Poll::Ready(End::Whole(None)),
            Some(Err(error)) => return Poll::Ready(End::Failed(error)),
            Some(Ok(frame)) => match frame.into_data() {
                Ok(data) => frames.push(data),
                Err(frame) => return Poll::Ready(End::Whole(frame.into_trailers().ok())),
            },
        }
    }
}

fn join(mut frames: Frames) -> Bytes {
    if frames.queue.len() <= 1 {
        return frames.pop().unwrap_or_default();
    }
    let length = frames.queue.iter().map(Bytes::len).sum();
    let mut joined = BytesMut::with_capacity(length);
    frames
        .queue
        .iter()
        .for_each(|data| joined.extend_from_slice(data));
    joined.freeze()
}

impl<B> fmt::Debug for Supply<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            State::Untouched(_) => "Supply(untouched)",
            State::Begun { .. } => "Supply(begun)",
            State::Whole(_) => "Supply(whole)",
            State::Spent => "Supply(spent)",
        })
    }
}
