//! What a request costs in allocations.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use allocation_counter::measure;
use bytes::Bytes;
use countersign_core::{Cx, Exchange, Next, Payload, Scheme};
use countersign_digest::{Algorithm, Digest, DigestExchange};
use http::{HeaderMap, Request, request};
use support::challenged;

fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("it waits"),
    }
}

fn head() -> request::Parts {
    let mut head = Request::get("http://api.example/a?b=c")
        .body(())
        .unwrap()
        .into_parts()
        .0;
    head.headers = HeaderMap::with_capacity(8);
    head
}

fn begin(digest: &Digest, head: &request::Parts) -> DigestExchange {
    ready(digest.begin(Cx::new(head, None))).unwrap()
}

fn warm(algorithm: Algorithm) -> Digest {
    let digest = Digest::new("alice", "sesame").unwrap();
    let mut head = head();
    let mut exchange = begin(&digest, &head);
    exchange
        .prepare(&mut head, &mut Payload::default())
        .unwrap();
    let line = format!("Digest realm=\"r\", nonce=\"n\", algorithm={algorithm}, qop=\"auth\"");
    let (refused, _) = challenged(&line).into_parts();
    assert_eq!(exchange.receive(&refused).unwrap(), Next::Again);
    digest
}

#[test]
fn a_warm_header_is_one_allocation() {
    for algorithm in Algorithm::ALL {
        let digest = warm(algorithm);
        let mut head = head();
        let kept = head.uri.clone();
        let mut exchange = begin(&digest, &head);
        let mut body = Payload::whole(Bytes::new());
        let cost = measure(|| exchange.prepare(&mut head, &mut body).unwrap());
        assert_eq!(cost.count_total, 1, "{algorithm}");
        assert_eq!(kept, head.uri);
    }
}

#[test]
fn a_warm_beginning_allocates_nothing() {
    let digest = warm(Algorithm::Sha256);
    let head = head();
    let begun = measure(|| drop(begin(&digest, &head)));
    assert_eq!(begun.count_total, 0);
}

#[test]
fn a_warm_answer_allocates_nothing() {
    let digest = warm(Algorithm::Sha256);
    let mut head = head();
    let mut exchange = begin(&digest, &head);
    exchange
        .prepare(&mut head, &mut Payload::default())
        .unwrap();
    let (answer, _) = support::status(200).into_parts();
    let cost = measure(|| assert_eq!(exchange.receive(&answer).unwrap(), Next::Done));
    assert_eq!(cost.count_total, 0);
}
