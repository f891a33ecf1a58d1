//! [`Texts`], the byte strings of a session in one piece of memory.

/// Byte strings, one behind the other.
pub(super) struct Texts(Vec<u8>);

/// Where one of them is.
#[derive(Clone, Copy)]
pub(super) struct Text {
    start: usize,
    end: usize,
}

impl Texts {
    pub(super) fn with_capacity(bytes: usize) -> Self {
        Self(Vec::with_capacity(bytes))
    }

    pub(super) fn add(&mut self, bytes: &[u8]) -> Text {
        let start = self.0.len();
        self.0.extend_from_slice(bytes);
        let end = self.0.len();
        Text { start, end }
    }

    pub(super) fn get(&self, text: Text) -> &[u8] {
        &self.0[text.start..text.end]
    }
}
