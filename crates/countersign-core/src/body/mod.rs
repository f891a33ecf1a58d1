//! [`AuthBody`], the body that a driver sends or returns, and the keeping of a caller's body between legs.

mod encoded;
mod supply;

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use http::HeaderMap;
use http_body::{Body, Frame, SizeHint};

pub use encoded::Encode;
use encoded::Encoded;
pub use supply::{Gathered, Supply};

use crate::lanes::Hold;

/// A body of type `B`, or what took its place.
///
/// That of an answer that came over a [lane](crate::lanes) holds it until it was read to its end.
pub struct AuthBody<B> {
    form: Form<B>,
    lane: Option<Hold>,
}

enum Form<B> {
    Untouched(B),
    Whole(Whole),
    Begun { ready: Frames, rest: B },
    Encoded(Box<Encoded<B>>),
}

/// A body in memory, with the trailers that followed it.
#[derive(Clone, Default)]
pub(crate) struct Whole {
    pub(crate) bytes: Bytes,
    pub(crate) trailers: Option<HeaderMap>,
}

/// What was read of a body that is not at its end.
#[derive(Default)]
pub(crate) struct Frames {
    queue: VecDeque<Bytes>,
    total: u64,
}

impl Frames {
    fn push(&mut self, data: Bytes) {
        self.total = self.total.saturating_add(data.len() as u64);
        self.queue.push_back(data);
    }

    fn pop(&mut self) -> Option<Bytes> {
        let data = self.queue.pop_front()?;
        self.total -= data.len() as u64;
        Some(data)
    }

    /// The size of these and of what follows them.
    fn size_hint(&self, rest: SizeHint) -> SizeHint {
        let mut sum = SizeHint::new();
        sum.set_lower(rest.lower().saturating_add(self.total));
        if let Some(upper) = rest.upper() {
            sum.set_upper(upper.saturating_add(self.total));
        }
        sum
    }
}

/// What an [`AuthBody`] is, for a client that sends bytes or its own body type in a better way.
#[derive(Debug)]
pub enum Source<B> {
    /// The caller's body as it was.
    Untouched(B),
    /// Bytes without trailers.
    Bytes(Bytes),
    /// Anything else.
    Other(AuthBody<B>),
}

impl<B> AuthBody<B> {
    /// The caller's body as it is.
    pub fn new(body: B) -> Self {
        Self::of(Form::Untouched(body))
    }

    fn of(form: Form<B>) -> Self {
        Self { form, lane: None }
    }

    /// Takes it apart.
    pub fn into_source(self) -> Source<B> {
        match self {
            Self {
                form: Form::Untouched(body),
                lane: None,
            } => Source::Untouched(body),
            Self {
                form:
                    Form::Whole(Whole {
                        bytes,
                        trailers: None,
                    }),
                lane: None,
            } => Source::Bytes(bytes),
            other => Source::Other(other),
        }
    }

    /// The same, encoded as it streams.
    pub(crate) fn encoded(self, encode: Box<dyn Encode>) -> Self {
        Self::of(Form::Encoded(Box::new(Encoded::new(self, encode))))
    }

    pub(crate) fn whole(whole: Whole) -> Self {
        Self::of(Form::Whole(whole))
    }

    pub(crate) fn begun(ready: Frames, rest: B) -> Self {
        Self::of(Form::Begun { ready, rest })
    }
}

impl<B: Body + Unpin> AuthBody<B> {
    /// The same, which came over `lane`.
    pub(crate) fn over(self, lane: Option<Hold>) -> Self {
        let mut body = Self { lane, ..self };
        if body.is_end_stream() {
            body.give_back();
        }
        body
    }

    fn give_back(&mut self) {
        if let Some(lane) = self.lane.take() {
            lane.connection().mark_read();
        }
    }
}

impl<B: Body + Unpin> Form<B> {
    fn poll_frame(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        match self {
            Self::Untouched(body) => poll_bytes(body, cx),
            Self::Whole(whole) => Poll::Ready(whole.next_frame().map(Ok)),
            Self::Begun { ready, rest } => match ready.pop() {
                Some(bytes) => Poll::Ready(Some(Ok(Frame::data(bytes)))),
                None => poll_bytes(rest, cx),
            },
            Self::Encoded(encoded) => encoded.poll_frame(cx),
        }
    }
}

impl<B> From<Bytes> for AuthBody<B> {
    fn from(bytes: Bytes) -> Self {
        Self::whole(Whole {
            bytes,
            trailers: None,
        })
    }
}

/// The next frame of `body`, its data as `Bytes`; without a copy if it is that already.
pub(crate) fn poll_bytes<B: Body + Unpin>(
    body: &mut B,
    cx: &mut Context<'_>,
) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
    let frame = ready!(Pin::new(body).poll_frame(cx));
    let copy = |mut data: B::Data| data.copy_to_bytes(data.remaining());
    Poll::Ready(frame.map(|result| result.map(|frame| frame.map_data(copy))))
}

impl Whole {
    fn next_frame(&mut self) -> Option<Frame<Bytes>> {
        if !self.bytes.is_empty() {
            return Some(Frame::data(std::mem::take(&mut self.bytes)));
        }
        self.trailers.take().map(Frame::trailers)
    }
}

impl<B: Body + Unpin> Body for AuthBody<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let body = self.get_mut();
        let frame = ready!(body.form.poll_frame(cx));
        let is_over = match &frame {
            None => true,
            Some(Ok(_)) => body.is_end_stream(),
            Some(Err(_)) => false,
        };
        if is_over {
            body.give_back();
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        match &self.form {
            Form::Untouched(body) => body.is_end_stream(),
            Form::Whole(whole) => whole.bytes.is_empty() && whole.trailers.is_none(),
            Form::Begun { ready, rest } => ready.queue.is_empty() && rest.is_end_stream(),
            Form::Encoded(encoded) => encoded.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.form {
            Form::Untouched(body) => body.size_hint(),
            Form::Whole(whole) => SizeHint::with_exact(whole.bytes.len() as u64),
            Form::Begun { ready, rest } => ready.size_hint(rest.size_hint()),
            Form::Encoded(encoded) => encoded.size_hint(),
        }
    }
}

impl<B: Default> Default for AuthBody<B> {
    fn default() -> Self {
        Self::new(B::default())
    }
}

impl<B> fmt::Debug for AuthBody<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.form {
            Form::Untouched(_) => "AuthBody(untouched)",
            Form::Whole(_) => "AuthBody(bytes)",
            Form::Begun { .. } => "AuthBody(begun)",
            Form::Encoded(_) => "AuthBody(encoded)",
        })
    }
}
