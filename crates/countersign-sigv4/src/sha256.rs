//! SHA-256 of texts that stand in memory: padded where they stand, and compressed in one go (FIPS 180-4, section 5.1.1).

use countersign_core::canonical::Sink;
use sha2::block_api::compress256;
use smallvec::SmallVec;

use crate::hex::Hex;

/// What a hash has come to after whole blocks.
pub(crate) type State = [u32; 8];

/// The length of a block, in bytes.
pub(crate) const BLOCK: usize = 64;

/// FIPS 180-4, section 5.3.3.
pub(crate) const INITIAL: State = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// A text that is put together to be hashed. Up to a kilobyte it takes no heap allocation.
#[derive(Default)]
pub(crate) struct Text(SmallVec<[u8; 1024]>);

impl Text {
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Its hash.
    pub(crate) fn hash(&mut self) -> Hex {
        Hex::of(&self.hash_after(INITIAL, 0))
    }

    /// The hash of `before` bytes, which `state` stands for, and this.
    pub(crate) fn hash_after(&mut self, mut state: State, before: usize) -> [u8; 32] {
        const ZEROS: [u8; BLOCK] = [0; BLOCK];
        let length = self.0.len();
        let bits = 8 * (before + length) as u64;
        let padded = (length + 9).next_multiple_of(BLOCK);
        self.0.push(0x80);
        self.0.extend_from_slice(&ZEROS[..padded - length - 9]);
        self.0.extend_from_slice(&bits.to_be_bytes());
        compress256(&mut state, self.0.as_chunks().0);
        self.0.truncate(length);
        bytes(state)
    }
}

impl Sink for Text {
    fn put(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }
}

/// A state as it is written.
pub(crate) fn bytes(state: State) -> [u8; 32] {
    let mut bytes = [0; 32];
    for (four, word) in bytes.chunks_exact_mut(4).zip(state) {
        four.copy_from_slice(&word.to_be_bytes());
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::{Digest, Sha256};

    #[test]
    fn it_is_the_hash_of_the_library_at_every_length() {
        let all: Vec<u8> = (0..=u8::MAX).collect();
        for length in 0..all.len() {
            let mut text = Text::default();
            text.put(&all[..length]);
            let expected = Hex::of(&Sha256::digest(&all[..length]).into());
            assert_eq!(text.hash().as_bytes(), expected.as_bytes(), "{length}");
            assert_eq!(text.as_bytes(), &all[..length]);
        }
    }
}
