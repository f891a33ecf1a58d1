//! The hash functions, and what they yield in hexadecimal.

use std::fmt;
use std::ops::Deref;

use countersign_core::canonical::hex;
use digest::Digest;
use md5::Md5;
use sha2::{Sha256, Sha512, Sha512_256};
use zeroize::DefaultIsZeroes;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Function {
    Md5,
    Sha256,
    Sha512_256,
    Sha512,
}

/// A hash under way.
#[derive(Clone)]
pub(crate) enum Hasher {
    Md5(Md5),
    Sha256(Sha256),
    Sha512_256(Sha512_256),
    Sha512(Sha512),
}

impl Function {
    /// The hash of these parts, one behind the other.
    pub(crate) fn hash(self, parts: &[&[u8]]) -> Hex {
        match self {
            Self::Md5 => finish(Md5::new(), parts),
            Self::Sha256 => finish(Sha256::new(), parts),
            Self::Sha512_256 => finish(Sha512_256::new(), parts),
            Self::Sha512 => finish(Sha512::new(), parts),
        }
    }
}

impl Hasher {
    /// Begins with these parts.
    pub(crate) fn new(function: Function, parts: &[&[u8]]) -> Self {
        match function {
            Function::Md5 => Self::Md5(begin(parts)),
            Function::Sha256 => Self::Sha256(begin(parts)),
            Function::Sha512_256 => Self::Sha512_256(begin(parts)),
            Function::Sha512 => Self::Sha512(begin(parts)),
        }
    }

    /// The hash with these parts behind what it has taken; it can be finished in another way after that.
    pub(crate) fn finish(&self, parts: &[&[u8]]) -> Hex {
        match self {
            Self::Md5(hash) => finish(hash.clone(), parts),
            Self::Sha256(hash) => finish(hash.clone(), parts),
            Self::Sha512_256(hash) => finish(hash.clone(), parts),
            Self::Sha512(hash) => finish(hash.clone(), parts),
        }
    }
}

fn begin<D: Digest>(parts: &[&[u8]]) -> D {
    let mut hash = D::new();
    parts.iter().for_each(|part| hash.update(part));
    hash
}

fn finish<D: Digest>(mut hash: D, parts: &[&[u8]]) -> Hex {
    parts.iter().for_each(|part| hash.update(part));
    Hex::of(&hash.finalize())
}

const MAX_DIGITS: usize = 128;

/// A hash in lower-case hexadecimal: RFC 7616, section 3.1.3.
#[derive(Clone, Copy)]
pub(crate) struct Hex {
    digits: [u8; MAX_DIGITS],
    len: usize,
}

impl Default for Hex {
    fn default() -> Self {
        Self {
            digits: [0; MAX_DIGITS],
            len: 0,
        }
    }
}

impl DefaultIsZeroes for Hex {}

impl Hex {
    fn of(hash: &[u8]) -> Self {
        let mut digits = Self {
            len: 2 * hash.len(),
            ..Self::default()
        };
        hex::fill(hash, &mut digits.digits);
        digits
    }

    /// Takes a hash as a store holds it; `None` if it is none.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        let known = matches!(text.len(), 32 | 64 | MAX_DIGITS);
        if !known || !text.bytes().all(is_digit) {
            return None;
        }
        let mut hex = Self {
            len: text.len(),
            ..Self::default()
        };
        hex.digits[..text.len()].copy_from_slice(text.as_bytes());
        Some(hex)
    }
}

impl Deref for Hex {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.digits[..self.len]
    }
}

impl fmt::Display for Hex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(str::from_utf8(self).unwrap_or_default())
    }
}

/// A nonce count as eight digits: `nc`, RFC 7616, section 3.4.
pub(crate) fn eight_digits(count: u32) -> [u8; 8] {
    let mut digits = [0; 8];
    hex::fill(&count.to_be_bytes(), &mut digits);
    digits
}
