//! What the user configures.

use std::fmt;

use countersign_core::{Error, Identity, Result, Secret};
use zeroize::Zeroizing;

use crate::calculation::{Ntowf, md4};
use crate::message::utf16;

/// The NT hash of a password: MD4 over its UTF-16. It is as good as the password itself; `Debug` does not show it.
#[derive(Clone)]
pub struct NtHash(Zeroizing<[u8; 16]>);

impl NtHash {
    /// A hash that is known.
    pub fn new(hash: [u8; 16]) -> Self {
        Self(Zeroizing::new(hash))
    }

    /// The hash of `password` (NTOWFv1: MS-NLMP, section 3.3.1).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for a password that is not UTF-8.
    pub fn of(password: &Secret) -> Result<Self> {
        let password = password.expose_str().ok_or_else(|| {
            Error::configuration("the NTLM password is not UTF-8: give it as text")
        })?;
        let mut bytes = Zeroizing::new(Vec::with_capacity(2 * password.len()));
        utf16(password, &mut bytes);
        Ok(Self::new(md4(&bytes)))
    }

    /// A hash in hexadecimal, of either case.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) if it has not 32 digits.
    pub fn from_hex(hex: &str) -> Result<Self> {
        let mut hash = Zeroizing::new([0; 16]);
        let (pairs, rest) = hex.as_bytes().as_chunks::<2>();
        if pairs.len() != hash.len() || !rest.is_empty() {
            return Err(no_hash());
        }
        for (byte, pair) in hash.iter_mut().zip(pairs) {
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Ok(Self(hash))
    }

    pub(crate) fn expose(&self) -> &[u8; 16] {
        &self.0
    }
}

fn digit(byte: u8) -> Result<u8> {
    let digit = char::from(byte).to_digit(16).ok_or_else(no_hash)?;
    u8::try_from(digit).map_err(|_| no_hash())
}

fn no_hash() -> Error {
    Error::configuration("not an NT hash: it has 32 hexadecimal digits")
}

impl fmt::Debug for NtHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// Who it is, as it was given.
#[derive(Clone)]
pub(crate) struct Given {
    pub(crate) username: String,
    pub(crate) domain: String,
    pub(crate) workstation: String,
    pub(crate) hash: NtHash,
    pub(crate) keep_username: bool,
}

/// Who it is, as the messages say it, and the key that was made of it.
#[derive(Clone)]
pub(crate) struct Credentials {
    pub(crate) user: String,
    pub(crate) domain: String,
    pub(crate) workstation: String,
    #[cfg(feature = "v1")]
    pub(crate) hash: NtHash,
    pub(crate) key: Ntowf,
    pub(crate) identity: Identity,
}

impl Credentials {
    pub(crate) fn new(given: &Given) -> Result<Self> {
        let (user, domain) = given.names();
        let names = [user, domain, &given.workstation];
        if names.iter().any(|name| name.contains(char::is_control)) {
            return Err(Error::configuration(
                "an NTLM user, domain or workstation holds a control character: take it out",
            ));
        }
        let all = names.iter().flat_map(|name| [name.as_bytes(), b"\0"]);
        let all = Zeroizing::new(
            all.chain([&given.hash.expose()[..]])
                .collect::<Vec<_>>()
                .concat(),
        );
        Ok(Self {
            user: user.to_owned(),
            domain: domain.to_owned(),
            workstation: given.workstation.clone(),
            #[cfg(feature = "v1")]
            hash: given.hash.clone(),
            key: Ntowf::new(&given.hash, user, domain),
            identity: Identity::of(&*all),
        })
    }
}

impl Given {
    /// User and domain; the domain is taken out of the user name where it is not given besides.
    fn names(&self) -> (&str, &str) {
        let whole = (&*self.username, &*self.domain);
        if self.keep_username || !self.domain.is_empty() {
            return whole;
        }
        let before = self
            .username
            .split_once('\\')
            .map(|(domain, user)| (user, domain));
        before
            .or_else(|| self.username.split_once('@'))
            .unwrap_or(whole)
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("user", &self.user)
            .field("domain", &self.domain)
            .field("workstation", &self.workstation)
            .finish_non_exhaustive()
    }
}
