//! What an earlier signature left in a request.

use countersign_core::canonical::percent::{self, Plus};
use countersign_core::canonical::query::{self, RawPair, pairs};
use countersign_core::{Error, Result, Touch};
use http::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_LENGTH, HeaderName};
use http::request;

use super::NAME;
use super::settings::check_expires;
use super::target::no_place;
use crate::chunked::{X_AMZ_DECODED_CONTENT_LENGTH, X_AMZ_TRAILER};
use crate::message::{PRESIGNING, X_AMZ_DATE, X_AMZ_EXPIRES, X_AMZ_SECURITY_TOKEN};
use crate::payload::X_AMZ_CONTENT_SHA256;

const HEADERS: [HeaderName; 3] = [AUTHORIZATION, X_AMZ_DATE, X_AMZ_SECURITY_TOKEN];

/// What announces a body in chunks.
const CHUNKED: [HeaderName; 4] = [
    CONTENT_ENCODING,
    CONTENT_LENGTH,
    X_AMZ_DECODED_CONTENT_LENGTH,
    X_AMZ_TRAILER,
];

/// What a signature changes: it adds its own, and takes an earlier one out.
pub(super) fn touches(part: Touch<'_>, chunked: bool) -> bool {
    match part {
        Touch::Header(name) => {
            let own = HEADERS.contains(name) || *name == X_AMZ_CONTENT_SHA256;
            own || (chunked && CHUNKED.contains(name))
        }
        Touch::Parameter(pair) => presigns(pair),
        _ => chunked,
    }
}

/// A request that somebody signed already is not signed again.
pub(super) fn refuse(request: &request::Parts) -> Result<()> {
    let has = |name: &HeaderName| request.headers.contains_key(name);
    match HEADERS.iter().any(has) || is_presigned(request) {
        false => Ok(()),
        true => Err(Error::configuration(
            "the request is signed already: take Authorization, X-Amz-Date and X-Amz-Security-Token \
             out of its headers, and what a presigned URL has out of its query",
        )),
    }
}

/// Takes it out and reports that; gives the life in seconds that the caller wanted a presigned URL to have.
pub(super) fn take_out(request: &mut request::Parts) -> Result<Option<u32>> {
    for name in &HEADERS {
        if request.headers.remove(name).is_some() {
            tracing::warn!(header = %name, scheme = NAME, "replaces a header that the caller set");
        }
    }
    if !is_presigned(request) {
        return Ok(None);
    }
    let expires = expires(request)?;
    tracing::warn!(
        scheme = NAME,
        "replaces parameters of a presigned URL that the caller set"
    );
    request.uri = query::retain(&request.uri, |pair| !presigns(pair)).map_err(no_place)?;
    Ok(expires)
}

fn is_presigned(request: &request::Parts) -> bool {
    pairs(request.uri.query().unwrap_or_default()).any(presigns)
}

fn presigns(pair: RawPair<'_>) -> bool {
    let name = percent::decode(pair.name().as_bytes(), Plus::Literal);
    // Every one of them begins so; most others do not.
    name.is_ok_and(|name| {
        name.starts_with(b"X-Amz-") && PRESIGNING.iter().any(|known| known.as_bytes() == &*name)
    })
}

fn expires(request: &request::Parts) -> Result<Option<u32>> {
    let mut pairs = pairs(request.uri.query().unwrap_or_default());
    let Some(pair) = pairs.find(|pair| pair.is_named(X_AMZ_EXPIRES)) else {
        return Ok(None);
    };
    let value = pair.decoded(Plus::Literal).map(|(_, value)| value).ok();
    let number = value.and_then(|value| str::from_utf8(&value).ok()?.parse().ok());
    let seconds =
        number.ok_or_else(|| Error::configuration("X-Amz-Expires is no number of seconds"))?;
    check_expires(seconds).map(|()| Some(seconds))
}
