//! The canonical request, which client and server build alike.

mod headers;
pub(crate) mod host;
mod path;
mod query;

use countersign_core::canonical::Sink;
use countersign_core::canonical::percent::DecodeError;
use sha2::{Digest, Sha256};

pub(crate) use headers::SignedHeaders;
pub use path::PathStyle;
use query::Query;
pub(crate) use query::SIGNATURE;

use crate::hex::Hex;

/// All that a signature covers.
pub(crate) struct CanonicalRequest<'a> {
    method: &'a str,
    path: (PathStyle, &'a str),
    query: Query<'a>,
    headers: SignedHeaders<'a>,
    payload: &'a str,
}

impl<'a> CanonicalRequest<'a> {
    /// `target` is path and query as sent, `payload` the hash of the body or the word that stands for it.
    ///
    /// # Errors
    ///
    /// A broken percent-escape in the query.
    pub(crate) fn new(
        method: &'a str,
        style: PathStyle,
        target: (&'a str, &'a str),
        headers: SignedHeaders<'a>,
        payload: &'a str,
    ) -> Result<Self, DecodeError> {
        let (path, query) = target;
        Ok(Self {
            method,
            path: (style, path),
            query: Query::new(query)?,
            headers,
            payload,
        })
    }

    pub(crate) fn headers(&self) -> &SignedHeaders<'a> {
        &self.headers
    }

    pub(crate) fn write(&self, sink: &mut impl Sink) {
        let (style, path) = self.path;
        sink.put(self.method.as_bytes());
        sink.put(b"\n");
        style.write(path, sink);
        sink.put(b"\n");
        self.query.write(sink);
        sink.put(b"\n");
        self.headers.write_lines(sink);
        sink.put(b"\n");
        self.headers.write_names(sink);
        sink.put(b"\n");
        sink.put(self.payload.as_bytes());
    }

    pub(crate) fn hash(&self) -> Hex {
        let mut hash = Sha256::new();
        self.write(&mut |bytes: &[u8]| hash.update(bytes));
        Hex::of(&hash.finalize().into())
    }
}
