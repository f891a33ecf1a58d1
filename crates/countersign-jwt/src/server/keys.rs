//! [`Keys`], where a server finds the key of a token.

use std::fmt;
use std::sync::Arc;

use countersign_core::{Begin, Error, Result};

use super::jwks;
use crate::algorithm::Algorithm;
use crate::credentials::VerifyingKey;

/// The keys that a server trusts.
///
/// Each verifies one algorithm, so that no token can choose: an RSA key is never taken for an HMAC secret (RFC 8725
/// section 2.1).
pub trait Keys: Send + Sync + 'static {
    /// The keys that may have signed a token whose header has this `kid`, which nobody has vouched for yet.
    ///
    /// # Errors
    ///
    /// Keys that cannot be looked up now fail the request with 503.
    fn find(&self, key_id: Option<&str>) -> Begin<Vec<VerifyingKey>>;
}

/// Keys in memory.
#[derive(Clone)]
pub struct KeySet(Arc<[VerifyingKey]>);

impl KeySet {
    /// The keys of a JWK set (RFC 7517 section 5) that can verify one of `algorithms`; others in it are passed over, and
    /// so are secrets (`oct`), as a set of keys is public.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) if the text is no JWK set, if no key in
    /// it can be used, or for an HMAC among `algorithms`.
    pub fn from_jwks(text: &str, algorithms: &[Algorithm]) -> Result<Self> {
        jwks::check(algorithms)?;
        let keys = jwks::read(text.as_bytes(), algorithms);
        let keys = keys.ok_or_else(|| {
            Error::configuration("the key set is no JSON object with a list of keys")
        })?;
        match keys.is_empty() {
            true => Err(Error::configuration(
                "no key of the set can verify one of the algorithms that are allowed",
            )),
            false => Ok(keys.into_iter().collect()),
        }
    }

    pub(super) fn of(&self, key_id: Option<&str>) -> Vec<VerifyingKey> {
        let found = self.0.iter().filter(|key| key.answers_to(key_id));
        found.cloned().collect()
    }
}

impl FromIterator<VerifyingKey> for KeySet {
    fn from_iter<I: IntoIterator<Item = VerifyingKey>>(keys: I) -> Self {
        Self(keys.into_iter().collect())
    }
}

impl Keys for KeySet {
    fn find(&self, key_id: Option<&str>) -> Begin<Vec<VerifyingKey>> {
        Begin::ready(self.of(key_id))
    }
}

impl Keys for VerifyingKey {
    fn find(&self, key_id: Option<&str>) -> Begin<Vec<VerifyingKey>> {
        let found = self.answers_to(key_id).then(|| self.clone());
        Begin::ready(found.into_iter().collect())
    }
}

impl<K: Keys + ?Sized> Keys for Arc<K> {
    fn find(&self, key_id: Option<&str>) -> Begin<Vec<VerifyingKey>> {
        (**self).find(key_id)
    }
}

impl fmt::Debug for KeySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter()).finish()
    }
}
