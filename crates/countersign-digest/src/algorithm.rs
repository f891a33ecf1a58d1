//! [`Algorithm`], the hash and the session variant that a challenge names.

use std::fmt;

use countersign_core::Secret;

use crate::calculation::{self, Ha1};
use crate::hash::Function;

/// An algorithm of RFC 7616, section 6.1, or `SHA-512`, which servers use though it is not in that table.
///
/// A `-sess` form is as strong as its plain one; it lets a server hold a key that is good for one nonce only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Algorithm {
    /// `MD5`, the default where a message names none. Broken as a hash; for old servers only.
    Md5,
    /// `MD5-sess`.
    Md5Sess,
    /// `SHA-256`.
    Sha256,
    /// `SHA-256-sess`.
    Sha256Sess,
    /// `SHA-512-256`: SHA-512 with its own start values, cut to 256 bits.
    Sha512_256,
    /// `SHA-512-256-sess`.
    Sha512_256Sess,
    /// `SHA-512`.
    Sha512,
    /// `SHA-512-sess`.
    Sha512Sess,
}

impl Algorithm {
    /// Every algorithm.
    pub const ALL: [Self; 8] = [
        Self::Md5,
        Self::Md5Sess,
        Self::Sha256,
        Self::Sha256Sess,
        Self::Sha512_256,
        Self::Sha512_256Sess,
        Self::Sha512,
        Self::Sha512Sess,
    ];

    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Md5Sess => "MD5-sess",
            Self::Sha256 => "SHA-256",
            Self::Sha256Sess => "SHA-256-sess",
            Self::Sha512_256 => "SHA-512-256",
            Self::Sha512_256Sess => "SHA-512-256-sess",
            Self::Sha512 => "SHA-512",
            Self::Sha512Sess => "SHA-512-sess",
        }
    }

    /// The algorithm of this name, in any case; `None` if it is unknown.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|known| known.name().eq_ignore_ascii_case(name))
    }

    /// Whether it is a `-sess` form.
    pub fn is_session(self) -> bool {
        self != self.plain()
    }

    /// The same without `-sess`.
    #[must_use]
    pub fn plain(self) -> Self {
        match self {
            Self::Md5 | Self::Md5Sess => Self::Md5,
            Self::Sha256 | Self::Sha256Sess => Self::Sha256,
            Self::Sha512_256 | Self::Sha512_256Sess => Self::Sha512_256,
            Self::Sha512 | Self::Sha512Sess => Self::Sha512,
        }
    }

    /// `H(username:realm:password)` in hexadecimal, what a store keeps in place of a password (RFC 7616, section
    /// 3.4.2). It is as good as the password within its realm.
    pub fn ha1(self, username: &str, realm: &str, password: &Secret) -> Secret {
        let ha1 = Ha1::new(self.function(), username, realm.as_bytes(), password);
        Secret::new(ha1.as_bytes())
    }

    /// `H(username:realm)` in hexadecimal, by which a request names its user where the server asked for `userhash`
    /// (RFC 7616, section 3.4.4).
    pub fn userhash(self, username: &str, realm: &str) -> String {
        calculation::userhash(self.function(), username, realm.as_bytes()).to_string()
    }

    pub(crate) fn function(self) -> Function {
        match self.plain() {
            Self::Md5 => Function::Md5,
            Self::Sha256 => Function::Sha256,
            Self::Sha512_256 => Function::Sha512_256,
            _ => Function::Sha512,
        }
    }

    /// How strong it is: SHA-512 and SHA-512-256, then SHA-256, then MD5.
    pub(crate) fn strength(self) -> u8 {
        match self.function() {
            Function::Md5 => 0,
            Function::Sha256 => 1,
            Function::Sha512_256 | Function::Sha512 => 2,
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
