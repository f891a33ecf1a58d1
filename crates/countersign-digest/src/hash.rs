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

impl Hasher {
    pub(crate) fn new(function: Function) -> Self {
        match function {
            Function::Md5 => Self::Md5(Md5::new()),
            Function::Sha256 => Self::Sha256(Sha256::new()),
            Function::Sha512_256 => Self::Sha512_256(Sha512_256::new()),
            Function::Sha512 => Self::Sha512(Sha512::new()),
        }
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Md5(hash) => hash.update(bytes),
            Self::Sha256(hash) => hash.update(bytes),
            Self::Sha512_256(hash) => hash.update(bytes),
            Self::Sha512(hash) => hash.update(bytes),
        }
    }

    /// Adds each part with a colon behind it.
    pub(crate) fn fields(&mut self, parts: &[&[u8]]) {
        for part in parts {
            self.update(part);
            self.update(b":");
        }
    }

    pub(crate) fn finish(self) -> Hex {
        match self {
            Self::Md5(hash) => Hex::of(&hash.finalize()),
            Self::Sha256(hash) => Hex::of(&hash.finalize()),
            Self::Sha512_256(hash) => Hex::of(&hash.finalize()),
            Self::Sha512(hash) => Hex::of(&hash.finalize()),
        }
    }
}

impl Function {
    /// The hash of `bytes`.
    pub(crate) fn hash(self, bytes: &[u8]) -> Hex {
        let mut hasher = Hasher::new(self);
        hasher.update(bytes);
        hasher.finish()
    }
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
