//! A client and a server that agree on the time.
#![allow(dead_code, unreachable_pub)] // No test uses all of it.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use countersign_core::verify::{Reason, Verdict, Verify};
use countersign_core::{Payload, Sign};
use countersign_sigv4::{
    Credentials, MemoryKeys, SigV4, SigV4Builder, SigV4Verifier, SigV4VerifierBuilder,
};
use http::header::HOST;
use http::{HeaderValue, request};

use crate::support::{ID, SECRET, TIME, at};

pub fn credentials() -> Credentials {
    Credentials::new(ID, SECRET).unwrap()
}

pub fn temporary(token: &str) -> Credentials {
    credentials().session_token(token).unwrap()
}

pub fn client(service: &str) -> SigV4Builder {
    SigV4::builder("eu-west-1", service).sources(at(TIME))
}

pub fn server(service: &str, keys: Credentials) -> SigV4VerifierBuilder {
    SigV4Verifier::builder("eu-west-1", service, MemoryKeys::new([keys])).sources(at(TIME))
}

/// Nothing here waits.
pub fn now<T>(verdict: impl Future<Output = T>) -> T {
    match pin!(verdict).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(found) => found,
        Poll::Pending => panic!("it waits"),
    }
}

pub fn judge(
    verifier: &SigV4Verifier,
    head: &request::Parts,
    body: &[u8],
) -> Result<String, Reason> {
    let body = Payload::whole(body.to_vec().into());
    match now(verifier.verify(head, &body)).unwrap() {
        Verdict::Accept(accepted) => Ok(accepted.principal),
        Verdict::Refuse(refusal) => Err(refusal.reason),
    }
}

/// The head as a server sees it: origin form, with the host in its header.
pub fn received(mut head: request::Parts) -> request::Parts {
    if let Some(authority) = head.uri.authority() {
        let host = match authority.port_u16() {
            Some(443) | None => authority.host(),
            Some(_) => authority.as_str(),
        };
        let host = HeaderValue::from_str(host).unwrap();
        head.headers.entry(HOST).or_insert(host);
    }
    head.uri = head.uri.path_and_query().unwrap().as_str().parse().unwrap();
    head
}

pub fn signed(sigv4: &SigV4, request: http::request::Builder, body: &[u8]) -> request::Parts {
    let (mut head, ()) = request.body(()).unwrap().into_parts();
    sigv4
        .sign(&mut head, &mut Payload::whole(body.to_vec().into()))
        .unwrap();
    received(head)
}

pub fn fixed(builder: SigV4Builder) -> SigV4 {
    builder.credentials(credentials()).unwrap()
}
