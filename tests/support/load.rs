//! [`Load`], a request body that is in memory or streams.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

/// A request body that is in memory or streams.
#[derive(Debug)]
pub enum Load {
    /// In memory.
    Bytes(Bytes),
    /// Comes once.
    Stream(Stream),
}

/// Comes in chunks, each only after the task was woken once more, so that nothing of it is ready at once.
#[derive(Debug)]
pub struct Stream {
    chunks: std::vec::IntoIter<Bytes>,
    length: Option<u64>,
    ready: bool,
    /// How many chunks were taken.
    pub taken: Arc<AtomicUsize>,
}

impl Load {
    /// A body of `chunks` that comes once; its length is told if `sized`.
    pub fn stream(chunks: Vec<Bytes>, sized: bool) -> Self {
        let length = chunks.iter().map(|chunk| chunk.len() as u64).sum();
        let chunks = chunks.into_iter();
        let length = sized.then_some(length);
        Self::Stream(Stream {
            chunks,
            length,
            ready: false,
            taken: Arc::default(),
        })
    }
}

impl<T: Into<Bytes>> From<T> for Load {
    fn from(bytes: T) -> Self {
        Self::Bytes(bytes.into())
    }
}

impl From<Load> for reqwest::Body {
    fn from(load: Load) -> Self {
        match load {
            Load::Bytes(bytes) => bytes.into(),
            Load::Stream(stream) => Self::wrap(stream),
        }
    }
}

impl Body for Stream {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        self.ready = !self.ready;
        if self.ready {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let chunk = self.chunks.next();
        self.taken.fetch_add(1, Ordering::SeqCst);
        if let (Some(length), Some(chunk)) = (&mut self.length, &chunk) {
            *length -= chunk.len() as u64;
        }
        Poll::Ready(chunk.map(|chunk| Ok(Frame::data(chunk))))
    }

    fn size_hint(&self) -> SizeHint {
        self.length.map_or_else(SizeHint::new, SizeHint::with_exact)
    }
}

impl Body for Load {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        match &mut *self {
            Self::Bytes(bytes) if bytes.is_empty() => Poll::Ready(None),
            Self::Bytes(bytes) => Poll::Ready(Some(Ok(Frame::data(std::mem::take(bytes))))),
            Self::Stream(stream) => Pin::new(stream).poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Self::Bytes(bytes) if bytes.is_empty())
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Bytes(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Self::Stream(stream) => stream.size_hint(),
        }
    }
}
