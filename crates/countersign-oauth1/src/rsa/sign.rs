//! [`Signer`], which signs blinded.

use countersign_core::{Error, ErrorKind, Random, Result, Sources};
use rsa::rand_core::{TryCryptoRng, TryRng};
use sha1::{Digest, Sha1};
use sha2::{Sha256, Sha512};

use super::PrivateKey;
use crate::base_string::Signed;
use crate::method::{Hash, Text, base64};

/// A private key with a hash.
#[derive(Clone)]
pub(crate) struct Signer {
    pub(super) key: PrivateKey,
    pub(super) hash: Hash,
}

impl Signer {
    pub(crate) fn sign(&self, base: &(impl Signed + ?Sized), sources: &Sources) -> Result<Text> {
        let (key, rng) = (&self.key.0, &mut Blinding(&*sources.random));
        let signature = match self.hash {
            Hash::Sha1 => key.pkcs1v15_sign_prehash_with_rng::<Sha1, _>(rng, &digest::<Sha1>(base)),
            Hash::Sha256 => {
                key.pkcs1v15_sign_prehash_with_rng::<Sha256, _>(rng, &digest::<Sha256>(base))
            }
            Hash::Sha512 => {
                key.pkcs1v15_sign_prehash_with_rng::<Sha512, _>(rng, &digest::<Sha512>(base))
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

fn digest<D: Digest>(base: &(impl Signed + ?Sized)) -> sha2::digest::Output<D> {
    let mut hash = D::new();
    base.write(&mut |bytes: &[u8]| hash.update(bytes));
    hash.finalize()
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
