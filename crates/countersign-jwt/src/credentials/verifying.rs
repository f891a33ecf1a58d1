//! [`VerifyingKey`].

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::hmac;
use aws_lc_rs::rsa::PublicKey;
use aws_lc_rs::signature::{
    self, ParsedPublicKey, RsaParameters, RsaPublicKeyComponents, VerificationAlgorithm,
};
use countersign_core::{Error, Result, Secret};

use super::hmac_key;
use super::pem::Pem;
use crate::algorithm::{Algorithm, Family};
use crate::message::Jws;

/// The shortest modulus that RS and PS accept, in bytes (RFC 7518 section 3.3).
const MIN_MODULUS: usize = 256;

/// A key that verifies one algorithm, so that a token cannot choose another one for it. `Debug` shows no key.
#[derive(Clone)]
pub struct VerifyingKey {
    algorithm: Algorithm,
    key_id: Option<Arc<str>>,
    key: Arc<Key>,
}

enum Key {
    Hmac(Box<hmac::Key>),
    Public(ParsedPublicKey),
}

impl VerifyingKey {
    /// A secret for `HS256`, `HS384` or `HS512`, at least as long as the hash: 32, 48 or 64 bytes (RFC 7518 section
    /// 3.2).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for a shorter secret, for one that is a
    /// key in PEM, and for another algorithm.
    pub fn hmac(algorithm: Algorithm, secret: impl Into<Secret>) -> Result<Self> {
        let secret = secret.into();
        if secret.expose().len() < hash_len(algorithm) {
            return Err(Error::configuration(
                "the JWT secret is shorter than its hash and can be guessed: give 32, 48 or 64 random bytes",
            ));
        }
        Self::hmac_of_any_length(algorithm, secret)
    }

    /// As [`hmac`](Self::hmac), for a secret that is shorter and cannot be changed. Who sees one token may guess it.
    ///
    /// # Errors
    ///
    /// Those of [`hmac`](Self::hmac), less that for the length; an empty secret is refused.
    pub fn hmac_of_any_length(algorithm: Algorithm, secret: impl Into<Secret>) -> Result<Self> {
        Ok(Self::shared(
            algorithm,
            Box::new(hmac_key(algorithm, &secret.into())?),
        ))
    }

    /// A public key in PEM: `PUBLIC KEY`, or PKCS#1 `RSA PUBLIC KEY` of 2048 to 8192 bits.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) if the text is no such key, or not one
    /// of `algorithm`.
    pub fn pem(algorithm: Algorithm, pem: impl AsRef<[u8]>) -> Result<Self> {
        let pem = Pem::read(pem.as_ref())?;
        if !pem.is_public() {
            return Err(Error::configuration(
                "this PEM is no public key, which verifying needs",
            ));
        }
        Self::public(algorithm, pem.der.expose())
    }

    /// A secret that was checked already.
    pub(super) fn shared(algorithm: Algorithm, key: Box<hmac::Key>) -> Self {
        Self::new(algorithm, Key::Hmac(key))
    }

    /// A public key in DER, or the point of one.
    pub(super) fn public(algorithm: Algorithm, bytes: &[u8]) -> Result<Self> {
        let key = public(algorithm, bytes).ok_or_else(|| not_a_key_of(algorithm))?;
        Ok(Self::new(algorithm, Key::Public(key)))
    }

    /// An RSA key of a key set (RFC 7518 section 6.3.1): modulus and exponent, big-endian.
    pub(crate) fn rsa(algorithm: Algorithm, n: &[u8], e: &[u8]) -> Option<Self> {
        let long_enough = n.len() >= MIN_MODULUS;
        let components = long_enough.then_some(RsaPublicKeyComponents { n, e })?;
        let key = components
            .to_parsed_public_key(rsa_parameters(algorithm)?)
            .ok()?;
        Some(Self::new(algorithm, Key::Public(key)))
    }

    /// A point of a key set (RFC 7518 section 6.2.1); both halves have the full length of the curve's field.
    pub(crate) fn ec(algorithm: Algorithm, x: &[u8], y: &[u8]) -> Option<Self> {
        let width = field_len(algorithm)?;
        if x.len() != width || y.len() != width {
            return None;
        }
        let key = public(algorithm, &[&[4], x, y].concat())?;
        Some(Self::new(algorithm, Key::Public(key)))
    }

    /// Names it: then it verifies only tokens that have this `kid`, and those that have none (RFC 7515 section 4.1.4).
    #[must_use]
    pub fn key_id(self, key_id: impl Into<Arc<str>>) -> Self {
        Self {
            key_id: Some(key_id.into()),
            ..self
        }
    }

    /// What it verifies.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The payload of a token in compact form, if its signature is this key's: RFC 7515 section 5.2. `None` otherwise,
    /// also for another algorithm than the key's, a critical extension (`crit`), or a member given twice.
    ///
    /// Nothing is said of claims, such as whether the token has expired.
    pub fn payload(&self, token: &str) -> Option<Vec<u8>> {
        let jws = Jws::read(token)?;
        self.verifies(&jws).then_some(jws.payload)
    }

    pub(crate) fn verifies(&self, jws: &Jws<'_>) -> bool {
        let (input, signature) = (jws.input.as_bytes(), jws.signature.as_slice());
        jws.algorithm == self.algorithm
            && match &*self.key {
                Key::Hmac(key) => hmac::verify(key, input, signature).is_ok(),
                Key::Public(key) => key.verify_sig(input, signature).is_ok(),
            }
    }

    /// Whether it may have signed a token with this `kid`.
    pub(crate) fn answers_to(&self, key_id: Option<&str>) -> bool {
        match (&self.key_id, key_id) {
            (Some(own), Some(wanted)) => **own == *wanted,
            _ => true,
        }
    }

    fn new(algorithm: Algorithm, key: Key) -> Self {
        Self {
            algorithm,
            key_id: None,
            key: Arc::new(key),
        }
    }
}

fn public(algorithm: Algorithm, bytes: &[u8]) -> Option<ParsedPublicKey> {
    let parameters: &'static dyn VerificationAlgorithm = match algorithm {
        Algorithm::Es256 => &signature::ECDSA_P256_SHA256_FIXED,
        Algorithm::Es384 => &signature::ECDSA_P384_SHA384_FIXED,
        Algorithm::Es512 => &signature::ECDSA_P521_SHA512_FIXED,
        _ if PublicKey::from_der(bytes).ok()?.modulus_len() < MIN_MODULUS => return None,
        _ => rsa_parameters(algorithm)?,
    };
    ParsedPublicKey::new(parameters, bytes).ok()
}

fn rsa_parameters(algorithm: Algorithm) -> Option<&'static RsaParameters> {
    match algorithm {
        Algorithm::Rs256 => Some(&signature::RSA_PKCS1_2048_8192_SHA256),
        Algorithm::Rs384 => Some(&signature::RSA_PKCS1_2048_8192_SHA384),
        Algorithm::Rs512 => Some(&signature::RSA_PKCS1_2048_8192_SHA512),
        Algorithm::Ps256 => Some(&signature::RSA_PSS_2048_8192_SHA256),
        Algorithm::Ps384 => Some(&signature::RSA_PSS_2048_8192_SHA384),
        Algorithm::Ps512 => Some(&signature::RSA_PSS_2048_8192_SHA512),
        _ => None,
    }
}

fn field_len(algorithm: Algorithm) -> Option<usize> {
    match algorithm {
        Algorithm::Es256 => Some(32),
        Algorithm::Es384 => Some(48),
        Algorithm::Es512 => Some(66),
        _ => None,
    }
}

fn hash_len(algorithm: Algorithm) -> usize {
    match algorithm {
        Algorithm::Hs384 => 48,
        Algorithm::Hs512 => 64,
        _ => 32,
    }
}

fn not_a_key_of(algorithm: Algorithm) -> Error {
    Error::configuration(match algorithm.family() {
        Family::Hmac => "HS takes a secret, not a key in PEM",
        Family::Rsa => "not an RSA public key of 2048 to 8192 bits, which RS and PS need",
        Family::Ec => {
            "not a public key on the curve that the ES algorithm names: 256, 384 or 521 (for ES512) bits"
        }
    })
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyingKey")
            .field("algorithm", &self.algorithm)
            .field("key_id", &self.key_id)
            .finish_non_exhaustive()
    }
}
