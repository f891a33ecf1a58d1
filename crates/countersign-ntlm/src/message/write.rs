//! What all three messages share when they are written.

use std::ops::Range;

use super::{Flags, MessageError, SIGNATURE, text};

/// A message being written: a fixed part, and fields behind it.
pub(super) struct Writer(pub(super) Vec<u8>);

impl Writer {
    /// A fixed part of `head` bytes, with room for all that follows.
    pub(super) fn new(kind: u32, head: usize, capacity: usize) -> Self {
        let mut bytes = Vec::with_capacity(capacity);
        bytes.extend_from_slice(&SIGNATURE);
        bytes.extend_from_slice(&kind.to_le_bytes());
        bytes.resize(head, 0);
        Self(bytes)
    }

    /// Fills in a place of the fixed part.
    pub(super) fn set(&mut self, at: usize, bytes: &[u8]) {
        self.0[at..at + bytes.len()].copy_from_slice(bytes);
    }

    /// Appends a field, with its descriptor at `at`; says where it lies.
    pub(super) fn field(
        &mut self,
        at: usize,
        write: impl FnOnce(&mut Vec<u8>),
    ) -> Result<Range<usize>, MessageError> {
        let start = self.0.len();
        write(&mut self.0);
        let length = u16::try_from(self.0.len() - start).map_err(|_| MessageError::TooLarge)?;
        let offset = u32::try_from(start).map_err(|_| MessageError::TooLarge)?;
        self.set(at, &length.to_le_bytes());
        self.set(at + 2, &length.to_le_bytes());
        self.set(at + 4, &offset.to_le_bytes());
        Ok(start..self.0.len())
    }

    /// Appends a text as the flags have it.
    pub(super) fn text(&mut self, at: usize, text: &str, flags: Flags) -> Result<(), MessageError> {
        let mut written = Ok(());
        self.field(at, |out| written = text::write(text, flags, out))?;
        written
    }
}
