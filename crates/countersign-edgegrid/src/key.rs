//! The keys, and what is written with them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use countersign_core::{HmacSha256, Secret};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The client secret.
#[derive(Clone)]
pub(crate) struct ClientKey(HmacSha256);

impl ClientKey {
    pub(crate) fn new(secret: &Secret) -> Self {
        Self(HmacSha256::new(secret.expose()))
    }

    pub(crate) fn at(&self, timestamp: &str) -> SigningKey {
        SigningKey(HmacSha256::new(self.text(timestamp).as_bytes()))
    }

    /// The key of one second: the MAC of its timestamp, in base64.
    pub(crate) fn text(&self, timestamp: &str) -> Base64 {
        Base64::of(&self.0.mac(timestamp.as_bytes()))
    }
}

/// The key of one second.
#[derive(Clone)]
pub(crate) struct SigningKey(HmacSha256);

impl SigningKey {
    pub(crate) fn sign(&self, data: &[u8]) -> Base64 {
        Base64::of(&self.0.mac(data))
    }
}

/// A SHA-256 or its HMAC in base64.
#[derive(Clone, Copy)]
pub(crate) struct Base64([u8; 44]);

impl Base64 {
    fn of(hash: &[u8; 32]) -> Self {
        let mut text = [0; 44];
        let written = STANDARD.encode_slice(hash, &mut text);
        debug_assert_eq!(written, Ok(44));
        Self(text)
    }

    pub(crate) fn hash(body: &[u8]) -> Self {
        Self::of(&Sha256::digest(body).into())
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn as_str(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Compares in constant time.
    pub(crate) fn is(&self, other: &str) -> bool {
        self.0.ct_eq(other.as_bytes()).into()
    }
}
