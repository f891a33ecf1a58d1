//! Our Digest client, walked leg by leg, for the differential tests and the benchmarks.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use countersign_core::{Begin, Cx, Error, ErrorKind, Exchange, Next, Payload, Result, Scheme};
use countersign_digest::{Digest, DigestExchange};
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
    let mut exchange = begin(digest, head)?;
    exchange.prepare(head, body)?;
    match exchange.receive(refused)? {
        Next::Again => exchange.prepare(head, body),
        _ => Err(Error::new(ErrorKind::Challenge, "it does not answer")),
    }
}

/// The only leg of a request whose nonce is known.
///
/// # Errors
///
/// Those of the exchange.
pub fn sign(digest: &Digest, head: &mut request::Parts, body: &mut Payload) -> Result<()> {
    begin(digest, head)?.prepare(head, body)
}

fn begin(digest: &Digest, head: &request::Parts) -> Result<DigestExchange> {
    ready(digest.begin(Cx::new(head, None)))
}
