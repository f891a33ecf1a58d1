//! [`SigningKey`], and what is signed with it.

use countersign_core::canonical::Sink;
use countersign_core::{HmacSha256, Secret};
use zeroize::Zeroizing;

use crate::hex::Hex;
use crate::scope::{Scope, TERMINATOR};
use crate::sha256::{Short, Text};
use crate::time::Timestamp;

/// The algorithm, which is also the name of the scheme on the wire.
pub(crate) const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// The key of one secret, day, region and service.
#[derive(Clone)]
pub(crate) struct SigningKey(HmacSha256);

impl SigningKey {
    pub(crate) fn derive(secret: &Secret, day: &str, scope: &Scope) -> Self {
        let secret = Zeroizing::new([b"AWS4", secret.expose()].concat());
        let parts = [day, &scope.region, &scope.service, TERMINATOR];
        let key = parts.iter().fold(HmacSha256::new(&secret), |key, part| {
            HmacSha256::new(&*Zeroizing::new(key.mac(part.as_bytes())))
        });
        Self(key)
    }

    pub(crate) fn sign<const N: usize>(&self, text: &Text<N>) -> Hex {
        Hex::of(&self.0.mac(text.as_bytes()))
    }
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
