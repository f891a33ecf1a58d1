//! What a request that is not let through is answered.

use bytes::Bytes;
use countersign_core::AuthBody;
use countersign_core::verify::{Reason, Refusal};
use http::header::{CONNECTION, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{Response, StatusCode};

/// The answer that says why, with every challenge; the refusal itself is in its extensions.
pub(crate) fn refused<R>(refusal: Refusal) -> Response<AuthBody<R>> {
    let mut response = plain(refusal.reason.status());
    for challenge in &refusal.challenges {
        let mut challenge = challenge.clone();
        // A nonce is no secret, and a challenge has to be readable in logs.
        challenge.set_sensitive(false);
        response.headers_mut().append(WWW_AUTHENTICATE, challenge);
    }
    if refusal.reason == Reason::Unavailable {
        response
            .headers_mut()
            .insert(RETRY_AFTER, HeaderValue::from_static("1"));
    }
    if refusal.close {
        close(&mut response);
    }
    response.extensions_mut().insert(refusal);
    response
}

fn close<R>(response: &mut Response<R>) {
    response
        .headers_mut()
        .insert(CONNECTION, HeaderValue::from_static("close"));
}

/// The answer to a body that is larger than the verifier may read; its rest is not wanted.
pub(crate) fn too_large<R>() -> Response<AuthBody<R>> {
    let mut response = plain(StatusCode::PAYLOAD_TOO_LARGE);
    close(&mut response);
    response
}

/// An answer of this status, without a body.
pub(crate) fn plain<R>(status: StatusCode) -> Response<AuthBody<R>> {
    let mut response = Response::new(AuthBody::from(Bytes::new()));
    *response.status_mut() = status;
    response
}
