//! [`Signer`], which signs blinded.

use countersign_core::{Error, ErrorKind, Random, Result, Sources};
use rsa::rand_core::{TryCryptoRng, TryRng};
use sha1::{Digest, Sha1};
use sha2::{Sha256, Sha512};

use super::PrivateKey;
use crate::method::{Hash, Text, base64};

/// A private key with a hash.
#[derive(Clone)]
pub(crate) struct Signer {
    pub(super) key: PrivateKey,
    pub(super) hash: Hash,
}

impl Signer {
    pub(crate) fn sign(&self, base: &[u8], sources: &Sources) -> Result<Text> {
        let (key, rng) = (&self.key.0, &mut Blinding(&*sources.random));
        let signature = match self.hash {
            Hash::Sha1 => key.pkcs1v15_sign_prehash_with_rng::<Sha1, _>(rng, &Sha1::digest(base)),
            Hash::Sha256 => {
                key.pkcs1v15_sign_prehash_with_rng::<Sha256, _>(rng, &Sha256::digest(base))
            }
            Hash::Sha512 => {
                key.pkcs1v15_sign_prehash_with_rng::<Sha512, _>(rng, &Sha512::digest(base))
            }
        };
        signature.map(|bytes| base64(&bytes)).map_err(not_signed)
    }
}

fn not_signed(_: rsa::errors::Error) -> Error {
    Error::new(
        ErrorKind::Random,
        "the private key did not sign: there is no randomness to blind it with",
    )
}

/// The randomness of the project, as `rsa` wants it.
struct Blinding<'a>(&'a dyn Random);

impl TryRng for Blinding<'_> {
    type Error = Error;

    fn try_next_u32(&mut self) -> Result<u32> {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes)?;
        Ok(u32::from_ne_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64> {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes)?;
        Ok(u64::from_ne_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<()> {
        self.0.fill(out)
    }
}

impl TryCryptoRng for Blinding<'_> {}
