//! [`Decode`], which verifies a request's body while it streams.

use http::request;

use super::Reason;

/// Decodes and verifies the body of an accepted request while it streams, as `aws-chunked` wants it: the mirror of
/// [`Encode`](crate::Encode).
///
/// It gives out nothing that is not verified, and keeps no more than one chunk.
pub trait Decode: Send + Sync + 'static {
    /// Corrects the head for whoever reads the decoded body: takes the coding out of `Content-Encoding`, say. The
    /// layer corrects `Content-Length`.
    fn correct(&self, request: &mut request::Parts) {
        let _ = request;
    }

    /// How many bytes the decoded body has, if that is known.
    fn decoded_len(&self) -> Option<u64>;

    /// Takes what came next of the body, and appends to `out` what is decoded and verified of it.
    ///
    /// # Errors
    ///
    /// [`Reason::Forbidden`] for a wrong signature, [`Reason::Malformed`] for what breaks the coding. Then nothing of
    /// `out` is given out.
    fn decode(&mut self, data: &[u8], out: &mut Vec<u8>) -> Result<(), Reason>;

    /// Says that the body is at its end.
    ///
    /// # Errors
    ///
    /// As for [`decode`](Self::decode), for a body that was cut off too.
    fn finish(&mut self) -> Result<(), Reason>;
}
