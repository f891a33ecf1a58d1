//! The body of the request: in memory, or streamed where it is too large for that.

use std::io;
use std::path::Path;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use http_body::{Body, Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncReadExt, ReadBuf};

use crate::args::SendArgs;
use crate::exit::Failure;

/// How much of a body is held in memory, so that it can be sent again and signed: 64 MiB.
pub(super) const IN_MEMORY: usize = 64 << 20;

/// How much is read of a stream at once, in bytes.
const CHUNK: usize = 64 << 10;

type Reader = Box<dyn AsyncRead + Send + Sync + Unpin>;

/// The body of the request.
pub(super) struct Upload {
    ready: Bytes,
    rest: Option<Reader>,
}

impl Upload {
    /// The one that the arguments name.
    pub(super) async fn from_args(args: &SendArgs) -> Result<Self, Failure> {
        match args.data.as_deref() {
            None if args.form.is_empty() => Ok(Self::from(Bytes::new())),
            None => form(&args.form).map(Self::from),
            Some("-") => Self::read(Box::new(tokio::io::stdin()), "standard input").await,
            Some(data) => match data.strip_prefix('@') {
                Some(path) => Self::open(path).await,
                None => Ok(Self::from(Bytes::from(data.to_owned()))),
            },
        }
    }

    async fn open(path: &str) -> Result<Self, Failure> {
        let file = tokio::fs::File::open(Path::new(path)).await;
        let file = file.map_err(|error| Failure::usage(format!("{path}: {error}")))?;
        Self::read(Box::new(file), path).await
    }

    /// Reads what fits into memory; the rest is streamed.
    async fn read(mut reader: Reader, name: &str) -> Result<Self, Failure> {
        let mut bytes = Vec::new();
        let read = (&mut reader)
            .take(IN_MEMORY as u64)
            .read_to_end(&mut bytes)
            .await;
        let read = read.map_err(|error| Failure::usage(format!("{name}: {error}")))?;
        let rest = (read == IN_MEMORY).then_some(reader);
        Ok(Self {
            ready: bytes.into(),
            rest,
        })
    }

    /// The whole of it.
    pub(super) fn whole(self) -> Result<Bytes, Failure> {
        match self.rest {
            None => Ok(self.ready),
            Some(_) => Err(Failure::usage("--offline needs a body of less than 64 MiB")),
        }
    }
}

impl From<Bytes> for Upload {
    fn from(ready: Bytes) -> Self {
        Self { ready, rest: None }
    }
}

/// Fields as `application/x-www-form-urlencoded`.
fn form(fields: &[String]) -> Result<Bytes, Failure> {
    let mut form = form_urlencoded::Serializer::new(String::new());
    for field in fields {
        let (name, value) = field
            .split_once('=')
            .ok_or_else(|| Failure::usage("--form needs NAME=VALUE"))?;
        form.append_pair(name, value);
    }
    Ok(form.finish().into())
}

impl Body for Upload {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if !self.ready.is_empty() {
            return Poll::Ready(Some(Ok(Frame::data(std::mem::take(&mut self.ready)))));
        }
        let Some(rest) = &mut self.rest else {
            return Poll::Ready(None);
        };
        let chunk = ready!(poll_chunk(rest, cx));
        if !chunk.as_ref().is_ok_and(|chunk| !chunk.is_empty()) {
            self.rest = None;
        }
        let chunk = chunk.map(|chunk| Some(chunk).filter(|chunk| !chunk.is_empty()));
        Poll::Ready(chunk.transpose().map(|chunk| chunk.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.ready.is_empty() && self.rest.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        match self.rest {
            None => SizeHint::with_exact(self.ready.len() as u64),
            Some(_) => SizeHint::default(),
        }
    }
}

/// The next bytes; none at the end.
fn poll_chunk(reader: &mut Reader, cx: &mut Context<'_>) -> Poll<io::Result<Bytes>> {
    let mut chunk = BytesMut::zeroed(CHUNK);
    let mut buffer = ReadBuf::new(&mut chunk);
    ready!(Pin::new(reader).poll_read(cx, &mut buffer))?;
    let read = buffer.filled().len();
    Poll::Ready(Ok(chunk.freeze().slice(..read)))
}
