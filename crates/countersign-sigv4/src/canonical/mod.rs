//! The canonical request, which client and server build alike.

mod headers;
mod path;
mod query;

use std::ops::Range;

use countersign_core::canonical::Sink;
use countersign_core::canonical::percent::DecodeError;

pub(crate) use headers::SignedHeaders;
pub use path::PathStyle;
pub(crate) use query::{Query, SIGNATURE};

use crate::sha256::Long;

/// All that a signature covers.
pub(crate) struct CanonicalRequest<'a> {
    pub(crate) method: &'a str,
    /// The path as sent, and how the service reads it.
    pub(crate) path: (PathStyle, &'a str),
    pub(crate) query: Query<'a>,
    pub(crate) headers: SignedHeaders<'a>,
    /// The hash of the body, or the word that stands for it.
    pub(crate) payload: &'a str,
}

impl CanonicalRequest<'_> {
    /// Writes it; gives the place of the names of the signed headers.
    ///
    /// # Errors
    ///
    /// A broken percent-escape in the query, or in a path that is decoded.
    pub(crate) fn write(&self, text: &mut Long) -> Result<Range<usize>, DecodeError> {
        let (style, path) = self.path;
        text.put(self.method.as_bytes());
        text.put(b"\n");
        style.write(path, text)?;
        text.put(b"\n");
        self.query.write(text)?;
        text.put(b"\n");
        self.headers.write_lines(text);
        text.put(b"\n");
        let start = text.len();
        self.headers.write_names(text);
        let names = start..text.len();
        text.put(b"\n");
        text.put(self.payload.as_bytes());
        Ok(names)
    }
}
