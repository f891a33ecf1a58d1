//! JWK sets: RFC 7517 section 5.

use countersign_core::{Error, Result};
use serde::Deserialize;
use serde_json::Value;

use crate::algorithm::{Algorithm, Family};
use crate::credentials::VerifyingKey;
use crate::message::base64url;

#[derive(Deserialize)]
struct Set {
    keys: Vec<Value>,
}

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: Option<String>,
    alg: Option<String>,
    r#use: Option<String>,
    key_ops: Option<Vec<String>>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

/// Refuses a list of algorithms that no public key verifies.
pub(super) fn check(algorithms: &[Algorithm]) -> Result<()> {
    if algorithms.is_empty() || algorithms.iter().any(|algorithm| algorithm.is_symmetric()) {
        return Err(Error::configuration(
            "a key set needs the algorithms that its keys may verify, and HS is none of them: choose RS, PS or ES",
        ));
    }
    Ok(())
}

/// The keys of a set that can verify one of `algorithms`, once for each that they can; `None` if the text is no set.
pub(super) fn read(text: &[u8], algorithms: &[Algorithm]) -> Option<Vec<VerifyingKey>> {
    let set: Set = serde_json::from_slice(text).ok()?;
    let keys = set.keys.into_iter();
    let keys = keys.filter_map(|key| serde_json::from_value::<Jwk>(key).ok());
    Some(keys.flat_map(|key| key.all(algorithms)).collect())
}

impl Jwk {
    fn all(&self, algorithms: &[Algorithm]) -> Vec<VerifyingKey> {
        let fit = algorithms
            .iter()
            .filter(|algorithm| self.may_verify(**algorithm));
        fit.filter_map(|algorithm| self.key(*algorithm)).collect()
    }

    /// RFC 7517 sections 4.2 to 4.4.
    fn may_verify(&self, algorithm: Algorithm) -> bool {
        let named = self
            .alg
            .as_deref()
            .is_none_or(|alg| alg == algorithm.name());
        let used = self.r#use.as_deref().is_none_or(|used| used == "sig");
        let verifies = |all: &Vec<String>| all.iter().any(|one| one == "verify");
        named && used && self.key_ops.as_ref().is_none_or(verifies)
    }

    fn key(&self, algorithm: Algorithm) -> Option<VerifyingKey> {
        let key = match (self.kty.as_str(), algorithm.family()) {
            ("RSA", Family::Rsa) => {
                VerifyingKey::rsa(algorithm, &bytes(&self.n)?, &bytes(&self.e)?)?
            }
            ("EC", Family::Ec) if self.crv.as_deref() == Some(curve(algorithm)) => {
                VerifyingKey::ec(algorithm, &bytes(&self.x)?, &bytes(&self.y)?)?
            }
            _ => return None,
        };
        Some(match &self.kid {
            Some(kid) => key.key_id(kid.as_str()),
            None => key,
        })
    }
}

fn bytes(text: &Option<String>) -> Option<Vec<u8>> {
    base64url::decode(text.as_deref()?)
}

fn curve(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::Es256 => "P-256",
        Algorithm::Es384 => "P-384",
        _ => "P-521",
    }
}
