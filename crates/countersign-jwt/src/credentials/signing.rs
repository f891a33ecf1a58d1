//! [`SigningKey`].

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    self, EcdsaKeyPair, EcdsaSigningAlgorithm, KeyPair, RsaEncoding, RsaKeyPair,
};
use countersign_core::{Error, Result, Secret};

use super::pem::{self, Pem, PrivateForm};
use super::{VerifyingKey, hmac_key};
use crate::algorithm::{Algorithm, Family};
use crate::message::base64url;

/// A key that signs with one algorithm. `Debug` shows the algorithm alone.
#[derive(Clone)]
pub struct SigningKey(Arc<Inner>);

struct Inner {
    algorithm: Algorithm,
    key: Key,
}

enum Key {
    Hmac(Box<hmac::Key>),
    Rsa(RsaKeyPair, &'static dyn RsaEncoding),
    Ec(EcdsaKeyPair),
}

impl SigningKey {
    /// A secret for `HS256`, `HS384` or `HS512`. It should have as many random bytes as the hash at least (RFC 7518
    /// section 3.2); whether a shorter one will do is the server's decision.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for an empty secret, for one that is a
    /// key in PEM, and for another algorithm.
    pub fn hmac(algorithm: Algorithm, secret: impl Into<Secret>) -> Result<Self> {
        let key = Key::Hmac(Box::new(hmac_key(algorithm, &secret.into())?));
        Ok(Self::new(algorithm, key))
    }

    /// As [`hmac`](Self::hmac), for a secret of any bytes in base64, of either alphabet, padded or not.
    ///
    /// # Errors
    ///
    /// Those of [`hmac`](Self::hmac), and for text that is not base64.
    pub fn hmac_base64(algorithm: Algorithm, secret: &str) -> Result<Self> {
        let not_base64 = || Error::configuration("the JWT secret is not base64");
        let secret = base64url::any_alphabet(secret).ok_or_else(not_base64)?;
        Self::hmac(algorithm, secret)
    }

    /// A private key in PEM: PKCS#8, PKCS#1 for RSA, SEC 1 for elliptic curves. RSA has 2048 to 8192 bits.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) if the text is no such key, or not one
    /// of `algorithm`; [`ErrorKind::Unsupported`](countersign_core::ErrorKind::Unsupported) if it is encrypted.
    pub fn pem(algorithm: Algorithm, pem: impl AsRef<[u8]>) -> Result<Self> {
        let pem = Pem::read(pem.as_ref())?;
        Self::der(algorithm, pem.private_form()?, &pem.der)
    }

    /// A private key as ASAP hands it out: `data:application/pkcs8;kid=…;base64,…`, percent-encoded or not.
    ///
    /// # Errors
    ///
    /// Those of [`pem`](Self::pem), and if the `kid` in it is not `kid`.
    pub fn data_url(algorithm: Algorithm, url: &str, kid: &str) -> Result<Self> {
        Self::der(algorithm, PrivateForm::Pkcs8, &pem::data_url(url, kid)?)
    }

    /// What it signs with.
    pub fn algorithm(&self) -> Algorithm {
        self.0.algorithm
    }

    /// What verifies its signatures: the public half of the pair, or the same secret, of whatever length it is.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for a public half that does not verify.
    pub fn verifying_key(&self) -> Result<VerifyingKey> {
        let algorithm = self.algorithm();
        match &self.0.key {
            Key::Hmac(key) => Ok(VerifyingKey::shared(algorithm, key.clone())),
            Key::Rsa(pair, _) => VerifyingKey::public(algorithm, pair.public_key().as_ref()),
            Key::Ec(pair) => VerifyingKey::public(algorithm, pair.public_key().as_ref()),
        }
    }

    /// Signs any payload under a header, and writes the compact form (RFC 7515 section 7.1). Both are signed byte for
    /// byte as they are given; the header has to name this key's algorithm.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) if the header is no JSON object, names
    /// a member twice, or another algorithm than the key's.
    pub fn sign(&self, header: &str, payload: &[u8]) -> Result<Secret> {
        let members = crate::json::Members::given(header, "header")?;
        if members.text("alg").as_deref() != Some(self.algorithm().name()) {
            return Err(Error::configuration(
                "the token's header has to name the algorithm of its key as alg",
            ));
        }
        let header = base64url::encode(header.as_bytes());
        self.compact("", &header, payload).map(Secret::new)
    }

    /// The compact form behind `before`, under a header that is encoded already, in an allocation of its exact size.
    pub(crate) fn compact(&self, before: &str, header: &str, payload: &[u8]) -> Result<String> {
        let signed = header.len() + 1 + base64url::len(payload.len());
        let signature = 1 + base64url::len(self.signature_len());
        let mut token = String::with_capacity(before.len() + signed + signature);
        token.extend([before, header, "."]);
        base64url::append(payload, &mut token);
        self.append_signature(before.len(), &mut token)?;
        Ok(token)
    }

    /// Signs `token` from `start` on.
    fn append_signature(&self, start: usize, token: &mut String) -> Result<()> {
        let (input, random) = (&token.as_bytes()[start..], SystemRandom::new());
        let (tag, pair, mut modulus);
        let signature: &[u8] = match &self.0.key {
            Key::Hmac(key) => {
                tag = hmac::sign(key, input);
                tag.as_ref()
            }
            Key::Ec(key) => {
                pair = key.sign(&random, input).map_err(|_| not_signed())?;
                pair.as_ref()
            }
            Key::Rsa(key, encoding) => {
                modulus = vec![0; key.public_modulus_len()];
                let signed = key.sign(*encoding, &random, input, &mut modulus);
                signed.map_err(|_| not_signed())?;
                &modulus
            }
        };
        token.push('.');
        base64url::append(signature, token);
        Ok(())
    }

    /// In bytes: RFC 7518 sections 3.2 to 3.5.
    fn signature_len(&self) -> usize {
        match (&self.0.key, self.0.algorithm) {
            (Key::Rsa(key, _), _) => key.public_modulus_len(),
            (_, Algorithm::Hs256) => 32,
            (_, Algorithm::Hs384) => 48,
            (_, Algorithm::Hs512 | Algorithm::Es256) => 64,
            (_, Algorithm::Es384) => 96,
            _ => 132,
        }
    }

    fn new(algorithm: Algorithm, key: Key) -> Self {
        Self(Arc::new(Inner { algorithm, key }))
    }

    fn der(algorithm: Algorithm, form: PrivateForm, der: &Secret) -> Result<Self> {
        let key = match (algorithm.family(), form) {
            (Family::Rsa, PrivateForm::Pkcs8) => {
                rsa(algorithm, RsaKeyPair::from_pkcs8(der.expose()))
            }
            (Family::Rsa, PrivateForm::Pkcs1) => rsa(algorithm, RsaKeyPair::from_der(der.expose())),
            (Family::Ec, PrivateForm::Pkcs8 | PrivateForm::Sec1) => ec(algorithm, der),
            _ => None,
        };
        let key = key.ok_or_else(|| not_a_key_of(algorithm))?;
        Ok(Self::new(algorithm, key))
    }
}

fn rsa<E>(algorithm: Algorithm, pair: Result<RsaKeyPair, E>) -> Option<Key> {
    let encoding: &'static dyn RsaEncoding = match algorithm {
        Algorithm::Rs256 => &signature::RSA_PKCS1_SHA256,
        Algorithm::Rs384 => &signature::RSA_PKCS1_SHA384,
        Algorithm::Rs512 => &signature::RSA_PKCS1_SHA512,
        Algorithm::Ps256 => &signature::RSA_PSS_SHA256,
        Algorithm::Ps384 => &signature::RSA_PSS_SHA384,
        Algorithm::Ps512 => &signature::RSA_PSS_SHA512,
        _ => return None,
    };
    Some(Key::Rsa(pair.ok()?, encoding))
}

fn ec(algorithm: Algorithm, der: &Secret) -> Option<Key> {
    let curve: &'static EcdsaSigningAlgorithm = match algorithm {
        Algorithm::Es256 => &signature::ECDSA_P256_SHA256_FIXED_SIGNING,
        Algorithm::Es384 => &signature::ECDSA_P384_SHA384_FIXED_SIGNING,
        Algorithm::Es512 => &signature::ECDSA_P521_SHA512_FIXED_SIGNING,
        _ => return None,
    };
    let pair = EcdsaKeyPair::from_private_key_der(curve, der.expose());
    pair.ok().map(Key::Ec)
}

fn not_a_key_of(algorithm: Algorithm) -> Error {
    Error::configuration(match algorithm.family() {
        Family::Hmac => "HS takes a secret, not a key in PEM",
        Family::Rsa => "not an RSA private key of 2048 to 8192 bits, which RS and PS need",
        Family::Ec => {
            "not a private key on the curve that the ES algorithm names: 256, 384 or 521 (for ES512) bits"
        }
    })
}

fn not_signed() -> Error {
    Error::configuration("the private key does not sign: it is damaged")
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("algorithm", &self.0.algorithm)
            .finish_non_exhaustive()
    }
}
