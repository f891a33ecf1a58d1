//! [`Limits`].

/// What the stack of any thread has room for.
const DEEPEST: usize = 256;

/// How large a file may be.
///
/// ```
/// use countersign_postman::{Collection, ErrorKind, Limits};
///
/// let limits = Limits::default().bytes(10);
/// let error = Collection::parse_within(br#"{"item": []}"#, limits).unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::TooLarge);
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Limits {
    /// The size of the file in bytes. 64 MiB by default.
    pub bytes: usize,
    /// How many folders may lie within each other, at most 256. 128 by default.
    pub depth: usize,
    /// How many requests and folders there may be. 100 000 by default.
    pub items: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 64 << 20,
            depth: 128,
            items: 100_000,
        }
    }
}

impl Limits {
    /// The same with another size in bytes.
    #[must_use]
    pub fn bytes(self, bytes: usize) -> Self {
        Self { bytes, ..self }
    }

    /// The same with another depth of folders.
    #[must_use]
    pub fn depth(self, depth: usize) -> Self {
        Self { depth, ..self }
    }

    /// The same with another number of items.
    #[must_use]
    pub fn items(self, items: usize) -> Self {
        Self { items, ..self }
    }

    /// How many folders may lie within each other.
    pub(crate) fn folders(&self) -> usize {
        self.depth.min(DEEPEST)
    }

    /// How deep the JSON of so many folders may nest, with what a request holds.
    pub(crate) fn nesting(&self) -> usize {
        self.folders() * 2 + 64
    }
}
