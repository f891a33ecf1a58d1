//! The signature base string: RFC 5849, section 3.4.1.

use std::borrow::Cow;

use countersign_core::canonical::Sink;
use countersign_core::canonical::percent::{self, DecodeError, Plus, UNRESERVED};
use countersign_core::canonical::query::{self, RawPair};
use http::Method;

use crate::address::Address;
use crate::parameter::SIGNATURE;

/// What is signed of a request.
pub(crate) struct BaseString<'a> {
    method: &'a Method,
    address: Address<'a>,
    parameters: Parameters<'a>,
}

/// The parameters of a request, wherever they stand in it, encoded.
pub(crate) struct Parameters<'a> {
    query: Cow<'a, str>,
    form: Cow<'a, str>,
    header: &'a [(&'a str, &'a str)],
}

impl<'a> Parameters<'a> {
    /// Those of a query, of a form, and of the `Authorization` field without `realm`, which are encoded already.
    ///
    /// # Errors
    ///
    /// A broken percent-escape in the query or the form.
    pub(crate) fn new(
        query: &'a str,
        form: &'a str,
        header: &'a [(&'a str, &'a str)],
    ) -> Result<Self, DecodeError> {
        Ok(Self {
            query: query::canonical(query, Plus::Space)?,
            form: query::canonical(form, Plus::Space)?,
            header,
        })
    }

    /// Whether nothing in them is escaped.
    fn are_plain(&self) -> bool {
        let mut header = self.header.iter();
        let own = self.query.contains('%') || self.form.contains('%');
        !own && !header.any(|(name, value)| name.contains('%') || value.contains('%'))
    }

    /// Writes them normalized: section 3.4.1.3.2.
    pub(crate) fn write(&self, sink: &mut impl Sink) {
        let written = query::pairs(&self.query).chain(query::pairs(&self.form));
        // What is empty between two & is no pair.
        let written = written.filter(|pair| !pair.as_str().is_empty());
        let pairs = written
            .map(RawPair::split)
            .chain(self.header.iter().copied());
        query::write_sorted(pairs.filter(|(name, _)| *name != SIGNATURE), sink);
    }
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

    /// The whole of it.
    pub(crate) fn text(&self) -> Vec<u8> {
        let mut text = Vec::with_capacity(1024);
        put_upper_case(self.method.as_str(), &mut text);
        text.put(b"&");
        self.address
            .write(&mut |bytes: &[u8]| percent::encode(bytes, UNRESERVED, &mut text));
        text.put(b"&");
        // They are encoded once more. What is encoded already has nothing but `%` that is escaped.
        let plain = self.parameters.are_plain();
        self.parameters.write(&mut |piece: &[u8]| match piece {
            b"&" => text.put(b"%26"),
            b"=" => text.put(b"%3D"),
            piece if plain => text.put(piece),
            piece => percent::encode(piece, UNRESERVED, &mut text),
        });
        text
    }
}

fn put_upper_case(method: &str, text: &mut Vec<u8>) {
    match method.bytes().any(|byte| byte.is_ascii_lowercase()) {
        true => text.put(method.to_ascii_uppercase().as_bytes()),
        false => text.put(method.as_bytes()),
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
            String::from_utf8(base.text()).unwrap()
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
