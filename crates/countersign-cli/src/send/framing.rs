//! The headers by which HTTP itself delimits a request's body.

use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use http::{HeaderValue, Method, request};
use http_body::Body;

/// Adds `Content-Length` where the length is known: RFC 9110 section 8.6.
pub(super) fn complete(head: &mut request::Parts, body: &impl Body) {
    let framed = [CONTENT_LENGTH, TRANSFER_ENCODING];
    if framed.iter().any(|name| head.headers.contains_key(name)) {
        return;
    }
    match body.size_hint().exact() {
        Some(0) if !expects_a_body(&head.method) => {}
        Some(length) => drop(
            head.headers
                .insert(CONTENT_LENGTH, HeaderValue::from(length)),
        ),
        None => {}
    }
}

fn expects_a_body(method: &Method) -> bool {
    [Method::POST, Method::PUT, Method::PATCH].contains(method)
}
