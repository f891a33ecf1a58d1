//! Hashes in lower-case hexadecimal.

use countersign_core::canonical::hex;

/// A SHA-256 in lower-case hexadecimal.
#[derive(Clone, Copy)]
pub(crate) struct Hex([u8; 64]);

impl Hex {
    pub(crate) fn of(hash: &[u8; 32]) -> Self {
        let mut digits = [0; 64];
        hex::fill(hash, &mut digits);
        Self(digits)
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn as_str(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// Whether `text` is a hash as [`Hex`] writes it.
pub(crate) fn is_hash(text: &[u8]) -> bool {
    text.len() == 64
        && text
            .iter()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
