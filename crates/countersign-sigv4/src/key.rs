//! [`SigningKey`], and what is signed with it.

use countersign_core::canonical::Sink;
use countersign_core::{Error, Result, Secret};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use sha2::block_api::compress256;
use zeroize::Zeroizing;

use crate::hex::Hex;
use crate::scope::{Scope, TERMINATOR};
use crate::sha256::{BLOCK, INITIAL, Short, State, Text, bytes};
use crate::time::Timestamp;

/// The algorithm, which is also the name of the scheme on the wire.
pub(crate) const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// The key of one secret, day, region and service. It is kept as the two states of HMAC after its pads (RFC 2104,
/// section 4), so that a signature hashes nothing but what is signed.
#[derive(Clone)]
pub(crate) struct SigningKey(Zeroizing<[State; 2]>);

impl SigningKey {
    pub(crate) fn derive(secret: &Secret, day: &str, scope: &Scope) -> Result<Self> {
        let secret = Zeroizing::new([b"AWS4", secret.expose()].concat());
        let parts = [day, &scope.region, &scope.service, TERMINATOR];
        let mut key = mac(&secret, day)?;
        for part in &parts[1..] {
            key = mac(key.as_slice(), part)?;
        }
        Ok(Self::new(&key))
    }

    fn new(key: &[u8; 32]) -> Self {
        let state = |pad: u8| {
            let mut block = Zeroizing::new([pad; BLOCK]);
            block.iter_mut().zip(key).for_each(|(pad, key)| *pad ^= key);
            let mut state = INITIAL;
            compress256(&mut state, &[*block]);
            state
        };
        Self(Zeroizing::new([state(0x36), state(0x5c)]))
    }

    pub(crate) fn sign<const N: usize>(&self, text: &mut Text<N>) -> Hex {
        let [inner, outer] = *self.0;
        let mut block = [0; BLOCK];
        block[..32].copy_from_slice(&text.hash_after(inner, BLOCK));
        block[32] = 0x80;
        // A block and 32 bytes, in bits.
        block[62] = 3;
        let mut state = outer;
        compress256(&mut state, &[block]);
        Hex::of(&bytes(state))
    }
}

fn mac(key: &[u8], text: &str) -> Result<Zeroizing<[u8; 32]>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key)
        .map_err(|_| Error::configuration("the secret access key cannot be used"))?;
    mac.update(text.as_bytes());
    Ok(Zeroizing::new(mac.finalize().into_bytes().into()))
}

/// Writes what the strings to sign of one second begin with.
pub(crate) fn write_moment(algorithm: &str, time: Timestamp, scope: &Scope, sink: &mut impl Sink) {
    for part in [algorithm, "\n", time.text(), "\n"] {
        sink.put(part.as_bytes());
    }
    scope.write(time.day(), sink);
    sink.put(b"\n");
}

/// The string to sign of a request with this hash.
pub(crate) fn string_to_sign(time: Timestamp, scope: &Scope, request: Hex) -> Short {
    let mut text = Short::default();
    write_moment(ALGORITHM, time, scope, &mut text);
    text.put(request.as_bytes());
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn it_is_the_hmac_of_the_library() {
        for length in 0..200 {
            let bytes = vec![b'a'; length];
            let mut text = Short::default();
            text.put(&bytes);
            let mut mac = Hmac::<Sha256>::new_from_slice(&[7; 32]).unwrap();
            mac.update(&bytes);
            let expected = Hex::of(&mac.finalize().into_bytes().into());
            let found = SigningKey::new(&[7; 32]).sign(&mut text);
            assert_eq!(found.as_bytes(), expected.as_bytes());
        }
    }
}
