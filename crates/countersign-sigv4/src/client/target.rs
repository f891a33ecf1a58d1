//! [`PresignedTarget`], path and query of a presigned URL while it is made.

use bytes::Bytes;
use countersign_core::canonical::uri;
use countersign_core::{Error, Result};
use http::Uri;
use http::uri::PathAndQuery;

use crate::canonical::SignedHeaders;
use crate::hex::Hex;
use crate::message::{Presigned, finish_presigned};

/// Path and query, with the place in it where what is added begins.
pub(super) struct PresignedTarget {
    target: Vec<u8>,
    added: usize,
}

impl PresignedTarget {
    /// The target of a request with all that is signed at its end, in one allocation of the size that it comes to.
    /// `late` is a token that is added after signing.
    pub(super) fn new(
        uri: &Uri,
        presigned: &Presigned<'_>,
        headers: &SignedHeaders<'_>,
        late: Option<&str>,
    ) -> Self {
        let (path, query) = (uri::path(uri), uri.query().unwrap_or_default());
        let between = if query.is_empty() { "" } else { "&" };
        let own = [path, "?", query, between];
        let added = own.iter().map(|part| part.len()).sum();
        let mut length = added;
        let mut count = |bytes: &[u8]| length += bytes.len();
        presigned.write(headers, &mut count);
        finish_presigned(&mut count, late, Hex::of(&[0; 32]));
        let mut target = Vec::with_capacity(length);
        own.iter()
            .for_each(|part| target.extend_from_slice(part.as_bytes()));
        presigned.write(headers, &mut target);
        Self { target, added }
    }

    /// What is added.
    pub(super) fn added(&self) -> &str {
        // What is added is ASCII.
        str::from_utf8(&self.target[self.added..]).unwrap_or_default()
    }

    /// Puts it into a URI, with the signature, and with the token if that is not signed.
    pub(super) fn finish(
        mut self,
        uri: &mut Uri,
        token: Option<&str>,
        signature: Hex,
    ) -> Result<()> {
        finish_presigned(&mut self.target, token, signature);
        let target = PathAndQuery::from_maybe_shared(Bytes::from(self.target));
        let mut parts = std::mem::take(uri).into_parts();
        parts.path_and_query = Some(target.map_err(no_place)?);
        *uri = Uri::from_parts(parts).map_err(no_place)?;
        Ok(())
    }
}

pub(super) fn no_place(error: impl Into<countersign_core::BoxError>) -> Error {
    Error::configuration("the request has no place for a signature in its query").with_source(error)
}
