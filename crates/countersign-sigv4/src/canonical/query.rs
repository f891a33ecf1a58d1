//! The canonical query.

use countersign_core::canonical::Sink;
use countersign_core::canonical::percent::{self, DecodeError, Plus};
use countersign_core::canonical::query::{self, RawPair};

/// The parameter that is never signed: the signature of a presigned URL.
pub(crate) const SIGNATURE: &str = "X-Amz-Signature";

/// The query of a request, without [`SIGNATURE`]. A `+` is itself, and is signed as `%2B`; empty pieces between `&`
/// are no parameters.
#[derive(Clone, Copy)]
pub(super) struct Query<'a>(&'a str);

impl<'a> Query<'a> {
    /// # Errors
    ///
    /// A broken percent-escape.
    pub(super) fn new(query: &'a str) -> Result<Self, DecodeError> {
        percent::check(query.as_bytes()).map(|()| Self(query))
    }

    pub(super) fn write(self, sink: &mut impl Sink) {
        let pairs = self.signed();
        query::write_sorted(
            pairs.filter_map(|pair| pair.canonical(Plus::Literal).ok()),
            sink,
        );
    }

    fn signed(self) -> impl Iterator<Item = RawPair<'a>> + Clone {
        query::pairs(self.0).filter(|pair| !pair.as_str().is_empty() && pair.name() != SIGNATURE)
    }
}
