//! A client and a server that agree on the time, and what they say of a request.
#![allow(dead_code, unreachable_pub)] // No test uses all of it.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::Bytes;
use countersign_core::canonical::percent::{Plus, decode};
use countersign_core::challenge::parse_credentials;
use countersign_core::verify::{Reason, Verdict, Verify};
use countersign_core::{FixedClock, Payload, Result, Sign, Sources};
use countersign_oauth1::{OAuth1, OAuth1Verifier, Signer};
use http::header::{AUTHORIZATION, HOST};
use http::{HeaderValue, request};
use serde_json::Value;

pub fn at(unix: u64) -> Sources {
    Sources {
        clock: Arc::new(FixedClock(Duration::from_secs(unix))),
        ..Sources::default()
    }
}

pub fn vectors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors")
}

pub fn json(name: &str) -> Value {
    let text = std::fs::read_to_string(vectors().join(name)).unwrap();
    serde_json::from_str(&text).unwrap()
}

pub fn pem(name: &str) -> String {
    std::fs::read_to_string(vectors().join("keys").join(name)).unwrap()
}

/// Signs a request, whose body may change.
pub fn sign(
    oauth: &OAuth1,
    request: http::request::Builder,
    body: &[u8],
) -> Result<(request::Parts, Bytes)> {
    let (mut head, ()) = request.body(()).unwrap().into_parts();
    let mut body = Payload::whole(Bytes::copy_from_slice(body));
    oauth.sign(&mut head, &mut body)?;
    let bytes = Bytes::copy_from_slice(body.bytes().unwrap());
    Ok((head, bytes))
}

/// The head as a server sees it: origin form, with the host in its header.
pub fn received(mut head: request::Parts) -> request::Parts {
    let host = countersign_core::canonical::uri::authority(&head.uri).unwrap();
    let host = HeaderValue::from_str(&host).unwrap();
    head.headers.entry(HOST).or_insert(host);
    head.uri = head.uri.path_and_query().unwrap().as_str().parse().unwrap();
    head
}

/// Nothing here waits.
pub fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("it waits"),
    }
}

pub fn judge(
    verifier: &OAuth1Verifier,
    head: &request::Parts,
    body: &[u8],
) -> Result<Signer, Reason> {
    let body = Payload::whole(Bytes::copy_from_slice(body));
    match now(verifier.verify(head, &body)).unwrap() {
        Verdict::Accept(accepted) => Ok(accepted.principal),
        Verdict::Refuse(refusal) => Err(refusal.reason),
    }
}

/// The parameters of a header as they stand there.
pub fn in_header(value: &HeaderValue) -> BTreeMap<String, String> {
    let credentials = parse_credentials(value).unwrap();
    assert!(credentials.is("oauth"));
    let params = credentials.params().iter();
    params
        .map(|param| (param.name().to_owned(), param.text().unwrap().to_owned()))
        .collect()
}

/// The pairs of a query or form, decoded, in order.
pub fn in_pairs(text: &str) -> Vec<(String, String)> {
    let decoded = |text: &str| {
        let bytes = decode(text.as_bytes(), Plus::Space).unwrap();
        String::from_utf8(bytes.into_owned()).unwrap()
    };
    let pieces = text.split('&').filter(|piece| !piece.is_empty());
    pieces
        .map(|piece| piece.split_once('=').unwrap_or((piece, "")))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}

/// A parameter of a signed request in the header, decoded.
pub fn parameter(head: &request::Parts, name: &str) -> Option<String> {
    let params = in_header(head.headers.get(AUTHORIZATION)?);
    let value = decode(params.get(name)?.as_bytes(), Plus::Literal).unwrap();
    Some(String::from_utf8(value.into_owned()).unwrap())
}
