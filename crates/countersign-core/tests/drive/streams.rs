//! A body that comes in pieces.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::Request;
use http_body::Frame;
use http_body_util::StreamBody;

type Stream = StreamBody<OneFrameAtATime>;

/// A stream that is never ready at its first poll, so that it cannot be taken for a body in memory.
pub(crate) struct OneFrameAtATime {
    frames: Vec<&'static str>,
    waited: bool,
}

impl futures_core::Stream for OneFrameAtATime {
    type Item = Result<Frame<Bytes>, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.waited = !self.waited;
        if self.waited {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let frame = self.frames.pop();
        Poll::Ready(frame.map(|text| Ok(Frame::data(Bytes::from(text)))))
    }
}

pub(crate) fn stream(frames: &[&'static str]) -> Request<Stream> {
    let body = StreamBody::new(OneFrameAtATime {
        frames: frames.iter().rev().copied().collect(),
        waited: false,
    });
    Request::put("https://a.test/x").body(body).unwrap()
}
