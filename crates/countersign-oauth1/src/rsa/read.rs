//! [`KeyReader`], which reads keys in PEM.

use std::sync::Arc;

use countersign_core::{Error, Result, Secret};
use rsa::pkcs1::{DecodeRsaPrivateKey, DecodeRsaPublicKey};
use rsa::pkcs8::{DecodePrivateKey, DecodePublicKey};
use rsa::traits::PublicKeyParts;

use super::{PrivateKey, PublicKey};

/// The longest PEM that is read, in bytes; a key of 8192 bits has about 6 KiB.
const MAX_PEM: usize = 32 << 10;

/// The shortest key that is taken for safe, in bits.
const SAFE: u32 = 2048;

/// The shortest key that can be allowed, in bits.
const LEAST: u32 = 1024;

/// Longer keys cost a verifier too much, in bits.
const MORE_THAN_MOST: u32 = 8193;

/// How keys are read.
#[derive(Clone, Debug, Default)]
pub struct KeyReader {
    password: Option<Secret>,
    weak: bool,
}

impl KeyReader {
    /// Reads keys of 2048 to 8192 bits that are not encrypted.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads encrypted keys (PKCS#8, `BEGIN ENCRYPTED PRIVATE KEY`) too.
    #[must_use]
    pub fn password(self, password: impl Into<Secret>) -> Self {
        Self {
            password: Some(password.into()),
            ..self
        }
    }

    /// Reads keys from 1024 bits on, which are no longer safe. Off by default.
    #[must_use]
    pub fn allow_weak_key(self, allow: bool) -> Self {
        Self {
            weak: allow,
            ..self
        }
    }

    /// Reads a private key in PEM: PKCS#8, encrypted or not, or PKCS#1 (`BEGIN RSA PRIVATE KEY`).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for anything else, for a wrong password, and for a key that is too short. The
    /// error holds nothing of the key.
    pub fn private(&self, pem: &str) -> Result<PrivateKey> {
        let pem = checked(pem)?;
        let key = match pem {
            _ if pem.contains("BEGIN ENCRYPTED PRIVATE KEY") => self.decrypted(pem)?,
            _ if pem.contains("BEGIN RSA PRIVATE KEY") => {
                rsa::PrivateKey::from_pkcs1_pem(pem).map_err(|_| no_private_key())?
            }
            _ => rsa::PrivateKey::from_pkcs8_pem(pem).map_err(|_| no_private_key())?,
        };
        self.check(&key, no_private_key)?;
        Ok(PrivateKey(Arc::new(key)))
    }

    fn decrypted(&self, pem: &str) -> Result<rsa::PrivateKey> {
        let password = self.password.as_ref().ok_or_else(no_password)?;
        let key = rsa::PrivateKey::from_pkcs8_encrypted_pem(pem, password.expose());
        key.map_err(|_| not_decrypted())
    }

    /// Reads a public key in PEM: `BEGIN PUBLIC KEY`, or PKCS#1 (`BEGIN RSA PUBLIC KEY`).
    ///
    /// # Errors
    ///
    /// As for [`private`](Self::private).
    pub fn public(&self, pem: &str) -> Result<PublicKey> {
        let pem = checked(pem)?;
        let key = match pem.contains("BEGIN RSA PUBLIC KEY") {
            true => rsa::PublicKey::from_pkcs1_pem(pem).map_err(|_| no_public_key())?,
            false => rsa::PublicKey::from_public_key_pem(pem).map_err(|_| no_public_key())?,
        };
        self.check(&key, no_public_key)?;
        Ok(PublicKey(Arc::new(key)))
    }

    fn check(&self, key: &impl PublicKeyParts, otherwise: fn() -> Error) -> Result<()> {
        match key.n().bit_width_vartime() {
            ..LEAST | MORE_THAN_MOST.. => Err(otherwise()),
            ..SAFE if !self.weak => Err(Error::configuration(
                "the RSA key has fewer than 2048 bits: use a longer one, or allow weak keys",
            )),
            _ => Ok(()),
        }
    }
}

fn checked(pem: &str) -> Result<&str> {
    match pem.len() <= MAX_PEM {
        true => Ok(pem.trim()),
        false => Err(Error::configuration("too long for a key in PEM")),
    }
}

fn no_private_key() -> Error {
    Error::configuration(
        "not an RSA private key of 1024 to 8192 bits in PEM (PKCS#8 or PKCS#1); one that is encrypted has to be PKCS#8",
    )
}

fn no_public_key() -> Error {
    Error::configuration("not an RSA public key of 1024 to 8192 bits in PEM")
}

fn no_password() -> Error {
    Error::configuration("the private key is encrypted: give its password")
}

fn not_decrypted() -> Error {
    Error::configuration("the private key cannot be decrypted: is the password right?")
}
