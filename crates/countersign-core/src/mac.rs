//! [`HmacSha256`] and [`sha256_padded`], for signatures of short texts.

use std::fmt;

use sha2::block_api::compress256;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

type State = [u32; 8];

/// The length of a block, in bytes.
const BLOCK: usize = 64;

/// FIPS 180-4, section 5.3.3.
const INITIAL: State = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// A key of HMAC-SHA256 as the two states after its pads (RFC 2104, section 4), so that a MAC hashes nothing but what it
/// covers. It is wiped from memory when dropped.
#[derive(Clone)]
pub struct HmacSha256(Zeroizing<[State; 2]>);

impl HmacSha256 {
    /// A key of any length.
    pub fn new(key: &[u8]) -> Self {
        let mut block = Zeroizing::new([0; BLOCK]);
        match block.get_mut(..key.len()) {
            Some(start) => start.copy_from_slice(key),
            None => block[..32].copy_from_slice(&Sha256::digest(key)),
        }
        let padded = |pad: u8| {
            let mut state = INITIAL;
            compress256(&mut state, &[block.map(|byte| byte ^ pad)]);
            state
        };
        Self(Zeroizing::new([padded(0x36), padded(0x5c)]))
    }

    /// The MAC of a text.
    pub fn mac(&self, text: &[u8]) -> [u8; 32] {
        let [mut inner, mut outer] = *self.0;
        let (blocks, rest) = text.as_chunks();
        compress256(&mut inner, blocks);
        finish(&mut inner, rest, BLOCK + text.len());
        finish(&mut outer, &bytes(inner), BLOCK + 32);
        bytes(outer)
    }
}

/// SHA-256 of a text that the caller padded to whole blocks where it stands (FIPS 180-4, section 5.1.1), so that it is
/// hashed in one go and not copied.
pub fn sha256_padded(blocks: &[[u8; 64]]) -> [u8; 32] {
    let mut state = INITIAL;
    compress256(&mut state, blocks);
    bytes(state)
}

/// Hashes the rest of a text, less than a block, with the padding behind it; `length` is that of all that was hashed, in
/// bytes (FIPS 180-4, section 5.1.1).
fn finish(state: &mut State, rest: &[u8], length: usize) {
    let mut last = [0; 2 * BLOCK];
    last[..rest.len()].copy_from_slice(rest);
    last[rest.len()] = 0x80;
    let end = (rest.len() + 9).next_multiple_of(BLOCK);
    last[end - 8..end].copy_from_slice(&(8 * length as u64).to_be_bytes());
    compress256(state, last[..end].as_chunks().0);
}

fn bytes(state: State) -> [u8; 32] {
    let mut bytes = [0; 32];
    for (four, word) in bytes.as_chunks_mut().0.iter_mut().zip(state) {
        *four = word.to_be_bytes();
    }
    bytes
}

impl fmt::Debug for HmacSha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HmacSha256")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use hmac::{Hmac, KeyInit, Mac};

    use super::*;

    #[test]
    fn it_is_the_one_of_the_library_for_every_length() {
        let bytes: Vec<u8> = (0..=u8::MAX).collect();
        for key in 0..=130 {
            let ours = HmacSha256::new(&bytes[..key]);
            for text in [&bytes[..key], &bytes[key..], &bytes[..2 * key.min(100)]] {
                let mut library = Hmac::<Sha256>::new_from_slice(&bytes[..key]).unwrap();
                library.update(text);
                assert_eq!(ours.mac(text), *library.finalize().into_bytes());
            }
        }
    }
}
