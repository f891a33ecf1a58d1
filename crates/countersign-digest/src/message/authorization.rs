//! `Authorization: Digest` as a server reads it, RFC 7616, section 3.4.

use countersign_core::challenge::Credentials;

use super::{MAX_NONCE, Qop, Username};
use crate::algorithm::Algorithm;

/// The longest client nonce that is looked at, in bytes.
const MAX_CNONCE: usize = 1024;

/// The quality of protection that a request claims.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    /// None: RFC 2069.
    Nothing,
    Unknown,
    For(Qop),
}

/// Well-formed credentials; nothing in them is verified yet.
pub(crate) struct Authorization<'a> {
    pub(crate) username: Username<'a>,
    pub(crate) realm: &'a [u8],
    pub(crate) nonce: &'a [u8],
    pub(crate) uri: &'a [u8],
    pub(crate) response: &'a [u8],
    /// `None` if it names one that nobody knows.
    pub(crate) algorithm: Option<Algorithm>,
    pub(crate) qop: Asked,
    /// Empty only where the algorithm and `qop` need none.
    pub(crate) cnonce: &'a [u8],
    /// 0 without `qop`.
    pub(crate) nc: u32,
}

impl<'a> Authorization<'a> {
    /// `None` if a parameter that must be there is not, or one is there that must not be.
    pub(crate) fn read(credentials: &'a Credentials<'_>) -> Option<Self> {
        let read = Self {
            username: Username::read(credentials)?,
            realm: credentials.param("realm")?,
            nonce: credentials.param("nonce")?,
            uri: credentials.param("uri")?,
            response: credentials.param("response")?,
            algorithm: algorithm(credentials),
            qop: asked(credentials),
            cnonce: credentials.param("cnonce").unwrap_or_default(),
            nc: count(credentials.param("nc"))?,
        };
        let sized = read.nonce.len() <= MAX_NONCE && read.cnonce.len() <= MAX_CNONCE;
        (sized && read.counts_as_it_should()).then_some(read)
    }

    /// With `qop` there must be `nc` and `cnonce`, without it neither, except that a session needs the latter.
    fn counts_as_it_should(&self) -> bool {
        let session = self.algorithm.is_some_and(Algorithm::is_session);
        match self.qop {
            Asked::Nothing => self.nc == 0 && self.cnonce.is_empty() != session,
            _ => self.nc != 0 && !self.cnonce.is_empty(),
        }
    }
}

/// The algorithm that counts where none is named is MD5.
fn algorithm(credentials: &Credentials<'_>) -> Option<Algorithm> {
    match credentials.param("algorithm") {
        None => Some(Algorithm::Md5),
        Some(_) => credentials.text("algorithm").and_then(Algorithm::of),
    }
}

fn asked(credentials: &Credentials<'_>) -> Asked {
    match credentials.param("qop") {
        None => Asked::Nothing,
        Some(_) => credentials
            .text("qop")
            .and_then(Qop::of)
            .map_or(Asked::Unknown, Asked::For),
    }
}

/// `8LHEX`; zero if it is not there.
fn count(nc: Option<&[u8]>) -> Option<u32> {
    let Some(nc) = nc else { return Some(0) };
    let is_digit = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    if nc.len() != 8 || !nc.iter().all(is_digit) {
        return None;
    }
    u32::from_str_radix(str::from_utf8(nc).ok()?, 16)
        .ok()
        .filter(|count| *count != 0)
}
