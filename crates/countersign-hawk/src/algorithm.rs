//! [`Algorithm`], and what is computed with it.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use countersign_core::{Error, HmacSha256, Result, Secret};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The hash function of a key. It belongs to the key and is never negotiated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// `sha1`, for keys that were issued for it.
    Sha1,
    /// `sha256`.
    Sha256,
}

impl FromStr for Algorithm {
    type Err = Error;

    /// Reads `sha1` or `sha256`, as keys are issued for them.
    fn from_str(name: &str) -> Result<Self> {
        match name {
            "sha1" => Ok(Self::Sha1),
            "sha256" => Ok(Self::Sha256),
            _ => Err(Error::configuration(
                "not an algorithm of Hawk: give sha1 or sha256, in lower case",
            )),
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha256",
        })
    }
}

impl Algorithm {
    /// The hash of `parts`, one behind the other.
    pub(crate) fn hash(self, parts: &[&[u8]]) -> Base64 {
        match self {
            Self::Sha1 => hash::<Sha1>(parts),
            Self::Sha256 => hash::<Sha256>(parts),
        }
    }
}

fn hash<D: Digest>(parts: &[&[u8]]) -> Base64 {
    let mut hash = D::new();
    for part in parts {
        hash.update(part);
    }
    Base64::of(&hash.finalize())
}

/// A key as the states of HMAC after its pads, so that a MAC hashes nothing but what it covers.
#[derive(Clone)]
pub(crate) enum Keyed {
    Sha1(Hmac<Sha1>),
    Sha256(HmacSha256),
}

impl Keyed {
    pub(crate) fn new(algorithm: Algorithm, key: &Secret) -> Result<Self> {
        let key = key.expose();
        match algorithm {
            Algorithm::Sha1 => Hmac::new_from_slice(key)
                .map(Self::Sha1)
                .map_err(|_| Error::configuration("the Hawk key cannot be used")),
            Algorithm::Sha256 => Ok(Self::Sha256(HmacSha256::new(key))),
        }
    }

    pub(crate) fn algorithm(&self) -> Algorithm {
        match self {
            Self::Sha1(_) => Algorithm::Sha1,
            Self::Sha256(_) => Algorithm::Sha256,
        }
    }

    pub(crate) fn mac(&self, text: &[u8]) -> Base64 {
        match self {
            Self::Sha1(keyed) => {
                Base64::of(&keyed.clone().chain_update(text).finalize().into_bytes())
            }
            Self::Sha256(keyed) => Base64::of(&keyed.mac(text)),
        }
    }
}

const MAX: usize = 44;

/// A hash or a MAC in base64.
#[derive(Clone, Copy)]
pub(crate) struct Base64 {
    text: [u8; MAX],
    len: usize,
}

impl Base64 {
    fn of(hash: &[u8]) -> Self {
        let mut text = [0; MAX];
        let len = STANDARD.encode_slice(hash, &mut text).unwrap_or_default();
        Self { text, len }
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.text[..self.len]
    }

    pub(crate) fn as_str(&self) -> &str {
        str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    /// Compares in constant time.
    pub(crate) fn is(&self, other: impl AsRef<[u8]>) -> bool {
        // Nothing may match what could not be encoded.
        self.len > 0 && bool::from(self.as_bytes().ct_eq(other.as_ref()))
    }
}
