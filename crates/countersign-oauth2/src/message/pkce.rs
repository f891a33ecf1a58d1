//! The code verifier and its challenge: RFC 7636 section 4.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use countersign_core::{Error, Result, Secret, Sources};
use oauth2::{PkceCodeChallenge, PkceCodeVerifier};

use crate::credentials::Pkce;

/// 256 random bits as 43 characters: a verifier, a state, a nonce, a path.
pub(crate) fn random(sources: &Sources) -> Result<Secret> {
    Ok(Secret::new(URL_SAFE_NO_PAD.encode(sources.bytes::<32>()?)))
}

/// RFC 7636 section 4.1.
pub(crate) fn check(verifier: &Secret) -> Result<()> {
    let verifier = verifier.expose();
    let is_legal = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~".contains(byte);
    match (43..=128).contains(&verifier.len()) && verifier.iter().all(is_legal) {
        true => Ok(()),
        false => Err(Error::configuration(
            "a code verifier has 43 to 128 letters, digits and -._~",
        )),
    }
}

/// The challenge of a verifier that was checked; `None` where there is to be none.
pub(crate) fn challenge(method: Pkce, verifier: &Secret) -> Option<PkceCodeChallenge> {
    let verifier = PkceCodeVerifier::new(verifier.expose_str()?.to_owned());
    match method {
        Pkce::S256 => Some(PkceCodeChallenge::from_code_verifier_sha256(&verifier)),
        Pkce::Plain => Some(PkceCodeChallenge::from_code_verifier_plain(&verifier)),
        Pkce::Off => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn the_example_of_appendix_b() {
        let verifier = Secret::from("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        let challenge = |method| challenge(method, &verifier);
        assert_eq!(
            challenge(Pkce::S256).unwrap().as_str(),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
        assert_eq!(
            challenge(Pkce::Plain).unwrap().as_str().as_bytes(),
            verifier.expose()
        );
        assert!(challenge(Pkce::Off).is_none());
    }

    #[test]
    fn a_verifier_has_43_to_128_characters_of_its_own_alphabet() {
        let of = |length| Secret::new("a".repeat(length));
        assert!(check(&of(43)).is_ok() && check(&of(128)).is_ok());
        assert!(check(&of(42)).is_err() && check(&of(129)).is_err());
        assert!(check(&Secret::new("a+".repeat(30))).is_err());
    }

    #[test]
    fn what_is_random_is_a_verifier_and_no_two_are_alike() {
        let sources = Sources::default();
        let (one, two) = (random(&sources).unwrap(), random(&sources).unwrap());
        assert!(check(&one).is_ok() && one != two);
    }
}
