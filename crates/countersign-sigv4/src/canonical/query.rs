//! The canonical query.

use countersign_core::canonical::Sink;
use countersign_core::canonical::percent::{self, DecodeError, Plus};
use countersign_core::canonical::query::{self, RawPair};

/// The parameter that is never signed: the signature of a presigned URL.
pub(crate) const SIGNATURE: &str = "X-Amz-Signature";

/// What the names of all parameters begin with that presigning adds.
const X_AMZ: &str = "X-Amz-";

/// The query of a request, without [`SIGNATURE`]. A `+` is itself, and is signed as `%2B`; empty pieces between `&`
/// are no parameters.
#[derive(Clone, Copy)]
pub(crate) struct Query<'a> {
    own: &'a str,
    /// What presigning adds, in canonical form and order.
    added: &'a str,
}

impl<'a> Query<'a> {
    pub(crate) fn new(own: &'a str) -> Self {
        Self { own, added: "" }
    }

    /// With what presigning adds, in canonical form and order.
    pub(crate) fn presigned(own: &'a str, added: &'a str) -> Self {
        Self { own, added }
    }

    /// # Errors
    ///
    /// A broken percent-escape.
    pub(super) fn write(self, sink: &mut impl Sink) -> Result<(), DecodeError> {
        if self.own.is_empty() {
            sink.put(self.added.as_bytes());
            return Ok(());
        }
        percent::check(self.own.as_bytes())?;
        let own = || {
            self.own()
                .filter_map(|pair| pair.canonical(Plus::Literal).ok())
        };
        let added = || {
            query::pairs(self.added)
                .map(|pair| (pair.name().into(), pair.value().unwrap_or_default().into()))
        };
        match (self.added, own().any(|(name, _)| name.starts_with(X_AMZ))) {
            ("", _) => query::write_sorted(own(), sink),
            // They stand in one place, so they are as good as one pair.
            (added, false) => {
                let one = added.split_once('=').unwrap_or_default();
                query::write_sorted(own().chain([(one.0.into(), one.1.into())]), sink);
            }
            (_, true) => query::write_sorted(own().chain(added()), sink),
        }
        Ok(())
    }

    fn own(self) -> impl Iterator<Item = RawPair<'a>> + Clone {
        query::pairs(self.own).filter(|pair| !pair.as_str().is_empty() && pair.name() != SIGNATURE)
    }
}
