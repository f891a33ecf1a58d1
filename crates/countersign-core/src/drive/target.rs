//! The substitution that lets every scheme authenticate to a proxy (RFC 9110 section 11.7).

use http::header::{
    AUTHORIZATION, HeaderMap, HeaderName, PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, WWW_AUTHENTICATE,
};
use http::{StatusCode, request, response};

static INFO: HeaderName = HeaderName::from_static("authentication-info");
static PROXY_INFO: HeaderName = HeaderName::from_static("proxy-authentication-info");

/// Exchanges the origin's fields with the proxy's; twice is never.
pub(crate) fn swap_request(request: &mut request::Parts) {
    swap(&mut request.headers, &AUTHORIZATION, &PROXY_AUTHORIZATION);
}

/// As [`swap_request`], for an answer and its status.
pub(crate) fn swap_response(response: &mut response::Parts) {
    swap(
        &mut response.headers,
        &WWW_AUTHENTICATE,
        &PROXY_AUTHENTICATE,
    );
    swap(&mut response.headers, &INFO, &PROXY_INFO);
    response.status = match response.status {
        StatusCode::UNAUTHORIZED => StatusCode::PROXY_AUTHENTICATION_REQUIRED,
        StatusCode::PROXY_AUTHENTICATION_REQUIRED => StatusCode::UNAUTHORIZED,
        other => other,
    };
}

fn swap(headers: &mut HeaderMap, one: &HeaderName, other: &HeaderName) {
    let (from_one, from_other) = (take(headers, one), take(headers, other));
    headers.extend(from_one.into_iter().map(|value| (other.clone(), value)));
    headers.extend(from_other.into_iter().map(|value| (one.clone(), value)));
}

fn take(headers: &mut HeaderMap, name: &HeaderName) -> Vec<http::HeaderValue> {
    let values = headers.get_all(name).iter().cloned().collect();
    headers.remove(name);
    values
}
