//! The canonical path.

use countersign_core::canonical::percent::{self, PATH};
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
    /// As sent: for S3, where a key may hold `//` and `..`. S3 encodes the key anew as it reads it, so send all but letters,
    /// digits, `-._~` and `/` percent-encoded, as AWS's own clients do: a bare `=` or `+` in the path may be refused.
    AsSent,
}

impl PathStyle {
    pub(super) fn write(self, path: &str, sink: &mut impl Sink) {
        match self {
            Self::AsSent => sink.put(path.as_bytes()),
            Self::Encoded => percent::encode(path.as_bytes(), PATH, sink),
            Self::Normalized => {
                let path = uri::collapse_slashes(path);
                let path = uri::remove_dot_segments(&path);
                percent::encode(path.as_bytes(), PATH, sink);
            }
        }
    }
}
