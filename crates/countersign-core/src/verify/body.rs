//! [`VerifiedBody`], the body of an accepted request.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use http::{HeaderValue, request};
use http_body::{Body, Frame, SizeHint};

use super::body_error::BodyError;
use super::{Decode, Reason};
use crate::body::AuthBody;

/// The body of an accepted request as the inner service reads it: as it came, or decoded and verified as it streams.
///
/// The last piece of a decoded body is given out once its end is verified, so whoever has read its whole length has
/// read nothing that was not signed.
pub struct VerifiedBody<B> {
    inner: AuthBody<B>,
    decoding: Option<Box<Decoding>>,
}

/// What is read of a body.
type Piece<E> = Result<Frame<Bytes>, BodyError<E>>;

struct Decoding {
    decode: Box<dyn Decode>,
    verdict: BodyVerdict,
    held: Vec<u8>,
    /// How many bytes are still to be given out, if that is known.
    left: Option<u64>,
    is_over: bool,
}

/// What became of a body that was verified as it streamed.
#[derive(Clone, Debug, Default)]
pub struct BodyVerdict(Arc<OnceLock<Reason>>);

impl BodyVerdict {
    /// Why the body was refused, if it was so far.
    pub fn refused(&self) -> Option<Reason> {
        self.0.get().copied()
    }
}

impl<B> VerifiedBody<B> {
    /// A body as it came.
    pub fn new(body: AuthBody<B>) -> Self {
        Self {
            inner: body,
            decoding: None,
        }
    }

    /// A body that `decode` verifies while it streams, and what becomes of it; corrects `head` for it.
    pub fn decoded(
        head: &mut request::Parts,
        body: AuthBody<B>,
        decode: Box<dyn Decode>,
    ) -> (Self, BodyVerdict) {
        let left = decode.decoded_len();
        decode.correct(head);
        correct_length(head, left);
        let verdict = BodyVerdict::default();
        let decoding = Decoding {
            decode,
            verdict: verdict.clone(),
            held: Vec::new(),
            left,
            is_over: false,
        };
        let body = Self {
            inner: body,
            decoding: Some(Box::new(decoding)),
        };
        (body, verdict)
    }
}

fn correct_length(head: &mut request::Parts, length: Option<u64>) {
    head.headers.remove(CONTENT_LENGTH);
    if let Some(length) = length {
        head.headers.remove(TRANSFER_ENCODING);
        let length = HeaderValue::from(length);
        head.headers.insert(CONTENT_LENGTH, length);
    }
}

impl Decoding {
    /// Decodes a piece; gives the one before it.
    fn next(&mut self, data: &[u8]) -> Result<Vec<u8>, Reason> {
        let mut out = Vec::new();
        let decoded = self.decode.decode(data, &mut out);
        self.settle(decoded)?;
        Ok(match out.is_empty() {
            true => out,
            false => std::mem::replace(&mut self.held, out),
        })
    }

    /// Verifies the end; gives the last piece.
    fn last(&mut self) -> Result<Vec<u8>, Reason> {
        self.is_over = true;
        let finished = self.decode.finish();
        self.settle(finished)?;
        Ok(std::mem::take(&mut self.held))
    }

    fn settle(&mut self, result: Result<(), Reason>) -> Result<(), Reason> {
        if let Err(reason) = result {
            self.is_over = true;
            // The first refusal stands.
            let _ = self.verdict.0.set(reason);
        }
        result
    }

    fn give(&mut self, piece: Vec<u8>) -> Frame<Bytes> {
        let length = piece.len() as u64;
        self.left = self.left.map(|left| left.saturating_sub(length));
        Frame::data(piece.into())
    }

    fn poll_frame<B: Body + Unpin>(
        &mut self,
        inner: &mut AuthBody<B>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Piece<B::Error>>> {
        while !self.is_over {
            let piece = match ready!(Pin::new(&mut *inner).poll_frame(cx)) {
                // Trailers of HTTP are signed by nobody.
                Some(Ok(frame)) => frame
                    .into_data()
                    .map_or(Ok(Vec::new()), |data| self.next(&data)),
                None => self.last(),
                Some(Err(error)) => {
                    self.is_over = true;
                    return Poll::Ready(Some(Err(BodyError::Inner(error))));
                }
            };
            match piece {
                Ok(piece) if piece.is_empty() => {}
                Ok(piece) => return Poll::Ready(Some(Ok(self.give(piece)))),
                Err(reason) => return Poll::Ready(Some(Err(BodyError::Refused(reason)))),
            }
        }
        Poll::Ready(None)
    }
}

impl<B: Body + Unpin> Body for VerifiedBody<B> {
    type Data = Bytes;
    type Error = BodyError<B::Error>;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let Self { inner, decoding } = self.get_mut();
        match decoding {
            Some(decoding) => decoding.poll_frame(inner, cx),
            None => Pin::new(inner)
                .poll_frame(cx)
                .map(|frame| frame.map(|result| result.map_err(BodyError::Inner))),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.decoding {
            Some(decoding) => decoding.is_over,
            None => self.inner.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.decoding {
            Some(decoding) => decoding.left.map(SizeHint::with_exact).unwrap_or_default(),
            None => self.inner.size_hint(),
        }
    }
}

impl<B: Default> Default for VerifiedBody<B> {
    fn default() -> Self {
        Self::new(AuthBody::default())
    }
}

impl<B> fmt::Debug for VerifiedBody<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.decoding {
            Some(_) => "VerifiedBody(decoded)",
            None => "VerifiedBody(as it came)",
        })
    }
}
