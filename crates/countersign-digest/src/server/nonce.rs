//! Nonces that are authenticated, not stored: RFC 7616, section 3.3.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use countersign_core::{Error, Result, Secret, Sources};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::algorithm::Algorithm;

/// Seconds since the Unix epoch, then the random bytes, then the authenticator, cut to 192 bits.
const TIME: usize = 8;
const CLEAR: usize = TIME + 16;
const LENGTH: usize = CLEAR + 24;

/// Makes and recognises the nonces of one key and realm.
pub(super) struct Nonces {
    keyed: Hmac<Sha256>,
    lifetime: u64,
}

impl Nonces {
    pub(super) fn new(key: &Secret, realm: &str, lifetime: u64) -> Result<Self> {
        let mut keyed = Hmac::<Sha256>::new_from_slice(key.expose())
            .map_err(|_| Error::configuration("the key of Digest nonces cannot be used"))?;
        keyed.update(realm.as_bytes());
        keyed.update(&[0]);
        Ok(Self { keyed, lifetime })
    }

    pub(super) fn issue(&self, algorithm: Algorithm, sources: &Sources) -> Result<String> {
        let mut nonce = [0; LENGTH];
        nonce[..TIME].copy_from_slice(&sources.unix_time().to_be_bytes());
        nonce[TIME..CLEAR].copy_from_slice(&sources.bytes::<16>()?);
        let tag = self
            .authenticator(algorithm, &nonce[..CLEAR])
            .finalize()
            .into_bytes();
        nonce[CLEAR..].copy_from_slice(&tag[..LENGTH - CLEAR]);
        Ok(URL_SAFE_NO_PAD.encode(nonce))
    }

    /// When the nonce was made; `None` if it is not one of these.
    pub(super) fn issued_at(&self, nonce: &[u8], algorithm: Algorithm) -> Option<u64> {
        let nonce: [u8; LENGTH] = URL_SAFE_NO_PAD.decode(nonce).ok()?.try_into().ok()?;
        let expected = self.authenticator(algorithm, &nonce[..CLEAR]);
        expected.verify_truncated_left(&nonce[CLEAR..]).ok()?;
        let time = nonce.first_chunk::<TIME>()?;
        Some(u64::from_be_bytes(*time))
    }

    /// The last second in which a nonce made at `issued` is accepted.
    pub(super) fn expires(&self, issued: u64) -> u64 {
        issued.saturating_add(self.lifetime)
    }

    /// Whether the last fifth of its life has begun, so that a client should get the next one.
    pub(super) fn ends_soon(&self, issued: u64, now: u64) -> bool {
        self.expires(issued).saturating_sub(now) <= self.lifetime / 5
    }

    fn authenticator(&self, algorithm: Algorithm, clear: &[u8]) -> Hmac<Sha256> {
        let mut mac = self.keyed.clone();
        mac.update(clear);
        mac.update(algorithm.name().as_bytes());
        mac
    }
}
