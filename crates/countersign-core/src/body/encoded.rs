//! A body that is encoded as it streams.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes, BytesMut};
use http_body::{Body, Frame, SizeHint};

use super::AuthBody;

/// Encodes a body in chunks of its own size while it streams, as `aws-chunked` does.
///
/// The driver cuts the body into chunks, so this keeps none of it.
pub trait Encode: Send + Sync + 'static {
    /// How many bytes of the body make a chunk; every one but the last has exactly so many.
    fn chunk_size(&self) -> usize;

    /// How long the whole is when `length` bytes are encoded.
    fn encoded_len(&self, length: u64) -> u64;

    /// Appends one encoded chunk to `out`. The last call has an empty chunk.
    fn chunk(&mut self, chunk: &[u8], out: &mut Vec<u8>);
}

pub(crate) struct Encoded<B> {
    inner: AuthBody<B>,
    encode: Box<dyn Encode>,
    gathered: BytesMut,
    state: State,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Reading,
    Last,
    Over,
}

impl<B> Encoded<B> {
    pub(crate) fn new(inner: AuthBody<B>, encode: Box<dyn Encode>) -> Self {
        Self {
            inner,
            encode,
            gathered: BytesMut::new(),
            state: State::Reading,
        }
    }

    fn encode(&mut self, length: usize) -> Frame<Bytes> {
        let mut out = Vec::new();
        let chunk = self.gathered.split_to(length);
        self.encode.chunk(&chunk, &mut out);
        Frame::data(out.into())
    }

    /// The next whole chunk of what was gathered, or what is left at the end; `None` if more is to be read.
    fn next_chunk(&mut self) -> Option<Frame<Bytes>> {
        let size = self.encode.chunk_size().max(1);
        match self.state {
            _ if self.gathered.len() >= size => Some(self.encode(size)),
            State::Last if self.gathered.is_empty() => {
                self.state = State::Over;
                Some(self.encode(0))
            }
            State::Last => Some(self.encode(self.gathered.len())),
            State::Reading | State::Over => None,
        }
    }
}

impl<B: Body + Unpin> Encoded<B> {
    pub(crate) fn poll_frame(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        loop {
            if let Some(frame) = self.next_chunk() {
                return Poll::Ready(Some(Ok(frame)));
            }
            if self.state == State::Over {
                return Poll::Ready(None);
            }
            match ready!(Pin::new(&mut self.inner).poll_frame(cx)) {
                Some(Ok(frame)) => {
                    if let Ok(data) = frame.into_data() {
                        self.gathered.extend_from_slice(data.chunk());
                    }
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => self.state = State::Last,
            }
        }
    }

    pub(crate) fn is_end_stream(&self) -> bool {
        self.state == State::Over
    }

    /// Exact before the first chunk, which is when it is asked for.
    pub(crate) fn size_hint(&self) -> SizeHint {
        match (self.state, self.inner.size_hint().exact()) {
            (State::Reading, Some(length)) if self.gathered.is_empty() => {
                SizeHint::with_exact(self.encode.encoded_len(length))
            }
            _ => SizeHint::default(),
        }
    }
}
