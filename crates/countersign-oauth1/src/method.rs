//! [`SignatureMethod`], and the hashes behind it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha1::{Digest, Sha1};
use sha2::{Sha256, Sha512};
use smallvec::SmallVec;

/// How a request is signed: RFC 5849, section 3.4, and the same two constructions over SHA-2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignatureMethod {
    /// HMAC-SHA1, the one that every server knows.
    HmacSha1,
    /// HMAC-SHA256.
    HmacSha256,
    /// HMAC-SHA512.
    HmacSha512,
    /// RSASSA-PKCS1-v1_5 over SHA-1.
    RsaSha1,
    /// RSASSA-PKCS1-v1_5 over SHA-256.
    RsaSha256,
    /// RSASSA-PKCS1-v1_5 over SHA-512.
    RsaSha512,
    /// The secrets themselves. Good over TLS only.
    Plaintext,
}

/// A hash function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hash {
    Sha1,
    Sha256,
    Sha512,
}

/// A signature, or a hash in base64, perhaps percent-encoded; in place for every HMAC.
pub(crate) type Text = SmallVec<[u8; 128]>;

impl SignatureMethod {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::HmacSha1,
        Self::HmacSha256,
        Self::HmacSha512,
        Self::RsaSha1,
        Self::RsaSha256,
        Self::RsaSha512,
        Self::Plaintext,
    ];

    /// The name as it is on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::HmacSha1 => "HMAC-SHA1",
            Self::HmacSha256 => "HMAC-SHA256",
            Self::HmacSha512 => "HMAC-SHA512",
            Self::RsaSha1 => "RSA-SHA1",
            Self::RsaSha256 => "RSA-SHA256",
            Self::RsaSha512 => "RSA-SHA512",
            Self::Plaintext => "PLAINTEXT",
        }
    }

    /// The method of a name as people write it, in any case.
    pub fn of(name: &str) -> Option<Self> {
        let is = |method: &Self| method.name().eq_ignore_ascii_case(name);
        Self::ALL.into_iter().find(is)
    }

    /// Whether it signs with a private key.
    pub fn is_rsa(self) -> bool {
        matches!(self, Self::RsaSha1 | Self::RsaSha256 | Self::RsaSha512)
    }

    /// The method of a name on the wire, where case counts.
    pub(crate) fn on_the_wire(name: &str) -> Option<Self> {
        Self::of(name).filter(|method| method.name() == name)
    }

    /// The hash under the signature and of the body; none for PLAINTEXT.
    pub(crate) fn hash(self) -> Option<Hash> {
        match self {
            Self::HmacSha1 | Self::RsaSha1 => Some(Hash::Sha1),
            Self::HmacSha256 | Self::RsaSha256 => Some(Hash::Sha256),
            Self::HmacSha512 | Self::RsaSha512 => Some(Hash::Sha512),
            Self::Plaintext => None,
        }
    }
}

impl Hash {
    /// The hash of a body in base64.
    pub(crate) fn of_body(self, body: &[u8]) -> Text {
        match self {
            Self::Sha1 => base64(&Sha1::digest(body)),
            Self::Sha256 => base64(&Sha256::digest(body)),
            Self::Sha512 => base64(&Sha512::digest(body)),
        }
    }
}

/// `bytes` in base64, with padding.
pub(crate) fn base64(bytes: &[u8]) -> Text {
    let mut text = Text::from_elem(0, bytes.len().div_ceil(3) * 4);
    let written = STANDARD.encode_slice(bytes, &mut text).unwrap_or_default();
    text.truncate(written);
    text
}
