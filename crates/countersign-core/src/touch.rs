//! [`Touch`], what a scheme declares that it changes, and the check that it changes nothing else.

use http::header::{AUTHORIZATION, HeaderName};
use http::{HeaderMap, Uri, request};

use crate::canonical::query::{self, RawPair};
use crate::error::{Error, ErrorKind, Result};
use crate::payload::Payload;
use crate::scheme::Exchange;

/// A part of a request that a scheme may add, change or take out, if it declares that: see [`Exchange::touches`].
///
/// Method, scheme and host are no such parts: no scheme changes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Touch<'a> {
    /// Headers of this name.
    Header(&'a HeaderName),
    /// The path.
    Path,
    /// A parameter of the query.
    Parameter(RawPair<'a>),
    /// The body.
    Body,
}

impl Touch<'_> {
    /// Whether it is `Authorization`, which is all that most schemes touch.
    pub fn is_authorization(self) -> bool {
        matches!(self, Self::Header(name) if *name == AUTHORIZATION)
    }

    /// Whether it is a parameter of this name.
    pub fn is_parameter(self, name: &str) -> bool {
        matches!(self, Self::Parameter(pair) if pair.is_named(name))
    }
}

/// The hashes of what an exchange has to leave alone. A copy would cost what most schemes save.
pub(crate) struct Untouched {
    line: u64,
    parameters: u64,
    headers: u64,
    body: bool,
}

impl Untouched {
    pub(crate) fn of(exchange: &dyn Exchange, head: &request::Parts, body: &Payload) -> Self {
        Self {
            line: line(exchange, head),
            parameters: parameters(exchange, &head.uri),
            headers: headers(exchange, &head.headers),
            body: !body.is_changed() || exchange.touches(Touch::Body),
        }
    }

    /// What an exchange left alone, against `self`, what it had to leave alone.
    pub(crate) fn check(&self, after: &Self, by: &'static str) -> Result<()> {
        let parts = [
            (self.line == after.line, "the method, the host or the path"),
            (
                self.parameters == after.parameters,
                "a parameter of the query",
            ),
            (self.headers == after.headers, "a header"),
            (after.body, "the body"),
        ];
        match parts.into_iter().find(|(left_alone, _)| !left_alone) {
            None => Ok(()),
            Some((_, part)) => Err(undeclared(by, part)),
        }
    }
}

fn undeclared(by: &str, part: &str) -> Error {
    let message = format!(
        "the scheme {by} changes {part}, which it does not declare: that is a fault of the scheme"
    );
    Error::new(ErrorKind::Undeclared, message)
}

fn line(exchange: &dyn Exchange, head: &request::Parts) -> u64 {
    let authority = head.uri.authority().map_or("", |name| name.as_str());
    let scheme = head.uri.scheme_str().unwrap_or_default();
    let path = match exchange.touches(Touch::Path) {
        true => "",
        false => head.uri.path(),
    };
    [head.method.as_str(), scheme, authority, path]
        .iter()
        .fold(0, |hash, text| mixed(hash, text.as_bytes()))
}

/// In their order.
fn parameters(exchange: &dyn Exchange, uri: &Uri) -> u64 {
    let pairs = query::pairs(uri.query().unwrap_or_default());
    let others = pairs
        .filter(|pair| !pair.as_str().is_empty() && !exchange.touches(Touch::Parameter(*pair)));
    others.fold(0, |hash, pair| mixed(hash, pair.as_str().as_bytes()))
}

/// In any order, as taking one out of a map moves another.
fn headers(exchange: &dyn Exchange, headers: &HeaderMap) -> u64 {
    let others = headers
        .iter()
        .filter(|(name, _)| !exchange.touches(Touch::Header(name)));
    let hash =
        others.map(|(name, value)| mixed(mixed(0, name.as_str().as_bytes()), value.as_bytes()));
    hash.fold(0, u64::wrapping_add)
}

/// A faulty scheme does not look for collisions, so this is a fast hash without a key.
pub(crate) fn mixed(hash: u64, bytes: &[u8]) -> u64 {
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    let mix = |hash: u64, word: u64| (hash.rotate_left(5) ^ word).wrapping_mul(ODD);
    let (words, rest) = bytes.as_chunks::<8>();
    let hash = words
        .iter()
        .fold(mix(hash, bytes.len() as u64), |hash, word| {
            mix(hash, u64::from_le_bytes(*word))
        });
    rest.iter()
        .fold(hash, |hash, byte| mix(hash, u64::from(*byte)))
}
