//! [`Chunked`], how a client cuts a body.

use countersign_core::{Error, Result};

use super::{Checksum, Form};

/// The smallest chunk that S3 takes, but for the last one of a body.
const MIN_SIZE: usize = 8 << 10;

const DEFAULT_SIZE: usize = 64 << 10;

/// Sends bodies in chunks that are signed while they stream, so that none has to be in memory: what
/// [`SigV4Builder::chunked`](crate::SigV4Builder::chunked) takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chunked {
    size: usize,
    is_signed: bool,
    checksum: Option<Checksum>,
}

impl Chunked {
    /// Every chunk is signed: `STREAMING-AWS4-HMAC-SHA256-PAYLOAD`.
    pub fn signed() -> Self {
        Self {
            size: DEFAULT_SIZE,
            is_signed: true,
            checksum: None,
        }
    }

    /// No chunk is signed, a checksum follows: `STREAMING-UNSIGNED-PAYLOAD-TRAILER`, which S3 accepts over TLS.
    pub fn unsigned(checksum: Checksum) -> Self {
        Self {
            size: DEFAULT_SIZE,
            is_signed: false,
            checksum: Some(checksum),
        }
    }

    /// Sends a checksum behind the body, in a trailer that is signed as the chunks are:
    /// `STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER`.
    #[must_use]
    pub fn checksum(self, checksum: Checksum) -> Self {
        Self {
            checksum: Some(checksum),
            ..self
        }
    }

    /// How many bytes make a chunk: 65536 unless told otherwise, and at least 8192. So much is held in memory.
    #[must_use]
    pub fn size(self, bytes: usize) -> Self {
        Self {
            size: bytes,
            ..self
        }
    }

    pub(crate) fn form(self) -> Form {
        match (self.is_signed, self.checksum) {
            (false, _) => Form::UnsignedTrailer,
            (true, None) => Form::Signed,
            (true, Some(_)) => Form::SignedTrailer,
        }
    }

    pub(super) fn chunk_size(self) -> usize {
        self.size
    }

    pub(crate) fn trailer(self) -> Option<Checksum> {
        self.checksum
    }
}

/// Whether a service takes such chunks.
pub(crate) fn check(chunked: Chunked, s3: bool) -> Result<()> {
    match chunked.size {
        _ if !s3 => Err(Error::configuration(
            "only S3 takes a body in signed chunks: give other services a body in memory",
        )),
        MIN_SIZE.. => Ok(()),
        _ => Err(Error::configuration(
            "a chunk of a signed body has at least 8192 bytes",
        )),
    }
}
