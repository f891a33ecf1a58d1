//! [`Body`], bytes in memory with files between them.

use std::collections::VecDeque;
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use http_body::{Frame, SizeHint};

/// How much of a file is read at once.
const CHUNK: usize = 64 << 10;

/// The body of a request of a collection.
///
/// A file is not held in memory: 64 KiB of it are read whenever the client asks for more, on the thread that asks. Its
/// length is known before, so a file that became shorter since then is an error.
#[derive(Default)]
pub struct Body {
    pieces: VecDeque<Piece>,
}

enum Piece {
    Bytes(BytesMut),
    File {
        path: PathBuf,
        left: u64,
        open: Option<File>,
    },
}

impl Body {
    /// None.
    pub fn empty() -> Self {
        Self::default()
    }

    /// All of it, if no file is in it.
    pub fn as_bytes(&self) -> Option<Bytes> {
        match self.pieces.len() {
            0 => Some(Bytes::new()),
            1 => self.pieces.front().and_then(|piece| match piece {
                Piece::Bytes(bytes) => Some(Bytes::copy_from_slice(bytes)),
                Piece::File { .. } => None,
            }),
            _ => None,
        }
    }

    pub(super) fn push(&mut self, text: impl AsRef<str>) {
        let bytes = text.as_ref().as_bytes();
        match self.pieces.back_mut() {
            Some(Piece::Bytes(last)) => last.extend_from_slice(bytes),
            _ if bytes.is_empty() => {}
            _ => self.pieces.push_back(Piece::Bytes(bytes.into())),
        }
    }

    pub(super) fn push_file(&mut self, path: &Path, length: u64) {
        self.pieces.push_back(Piece::File {
            path: path.to_owned(),
            left: length,
            open: None,
        });
    }

    fn length(&self) -> u64 {
        self.pieces
            .iter()
            .map(Piece::length)
            .fold(0, u64::saturating_add)
    }
}

impl Piece {
    fn length(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::File { left, .. } => *left,
        }
    }

    /// Some of what is left, which is not nothing.
    fn take(&mut self) -> io::Result<Bytes> {
        match self {
            Self::Bytes(bytes) => Ok(bytes.split().freeze()),
            Self::File { path, left, open } => {
                let file = match open {
                    Some(file) => file,
                    None => open.insert(File::open(path)?),
                };
                let mut chunk = Vec::new();
                let size = (*left).min(CHUNK as u64);
                file.take(size).read_to_end(&mut chunk)?;
                if chunk.is_empty() {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                *left -= chunk.len() as u64;
                Ok(chunk.into())
            }
        }
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let pieces = &mut self.get_mut().pieces;
        while pieces.front().is_some_and(|piece| piece.length() == 0) {
            pieces.pop_front();
        }
        let taken = pieces.front_mut().map(Piece::take);
        if matches!(taken, Some(Err(_))) {
            pieces.clear();
        }
        Poll::Ready(taken.map(|result| result.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.length() == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.length())
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Body({} bytes)", self.length())
    }
}
