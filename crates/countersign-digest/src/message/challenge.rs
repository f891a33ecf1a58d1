//! `WWW-Authenticate: Digest`, RFC 7616, section 3.3.

use countersign_core::challenge;

use super::Offered;
use crate::algorithm::Algorithm;

/// The longest nonce that is answered, in bytes.
pub(crate) const MAX_NONCE: usize = 4096;

/// A challenge that can be answered. `domain` is left out: a server cannot widen where credentials go.
#[derive(Clone, Copy)]
pub(crate) struct Challenge<'a> {
    pub(crate) realm: &'a [u8],
    pub(crate) nonce: &'a [u8],
    pub(crate) opaque: Option<&'a [u8]>,
    pub(crate) algorithm: Algorithm,
    /// The algorithm as the server wrote it; an answer repeats it (section 3.4).
    pub(crate) algorithm_name: Option<&'a str>,
    pub(crate) qop: Offered,
    pub(crate) stale: bool,
    pub(crate) userhash: bool,
    pub(crate) utf8: bool,
}

impl<'a> Challenge<'a> {
    /// `None` for another scheme, an unknown algorithm, or a challenge without what every answer needs.
    pub(crate) fn read(challenge: &'a challenge::Challenge<'_>) -> Option<Self> {
        if !challenge.is("digest") {
            return None;
        }
        let nonce = challenge.param("nonce")?;
        if nonce.is_empty() || nonce.len() > MAX_NONCE {
            return None;
        }
        let (algorithm, algorithm_name) = match challenge.param("algorithm") {
            None => (Algorithm::Md5, None),
            Some(_) => named(challenge.text("algorithm")?)?,
        };
        Some(Self {
            realm: challenge.param("realm")?,
            nonce,
            opaque: challenge.param("opaque"),
            algorithm,
            algorithm_name,
            qop: offered(challenge)?,
            stale: says(challenge, "stale", "true"),
            userhash: says(challenge, "userhash", "true"),
            utf8: says(challenge, "charset", "UTF-8"),
        })
    }
}

fn named(name: &str) -> Option<(Algorithm, Option<&str>)> {
    Some((Algorithm::of(name)?, Some(name)))
}

fn offered(challenge: &challenge::Challenge<'_>) -> Option<Offered> {
    match challenge.param("qop") {
        None => Some(Offered::Nothing),
        Some(_) => challenge.text("qop").map(|list| Offered::read(Some(list))),
    }
}

fn says(challenge: &challenge::Challenge<'_>, name: &str, value: &str) -> bool {
    challenge
        .text(name)
        .is_some_and(|text| text.eq_ignore_ascii_case(value))
}
