//! The canonical path.

use countersign_core::canonical::percent::{self, DecodeError, PATH};
use countersign_core::canonical::{Sink, uri};

/// How a service reads the path that is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PathStyle {
    /// Dot segments resolved, slashes in a row made one, and what is sent encoded once more: what every service
    /// but S3 does.
    Normalized,
    /// What is sent encoded once more, and nothing resolved.
    Encoded,
    /// Decoded, and all but letters, digits, `-._~` and `/` encoded, and nothing resolved: how S3 reads a key. How a
    /// character was escaped makes no difference, and `%2F` is a slash. Some servers in the place of S3 read the path
    /// [`AsSent`](Self::AsSent) alone; where all that S3 escapes is escaped, both are one.
    EncodedOnce,
    /// As sent, byte by byte: for S3, where a key may hold `//` and `..`, as AWS's own clients sign. They send keys with all
    /// but letters, digits, `-._~` and `/` escaped; where you do not, S3 may refuse a bare `=` or `+`, and
    /// [`EncodedOnce`](Self::EncodedOnce) is the remedy.
    AsSent,
}

impl PathStyle {
    /// # Errors
    ///
    /// A broken percent-escape, where the path is decoded.
    pub(super) fn write(self, path: &str, sink: &mut impl Sink) -> Result<(), DecodeError> {
        match self {
            Self::EncodedOnce => return percent::encode_anew(path.as_bytes(), PATH, sink),
            Self::AsSent => sink.put(path.as_bytes()),
            Self::Encoded => percent::encode(path.as_bytes(), PATH, sink),
            Self::Normalized => {
                let path = uri::collapse_slashes(path);
                let path = uri::remove_dot_segments(&path);
                percent::encode(path.as_bytes(), PATH, sink);
            }
        }
        Ok(())
    }
}
