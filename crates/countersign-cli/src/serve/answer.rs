//! The answer to a request that was let through: what the server saw of it.

use std::convert::Infallible;

use bytes::Bytes;
use countersign::canonical::hex;
use countersign::tower::Verified;
use countersign::verify::{BodyError, VerifiedBody};
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Request, Response, StatusCode, Version, request};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use serde::Serialize;
use sha2::{Digest, Sha256};

#[derive(Serialize)]
struct Seen<'a> {
    scheme: &'a str,
    principal: &'a str,
    method: &'a str,
    target: String,
    body_sha256: String,
}

/// Reads the request to its end and reports it.
pub(super) async fn answer(
    request: Request<VerifiedBody<Incoming>>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let verified = head.extensions.get::<Verified<String>>();
    Ok(match (verified, sha256(body).await) {
        (Some(verified), Ok(hash)) => report(&head, verified, hash),
        (Some(_), Err(_)) => plain(StatusCode::BAD_REQUEST),
        // Nobody gets here but through the layer.
        (None, _) => plain(StatusCode::INTERNAL_SERVER_ERROR),
    })
}

fn report(
    head: &request::Parts,
    verified: &Verified<String>,
    hash: String,
) -> Response<Full<Bytes>> {
    let seen = Seen {
        scheme: verified.scheme(),
        principal: verified.principal(),
        method: head.method.as_str(),
        target: target(head),
        body_sha256: hash,
    };
    match serde_json::to_vec(&seen) {
        Ok(json) => {
            let mut response = Response::new(Full::from(json));
            let kind = HeaderValue::from_static("application/json");
            response.headers_mut().insert(CONTENT_TYPE, kind);
            response
        }
        Err(_) => plain(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

fn plain(status: StatusCode) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = status;
    response
}

/// The target as it was sent; in HTTP/2 that is `:path` (RFC 9113 section 8.3.1).
fn target(head: &request::Parts) -> String {
    match head.uri.path_and_query() {
        Some(path) if head.version >= Version::HTTP_2 => path.to_string(),
        _ => head.uri.to_string(),
    }
}

/// Hashes a body as it comes, whatever its length.
async fn sha256(mut body: VerifiedBody<Incoming>) -> Result<String, BodyError<hyper::Error>> {
    let mut hash = Sha256::new();
    while let Some(frame) = body.frame().await {
        if let Some(data) = frame?.data_ref() {
            hash.update(data);
        }
    }
    Ok(hex::text(&hash.finalize()))
}
