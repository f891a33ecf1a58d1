//! [`PayloadHash`], how a signature covers the body.

use http::HeaderValue;
use http::header::HeaderName;
use sha2::{Digest, Sha256};

use crate::chunked::Form;
use crate::hex::{Hex, is_hash};

/// The header that carries the body's hash.
pub(crate) const X_AMZ_CONTENT_SHA256: HeaderName = HeaderName::from_static("x-amz-content-sha256");

/// What stands for the hash of a body that is not signed.
pub(crate) const UNSIGNED: &str = "UNSIGNED-PAYLOAD";

/// The SHA-256 of nothing.
pub(crate) const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// The last line of a canonical request.
pub(crate) enum PayloadHash {
    Known(&'static str),
    Computed(Hex),
    Given(HeaderValue),
}

impl PayloadHash {
    pub(crate) const UNSIGNED: Self = Self::Known(UNSIGNED);

    pub(crate) fn of(body: &[u8]) -> Self {
        match body {
            [] => Self::Known(EMPTY),
            body => Self::Computed(Hex::of(&Sha256::digest(body).into())),
        }
    }

    /// What stands for the hash of a body in chunks.
    pub(crate) fn streaming(form: Form) -> Self {
        Self::Known(form.word())
    }

    /// What a caller put into the header itself: a hash, or that the body is not signed.
    pub(crate) fn given(value: &HeaderValue) -> Option<Self> {
        let text = value.as_bytes();
        let known = is_hash(text) || text == UNSIGNED.as_bytes();
        known.then(|| Self::Given(value.clone()))
    }

    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Known(text) => text,
            Self::Computed(hash) => hash.as_str(),
            Self::Given(value) => value.to_str().unwrap_or_default(),
        }
    }

    /// The header's value; `None` if the caller has set it.
    pub(crate) fn header(&self) -> Option<HeaderValue> {
        match self {
            Self::Known(text) => Some(HeaderValue::from_static(text)),
            Self::Computed(hash) => HeaderValue::from_bytes(hash.as_bytes()).ok(),
            Self::Given(_) => None,
        }
    }
}
