//! [`Key`], what signs a base string.

use countersign_core::canonical::percent::{self, UNRESERVED};
use countersign_core::{Error, Result, Secret, Sources};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Sha256, Sha512};
use zeroize::Zeroizing;

use crate::method::{SignatureMethod, Text, base64};

/// What signs a base string. An HMAC is kept as its two states after the pads, so that a signature hashes nothing but
/// what is signed.
#[derive(Clone)]
pub(crate) enum Key {
    Sha1(Box<Hmac<Sha1>>),
    Sha256(Box<Hmac<Sha256>>),
    Sha512(Box<Hmac<Sha512>>),
    Plaintext(Secret),
    #[cfg(feature = "rsa")]
    Rsa(crate::rsa::Signer),
}

impl Key {
    /// The key of a consumer's secret and, where there is a token, the token's: RFC 5849, sections 3.4.2 and 3.4.4.
    ///
    /// # Errors
    ///
    /// A method that signs with a private key.
    pub(crate) fn shared(
        method: SignatureMethod,
        consumer: &Secret,
        token: Option<&Secret>,
    ) -> Result<Self> {
        let both = both(consumer, token);
        match method {
            SignatureMethod::HmacSha1 => Ok(Self::Sha1(keyed(&both)?)),
            SignatureMethod::HmacSha256 => Ok(Self::Sha256(keyed(&both)?)),
            SignatureMethod::HmacSha512 => Ok(Self::Sha512(keyed(&both)?)),
            SignatureMethod::Plaintext => Ok(Self::Plaintext(Secret::new(both.as_slice()))),
            _ => Err(Error::configuration(
                "RSA signs with a private key, not with a consumer secret: give the key, or choose another method",
            )),
        }
    }

    /// The signature as it is before it is percent-encoded. `sources` blinds a private key.
    pub(crate) fn sign(&self, base: &[u8], sources: &Sources) -> Result<Text> {
        let _ = sources;
        match self {
            Self::Sha1(key) => Ok(mac(&**key, base)),
            Self::Sha256(key) => Ok(mac(&**key, base)),
            Self::Sha512(key) => Ok(mac(&**key, base)),
            Self::Plaintext(both) => Ok(Text::from_slice(both.expose())),
            #[cfg(feature = "rsa")]
            Self::Rsa(signer) => signer.sign(base, sources),
        }
    }
}

fn mac<M: Mac + Clone>(key: &M, base: &[u8]) -> Text {
    let mut mac = key.clone();
    mac.update(base);
    base64(&mac.finalize().into_bytes())
}

fn keyed<M: KeyInit>(key: &[u8]) -> Result<Box<M>> {
    let key = M::new_from_slice(key);
    key.map(Box::new)
        .map_err(|_| Error::configuration("the consumer secret cannot be used as a key"))
}

fn both(consumer: &Secret, token: Option<&Secret>) -> Zeroizing<Vec<u8>> {
    let mut both = Zeroizing::new(Vec::new());
    percent::encode(consumer.expose(), UNRESERVED, &mut *both);
    both.push(b'&');
    if let Some(token) = token {
        percent::encode(token.expose(), UNRESERVED, &mut *both);
    }
    both
}
