//! The keys, and what is written with them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use countersign_core::{Error, Result, Secret};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The client secret as the states of HMAC after its pads.
#[derive(Clone)]
pub(crate) struct ClientKey(Hmac<Sha256>);

impl ClientKey {
    pub(crate) fn new(secret: &Secret) -> Result<Self> {
        keyed(secret.expose()).map(Self)
    }

    pub(crate) fn at(&self, timestamp: &str) -> Result<SigningKey> {
        keyed(self.text(timestamp).as_bytes()).map(SigningKey)
    }

    /// The key of one second: the MAC of its timestamp, in base64.
    pub(crate) fn text(&self, timestamp: &str) -> Base64 {
        mac(self.0.clone(), timestamp.as_bytes())
    }
}

/// The key of one second, in the same form.
#[derive(Clone)]
pub(crate) struct SigningKey(Hmac<Sha256>);

impl SigningKey {
    pub(crate) fn sign(&self, data: &[u8]) -> Base64 {
        mac(self.0.clone(), data)
    }
}

fn keyed(key: &[u8]) -> Result<Hmac<Sha256>> {
    Hmac::new_from_slice(key)
        .map_err(|_| Error::configuration("the EdgeGrid client_secret cannot be used"))
}

fn mac(mut keyed: Hmac<Sha256>, text: &[u8]) -> Base64 {
    keyed.update(text);
    Base64::of(&keyed.finalize().into_bytes().into())
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
