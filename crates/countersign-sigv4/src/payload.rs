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
    Empty,
    Unsigned,
    /// A body in chunks.
    Streaming(Form),
    Computed(Hex),
    Given(HeaderValue),
}

impl PayloadHash {
    pub(crate) fn of(body: &[u8]) -> Self {
        match body {
            [] => Self::Empty,
            body => Self::Computed(Hex::of(&Sha256::digest(body).into())),
        }
    }

    /// What a caller put into the header itself: a hash, or that the body is not signed.
    pub(crate) fn given(value: &HeaderValue) -> Option<Self> {
        let text = value.as_bytes();
        let known = is_hash(text) || text == UNSIGNED.as_bytes();
        known.then(|| Self::Given(value.clone()))
    }

    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Empty => EMPTY,
            Self::Unsigned => UNSIGNED,
            Self::Streaming(form) => form.word(),
            Self::Computed(hash) => hash.as_str(),
            Self::Given(value) => value.to_str().unwrap_or_default(),
        }
    }

    /// The header's value; `None` if the caller has set it.
    pub(crate) fn header(&self) -> Option<HeaderValue> {
        // Made once, as making one looks at each byte.
        const NO_BODY: HeaderValue = HeaderValue::from_static(EMPTY);
        const NOT_SIGNED: HeaderValue = HeaderValue::from_static(UNSIGNED);
        match self {
            Self::Empty => Some(NO_BODY),
            Self::Unsigned => Some(NOT_SIGNED),
            Self::Streaming(form) => Some(HeaderValue::from_static(form.word())),
            Self::Computed(hash) => HeaderValue::from_bytes(hash.as_bytes()).ok(),
            Self::Given(_) => None,
        }
    }
}
