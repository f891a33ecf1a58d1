//! RSA keys.
//!
//! Keys are signed with and verified by, never decrypted with, and every signature is blinded (RUSTSEC-2023-0071).

mod read;
mod sign;

use std::fmt;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use countersign_core::{Error, Result};
use sha1::Sha1;
use sha2::{Sha256, Sha512};

pub use read::KeyReader;
pub(crate) use sign::Signer;

use crate::method::{Hash, SignatureMethod};

/// A private key, for signing. `Debug` shows nothing of it.
#[derive(Clone)]
pub struct PrivateKey(Arc<rsa::PrivateKey>);

/// A public key, for verifying.
#[derive(Clone)]
pub struct PublicKey(Arc<rsa::PublicKey>);

impl PrivateKey {
    /// Its public half.
    pub fn public(&self) -> PublicKey {
        PublicKey(Arc::new(self.0.to_public_key()))
    }

    /// What signs by `method`.
    pub(crate) fn signer(&self, method: SignatureMethod) -> Result<Signer> {
        Ok(Signer {
            key: self.clone(),
            hash: hash(method)?,
        })
    }
}

impl PublicKey {
    /// Whether `signature`, in base64, is one of `text` by `method`.
    pub(crate) fn verifies(&self, method: SignatureMethod, text: &[u8], signature: &str) -> bool {
        let Ok(bytes) = STANDARD.decode(signature) else {
            return false;
        };
        let verified = match hash(method) {
            Ok(Hash::Sha1) => self.0.pkcs1v15_verify::<Sha1>(text, &bytes),
            Ok(Hash::Sha256) => self.0.pkcs1v15_verify::<Sha256>(text, &bytes),
            Ok(Hash::Sha512) => self.0.pkcs1v15_verify::<Sha512>(text, &bytes),
            Err(_) => return false,
        };
        verified.is_ok()
    }
}

/// The hash of an RSA method.
fn hash(method: SignatureMethod) -> Result<Hash> {
    let hash = method.hash().filter(|_| method.is_rsa());
    hash.ok_or_else(|| {
        Error::configuration(
            "a private key signs by RSA: choose an RSA method, or give a consumer secret",
        )
    })
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrivateKey([redacted])")
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PublicKey(..)")
    }
}
