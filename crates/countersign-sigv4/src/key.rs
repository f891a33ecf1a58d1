//! [`SigningKey`], and what is signed with it.

use countersign_core::canonical::Sink;
use countersign_core::{Error, Result, Secret};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::hex::Hex;
use crate::scope::{Scope, TERMINATOR};
use crate::time::Timestamp;

/// The algorithm, which is also the name of the scheme on the wire.
pub(crate) const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// The key of one secret, day, region and service. It is kept as the two states of HMAC after its pads, so that a
/// signature hashes nothing but what is signed.
#[derive(Clone)]
pub(crate) struct SigningKey(Hmac<Sha256>);

impl SigningKey {
    pub(crate) fn derive(secret: &Secret, day: &str, scope: &Scope) -> Result<Self> {
        let secret = Zeroizing::new([b"AWS4", secret.expose()].concat());
        let parts = [day, &scope.region, &scope.service, TERMINATOR];
        let mut key = keyed(&secret)?;
        for part in parts {
            key.update(part.as_bytes());
            let next = Zeroizing::new(<[u8; 32]>::from(key.finalize().into_bytes()));
            key = keyed(next.as_slice())?;
        }
        Ok(Self(key))
    }

    pub(crate) fn sign(&self, text: &StringToSign<'_>) -> Hex {
        let mut mac = self.0.clone();
        text.write(&mut |bytes: &[u8]| mac.update(bytes));
        Hex::of(&mac.finalize().into_bytes().into())
    }

    /// Signs these one after the other.
    pub(crate) fn sign_parts(&self, parts: &[&[u8]]) -> Hex {
        let mut mac = self.0.clone();
        parts.iter().for_each(|part| mac.update(part));
        Hex::of(&mac.finalize().into_bytes().into())
    }
}

fn keyed(key: &[u8]) -> Result<Hmac<Sha256>> {
    Hmac::new_from_slice(key)
        .map_err(|_| Error::configuration("the secret access key cannot be used"))
}

/// The string to sign.
pub(crate) struct StringToSign<'a> {
    pub(crate) time: Timestamp,
    pub(crate) scope: &'a Scope,
    /// The SHA-256 of the canonical request.
    pub(crate) request: Hex,
}

impl StringToSign<'_> {
    pub(crate) fn write(&self, sink: &mut impl Sink) {
        sink.put(ALGORITHM.as_bytes());
        sink.put(b"\n");
        sink.put(self.time.text().as_bytes());
        sink.put(b"\n");
        self.scope.write(self.time.day(), sink);
        sink.put(b"\n");
        sink.put(self.request.as_bytes());
    }
}
