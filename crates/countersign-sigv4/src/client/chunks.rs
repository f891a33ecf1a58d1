//! What the head says of a body in chunks.

use countersign_core::{Error, Payload, Result};
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use http::{HeaderValue, request};

use super::identity::not_a_value;
use crate::chunked::{
    AWS_CHUNKED, Chunked, X_AMZ_DECODED_CONTENT_LENGTH, X_AMZ_TRAILER, encoded_len,
};
use crate::payload::PayloadHash;

/// Says in the head that the body comes in chunks, how long it is and what follows it.
pub(super) fn announce(
    request: &mut request::Parts,
    body: &Payload,
    chunked: Chunked,
) -> Result<PayloadHash> {
    let length = body.len().ok_or_else(no_length)?;
    let coding = coding(request.headers.get(CONTENT_ENCODING))?;
    let headers = &mut request.headers;
    headers.insert(CONTENT_ENCODING, coding);
    headers.insert(X_AMZ_DECODED_CONTENT_LENGTH, HeaderValue::from(length));
    if let Some(checksum) = chunked.trailer() {
        let name = HeaderValue::from_static(checksum.trailer());
        headers.insert(X_AMZ_TRAILER, name);
    }
    // It is signed where it is given, so it has to be that of the chunks.
    if headers.contains_key(CONTENT_LENGTH) {
        let encoded = HeaderValue::from(encoded_len(chunked, length));
        headers.insert(CONTENT_LENGTH, encoded);
    }
    Ok(PayloadHash::Streaming(chunked.form()))
}

/// The caller's coding, with the chunks as the last one.
fn coding(own: Option<&HeaderValue>) -> Result<HeaderValue> {
    let Some(own) = own.filter(|own| !own.is_empty()) else {
        return Ok(HeaderValue::from_static(AWS_CHUNKED));
    };
    let coding = [own.as_bytes(), b",", AWS_CHUNKED.as_bytes()].concat();
    HeaderValue::try_from(coding).map_err(not_a_value)
}

fn no_length() -> Error {
    Error::configuration(
        "S3 has to know the length of a body before its first chunk: give the stream an exact length",
    )
}
