//! A body that is written down as it passes.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

/// The bytes that passed until now.
#[derive(Clone, Default)]
pub(super) struct Tape(Option<Arc<Mutex<Vec<u8>>>>);

impl Tape {
    /// One that holds `bytes` already.
    pub(super) fn of(bytes: &[u8]) -> Self {
        Self(Some(Arc::new(Mutex::new(bytes.to_vec()))))
    }

    /// A copy of the bytes.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let bytes = |bytes: &Arc<Mutex<Vec<u8>>>| {
            let bytes = bytes.lock().unwrap_or_else(PoisonError::into_inner);
            bytes.clone()
        };
        self.0.as_ref().map(bytes).unwrap_or_default()
    }

    fn push(&self, bytes: &[u8]) {
        if let Some(tape) = &self.0 {
            let mut tape = tape.lock().unwrap_or_else(PoisonError::into_inner);
            tape.extend_from_slice(bytes);
        }
    }
}

impl fmt::Debug for Tape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tape")
    }
}

/// See the module.
#[derive(Debug)]
pub(super) struct Taped<B> {
    body: B,
    tape: Tape,
}

impl<B> Taped<B> {
    pub(super) fn new(body: B, tape: Tape) -> Self {
        Self { body, tape }
    }
}

impl<B: Body<Data = Bytes> + Unpin> Body for Taped<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        if let Some(Ok(data)) = frame
            .as_ref()
            .map(|result| result.as_ref().map(Frame::data_ref))
        {
            self.tape.push(data.map_or(&[], |data| data));
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
