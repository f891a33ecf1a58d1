//! The canonical headers.

use countersign_core::canonical::{Sink, header};
use http::HeaderMap;
use http::header::HOST;
use smallvec::SmallVec;

/// The fields that are signed, sorted by name; those of one name in the order of the request.
pub(crate) struct SignedHeaders<'a>(SmallVec<[Field<'a>; 32]>);

type Field<'a> = (&'a str, &'a [u8]);

impl<'a> SignedHeaders<'a> {
    /// The fields of a request that `signs` says yes to, and its host.
    pub(crate) fn choose(
        headers: &'a HeaderMap,
        host: &'a str,
        signs: impl Fn(&str) -> bool,
    ) -> Self {
        let fields = headers
            .iter()
            .filter(|(name, _)| *name != HOST && signs(name.as_str()))
            .map(|(name, value)| (name.as_str(), value.as_bytes()));
        let mut fields: SmallVec<_> = fields.chain([("host", host.as_bytes())]).collect();
        // Stable, so that a repeated field keeps its order.
        fields.sort_by_key(|(name, _)| *name);
        Self(fields)
    }

    fn groups(&self) -> impl Iterator<Item = &[Field<'a>]> {
        self.0.chunk_by(|(left, _), (right, _)| left == right)
    }

    /// The names in order, each once.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'a str> {
        self.groups()
            .filter_map(|group| group.first())
            .map(|(name, _)| *name)
    }

    /// Writes the names joined by `;`.
    pub(crate) fn write_names(&self, sink: &mut impl Sink) {
        for (index, name) in self.names().enumerate() {
            if index > 0 {
                sink.put(b";");
            }
            sink.put(name.as_bytes());
        }
    }

    /// Writes a line for each name.
    pub(super) fn write_lines(&self, sink: &mut impl Sink) {
        for (name, group) in self.names().zip(self.groups()) {
            sink.put(name.as_bytes());
            sink.put(b":");
            match group {
                [(_, value)] if has_no_space(value) => sink.put(value),
                group => header::write_joined(group.iter().map(|(_, value)| *value), sink),
            }
            sink.put(b"\n");
        }
    }
}

/// Whether nothing in it can be collapsed. Every byte is looked at, as that takes fewer steps than stopping early.
fn has_no_space(value: &[u8]) -> bool {
    let is_space = |byte: &u8| u8::from(*byte == b' ') | u8::from(*byte == b'\t');
    value.iter().fold(0, |any, byte| any | is_space(byte)) == 0
}
