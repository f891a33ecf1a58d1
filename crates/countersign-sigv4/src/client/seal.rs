//! The signature of a request that has all but its signature.

use std::ops::Range;

use countersign_core::canonical::percent::DecodeError;
use countersign_core::canonical::{Sink, uri};
use countersign_core::{Error, Result};
use http::request;

use super::sign::Unsigned;
use super::{Explanation, SigV4};
use crate::canonical::{CanonicalRequest, Query, SignedHeaders};
use crate::hex::Hex;
use crate::sha256::{Long, Short};

/// A signature with what it was made of.
pub(super) struct Sealed {
    canonical: Long,
    names: Range<usize>,
    text: Short,
    pub(super) signature: Hex,
}

impl Sealed {
    /// The names of the signed headers.
    pub(super) fn names(&self) -> &[u8] {
        &self.canonical.as_bytes()[self.names.clone()]
    }

    pub(super) fn explanation(&self) -> Explanation {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Explanation {
            canonical_request: self.canonical.as_bytes().to_vec(),
            string_to_sign: text(self.text.as_bytes()),
            signed_headers: text(self.names()).split(';').map(str::to_owned).collect(),
        }
    }
}

impl SigV4 {
    /// Signs what `prepare` left.
    pub(super) fn seal<T>(
        &self,
        request: &request::Parts,
        unsigned: &Unsigned,
        host: &str,
        then: impl FnOnce(&Sealed) -> T,
    ) -> Result<T> {
        let query = request.uri.query().unwrap_or_default();
        let canonical = CanonicalRequest {
            method: request.method.as_str(),
            path: (self.settings.path, uri::path(&request.uri)),
            query: match &unsigned.target {
                Some(target) => Query::presigned(query, target.added()),
                None => Query::new(query),
            },
            headers: self.signed_headers(request, host),
            payload: unsigned.payload.text(),
        };
        let mut sealed = Sealed {
            canonical: Long::default(),
            names: 0..0,
            text: Short::default(),
            signature: Hex::of(&[0; 32]),
        };
        sealed.names = canonical
            .write(&mut sealed.canonical)
            .map_err(broken_escape)?;
        sealed.text.put(&unsigned.moment.text);
        sealed.text.put(sealed.canonical.hash().as_bytes());
        sealed.signature = unsigned.moment.day.key.sign(&sealed.text);
        Ok(then(&sealed))
    }

    pub(super) fn signed_headers<'a>(
        &self,
        request: &'a request::Parts,
        host: &'a str,
    ) -> SignedHeaders<'a> {
        SignedHeaders::choose(&request.headers, host, |name| self.settings.signs(name))
    }
}

fn broken_escape(error: DecodeError) -> Error {
    Error::configuration("the path or the query holds a broken percent-escape").with_source(error)
}
