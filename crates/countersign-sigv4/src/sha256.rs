//! SHA-256 of texts that stand in memory: padded where they stand, and compressed in one go (FIPS 180-4, section 5.1.1).

use countersign_core::canonical::Sink;
use countersign_core::sha256_padded;

use crate::hex::Hex;

/// The length of a block, in bytes.
const BLOCK: usize = 64;

/// A text that is put together to be hashed. Up to `N` bytes it takes no heap allocation.
pub(crate) struct Text<const N: usize> {
    start: [u8; N],
    length: usize,
    /// All of it, once it is longer.
    whole: Vec<u8>,
}

/// A canonical request.
pub(crate) type Long = Text<1024>;

/// A string to sign.
pub(crate) type Short = Text<256>;

impl<const N: usize> Text<N> {
    pub(crate) fn as_bytes(&self) -> &[u8] {
        match self.whole.as_slice() {
            [] => &self.start[..self.length],
            whole => whole,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.as_bytes().len()
    }

    /// Its hash.
    pub(crate) fn hash(&mut self) -> Hex {
        const ZEROS: [u8; BLOCK] = [0; BLOCK];
        let length = self.len();
        let padded = (length + 9).next_multiple_of(BLOCK);
        self.put(&[0x80]);
        self.put(&ZEROS[..padded - length - 9]);
        self.put(&(8 * length as u64).to_be_bytes());
        let hash = Hex::of(&sha256_padded(self.as_bytes().as_chunks().0));
        self.truncate(length);
        hash
    }

    fn truncate(&mut self, length: usize) {
        match self.whole.is_empty() {
            true => self.length = length,
            false => self.whole.truncate(length),
        }
    }

    #[cold]
    fn spill(&mut self, bytes: &[u8]) {
        if self.whole.is_empty() {
            self.whole.reserve(4 * N);
            self.whole.extend_from_slice(&self.start[..self.length]);
        }
        self.whole.extend_from_slice(bytes);
    }
}

impl<const N: usize> Default for Text<N> {
    fn default() -> Self {
        Self {
            start: [0; N],
            length: 0,
            whole: Vec::new(),
        }
    }
}

impl<const N: usize> Sink for Text<N> {
    #[inline]
    fn put(&mut self, bytes: &[u8]) {
        let end = self.length + bytes.len();
        match self.start.get_mut(self.length..end) {
            Some(place) if self.whole.is_empty() => {
                place.copy_from_slice(bytes);
                self.length = end;
            }
            _ => self.spill(bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::{Digest, Sha256};

    #[test]
    fn it_is_the_hash_of_the_library_at_every_length() {
        let all: Vec<u8> = (0..=u8::MAX).collect();
        for length in 0..all.len() {
            let mut text = Text::<128>::default();
            text.put(&all[..length / 3]);
            text.put(&all[length / 3..length]);
            let expected = Hex::of(&Sha256::digest(&all[..length]).into());
            assert_eq!(text.hash().as_bytes(), expected.as_bytes(), "{length}");
            assert_eq!(text.as_bytes(), &all[..length]);
        }
    }
}
