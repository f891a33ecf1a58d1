//! Bodies in chunks, each signed over the signature before it: `aws-chunked`, as the documentation of Amazon S3
//! specifies it ("Transferring Payload in Multiple Chunks", "Including Trailing Headers").

mod chain;
mod checksum;
mod decode;
mod encode;
mod settings;
mod trailer;

use http::header::HeaderName;

pub(crate) use chain::Chain;
pub use checksum::Checksum;
pub(crate) use decode::Decoder;
pub(crate) use encode::{Encoder, encoded_len};
pub use settings::Chunked;
pub(crate) use settings::check;
pub(crate) use trailer::Trailers;

pub(crate) const X_AMZ_DECODED_CONTENT_LENGTH: HeaderName =
    HeaderName::from_static("x-amz-decoded-content-length");
pub(crate) const X_AMZ_TRAILER: HeaderName = HeaderName::from_static("x-amz-trailer");

/// The name of the coding in `Content-Encoding`.
pub(crate) const AWS_CHUNKED: &str = "aws-chunked";

/// What stands before the signature of a chunk.
const CHUNK_SIGNATURE: &str = ";chunk-signature=";

/// The trailer that signs the others.
const TRAILER_SIGNATURE: &str = "x-amz-trailer-signature:";

/// How the chunks of a body are protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Each chunk is signed.
    Signed,
    /// Each chunk is signed, and so are the trailers.
    SignedTrailer,
    /// Neither is; a checksum follows.
    UnsignedTrailer,
}

impl Form {
    const ALL: [Self; 3] = [Self::Signed, Self::SignedTrailer, Self::UnsignedTrailer];

    /// What stands for the body's hash.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Signed => "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
            Self::SignedTrailer => "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
            Self::UnsignedTrailer => "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        }
    }

    /// The form that a word says.
    pub(crate) fn read(word: &[u8]) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|form| form.word().as_bytes() == word)
    }

    pub(crate) fn is_signed(self) -> bool {
        self != Self::UnsignedTrailer
    }

    pub(crate) fn has_trailer(self) -> bool {
        self != Self::Signed
    }
}
