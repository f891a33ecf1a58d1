//! Our clients and verifiers, walked leg by leg, for the differential tests and the benchmarks.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use countersign_core::verify::{Reason, Verdict, Verify};
use countersign_core::{Begin, Cx, Error, ErrorKind, Exchange, Next, Payload, Result, Scheme};
use countersign_digest::Digest;
use http::header::WWW_AUTHENTICATE;
use http::{HeaderValue, Response, StatusCode, request, response};

/// What `begin` yields without waiting; nothing here has to wait.
///
/// # Errors
///
/// Those of `begin`.
pub fn ready<X>(begin: Begin<X>) -> Result<X> {
    match pin!(begin).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(begun) => begun,
        Poll::Pending => Err(Error::challenge("it waits for another request")),
    }
}

/// The head of a 401 with one challenge.
pub fn refusal(challenge: HeaderValue) -> response::Parts {
    let (mut parts, ()) = Response::new(()).into_parts();
    parts.status = StatusCode::UNAUTHORIZED;
    parts.headers.insert(WWW_AUTHENTICATE, challenge);
    parts
}

/// The second leg of a cold request: answers a refusal.
///
/// # Errors
///
/// [`ErrorKind::Challenge`] if the client will not answer it, and those of the exchange.
pub fn answer(
    digest: &Digest,
    head: &mut request::Parts,
    body: &mut Payload,
    refused: &response::Parts,
) -> Result<()> {
    let mut exchange = ready(digest.begin(Cx::new(head, None)))?;
    exchange.prepare(head, body)?;
    match exchange.receive(refused)? {
        Next::Again => exchange.prepare(head, body),
        _ => Err(Error::new(ErrorKind::Challenge, "it does not answer")),
    }
}

/// The first leg of a request: the only one where a nonce is known, or none is needed.
///
/// # Errors
///
/// Those of the exchange.
pub fn sign(scheme: &impl Scheme, head: &mut request::Parts, body: &mut Payload) -> Result<()> {
    ready(scheme.begin(Cx::new(head, None)))?.prepare(head, body)
}

/// Why a verifier refuses a request; the principal if it does not.
///
/// # Errors
///
/// The reason of the refusal.
pub fn judge<V: Verify>(
    verifier: &V,
    head: &request::Parts,
    body: &Payload,
) -> core::result::Result<V::Principal, Reason> {
    match ready(verifier.verify(head, body)) {
        Ok(Verdict::Accept(accepted)) => Ok(accepted.principal),
        Ok(Verdict::Refuse(refusal)) => Err(refusal.reason),
        Err(_) => Err(Reason::Unavailable),
    }
}
