//! The signature base string: RFC 5849, section 3.4.1.

use std::borrow::Cow;

use countersign_core::canonical::Sink;
use countersign_core::canonical::percent::{self, DecodeError, Plus, UNRESERVED};
use countersign_core::canonical::query::{self, Pair};
use http::Method;
use smallvec::SmallVec;

use crate::address::Address;
use crate::parameter::SIGNATURE;

/// What can be signed.
pub(crate) trait Signed {
    /// Writes it.
    fn write(&self, sink: &mut impl Sink);
}

/// A base string that was written before.
impl Signed for [u8] {
    fn write(&self, sink: &mut impl Sink) {
        sink.put(self);
    }
}

/// What is signed of a request.
pub(crate) struct BaseString<'a> {
    method: &'a Method,
    address: Address<'a>,
    parameters: Parameters<'a>,
}

/// The parameters of a request, wherever they stand in it: encoded, and sorted.
pub(crate) struct Parameters<'a>(SmallVec<[Pair<'a, str>; 32]>);

impl<'a> Parameters<'a> {
    /// Those of a query, of a form, and of the `Authorization` field without `realm`, which are encoded already.
    ///
    /// # Errors
    ///
    /// A broken percent-escape in the query or the form.
    pub(crate) fn new(
        query: &'a str,
        form: &'a str,
        header: &'a [Pair<'a, str>],
    ) -> Result<Self, DecodeError> {
        let mut pairs = SmallVec::new();
        for pair in query::pairs(query).chain(query::pairs(form)) {
            // What is empty between two & is no pair.
            if !pair.as_str().is_empty() {
                pairs.push(pair.canonical(Plus::Space)?);
            }
        }
        pairs.extend(header.iter().map(borrowed));
        pairs.retain(|(name, _)| name != SIGNATURE);
        pairs.sort_unstable();
        Ok(Self(pairs))
    }

    /// Writes them normalized: section 3.4.1.3.2.
    pub(crate) fn write(&self, sink: &mut impl Sink) {
        query::write_sorted(self.0.iter().map(borrowed), sink);
    }
}

fn borrowed<'a>((name, value): &'a Pair<'_, str>) -> Pair<'a, str> {
    (Cow::Borrowed(name), Cow::Borrowed(value))
}

impl<'a> BaseString<'a> {
    pub(crate) fn new(
        method: &'a Method,
        address: Address<'a>,
        parameters: Parameters<'a>,
    ) -> Self {
        Self {
            method,
            address,
            parameters,
        }
    }

    /// What it holds of parameters.
    pub(crate) fn parameters(&self) -> &Parameters<'a> {
        &self.parameters
    }
}

impl Signed for BaseString<'_> {
    fn write(&self, sink: &mut impl Sink) {
        put_upper_case(self.method.as_str(), sink);
        sink.put(b"&");
        self.address.write(&mut |bytes: &[u8]| encode(bytes, sink));
        sink.put(b"&");
        let encoded = &mut |bytes: &[u8]| encode(bytes, sink);
        self.parameters.write(encoded);
    }
}

fn encode(bytes: &[u8], sink: &mut impl Sink) {
    percent::encode(bytes, UNRESERVED, sink);
}

fn put_upper_case(method: &str, sink: &mut impl Sink) {
    match method.bytes().any(|byte| byte.is_ascii_lowercase()) {
        true => sink.put(method.to_ascii_uppercase().as_bytes()),
        false => sink.put(method.as_bytes()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use http::Method;

    use super::*;

    /// The vectors `path-043` and `path-044`, whose paths no `Uri` holds.
    #[test]
    fn a_path_is_encoded_byte_by_byte() {
        let written = |path| {
            let parameters = Parameters::new("", "", &[]).unwrap();
            let address = Address::new("https", "example.com".into(), path).unwrap();
            let base = BaseString::new(&Method::GET, address, parameters);
            let mut text = Vec::new();
            base.write(&mut text);
            String::from_utf8(text).unwrap()
        };
        assert_eq!(
            written("/a^b`c"),
            "GET&https%3A%2F%2Fexample.com%2Fa%5Eb%60c&"
        );
        assert_eq!(
            written("/a\"b<c>"),
            "GET&https%3A%2F%2Fexample.com%2Fa%22b%3Cc%3E&"
        );
    }
}
