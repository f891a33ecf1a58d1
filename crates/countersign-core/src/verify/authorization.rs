//! Finds the one credential of a request.

use http::header::AUTHORIZATION;
use http::{HeaderValue, request};

use super::Reason;

/// The longest `Authorization` field that is looked at, in bytes.
const MAX_AUTHORIZATION: usize = 8 << 10;

/// The request's `Authorization` field if it is for `scheme` (in any case), `Ok(None)` if there is none for it.
///
/// # Errors
///
/// [`Reason::Malformed`] for several fields (RFC 9110 section 5.3 allows one), [`Reason::TooLarge`] for one over
/// 8 KiB.
pub fn authorization<'a>(
    request: &'a request::Parts,
    scheme: &str,
) -> Result<Option<&'a HeaderValue>, Reason> {
    let mut values = request.headers.get_all(AUTHORIZATION).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    if values.next().is_some() {
        return Err(Reason::Malformed);
    }
    if value.len() > MAX_AUTHORIZATION {
        return Err(Reason::TooLarge);
    }
    Ok(Some(value).filter(|value| is_for(value.as_bytes(), scheme)))
}

fn is_for(value: &[u8], scheme: &str) -> bool {
    let end = value
        .iter()
        .position(|byte| matches!(byte, b' ' | b'\t'))
        .unwrap_or(value.len());
    value[..end].eq_ignore_ascii_case(scheme.as_bytes())
}
