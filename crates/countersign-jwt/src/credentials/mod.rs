//! Keys: what the user configures.

mod pem;
mod signing;
mod verifying;

use aws_lc_rs::hmac;
use countersign_core::{Error, Result, Secret};

pub use signing::SigningKey;
pub use verifying::VerifyingKey;

use crate::algorithm::Algorithm;

/// How PEM begins. A secret that does is a key of another kind in the wrong place.
const PEM: &[u8] = b"-----BEGIN ";

fn hmac_key(algorithm: Algorithm, secret: &Secret) -> Result<hmac::Key> {
    let digest = match algorithm {
        Algorithm::Hs256 => hmac::HMAC_SHA256,
        Algorithm::Hs384 => hmac::HMAC_SHA384,
        Algorithm::Hs512 => hmac::HMAC_SHA512,
        _ => {
            return Err(Error::configuration(
                "RS, PS and ES take a key in PEM, not a secret",
            ));
        }
    };
    if secret.is_empty() {
        return Err(Error::configuration("the JWT secret is empty: give it"));
    }
    if secret.expose().trim_ascii_start().starts_with(PEM) {
        return Err(Error::configuration(
            "a key in PEM is no HMAC secret: choose RS, PS or ES for it",
        ));
    }
    Ok(hmac::Key::new(digest, secret.expose()))
}
