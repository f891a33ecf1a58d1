//! Signing beside the bare hash cost: the compressions that the message needs, with the key's pads at hand.
#![allow(clippy::unwrap_used, missing_docs)]

use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use countersign_core::verify::Verify;
use countersign_core::{Begin, Cx, Exchange, Payload, ReplayGuard, Scheme, Use, Used};
use countersign_hawk::{Algorithm, Credentials, Hawk, HawkVerifier, MemoryKeys, PayloadHash};
use criterion::{Criterion, criterion_group, criterion_main};
use hmac::{Hmac, KeyInit, Mac};
use http::header::AUTHORIZATION;
use http::{Request, request};
use sha2::{Digest, Sha256};

const KEY: &str = "werxhqb98rpaxn39848xrunpaw3489ruxnpa98w4rxn";
const NORMALIZED: &[u8] =
    b"hawk.1.header\n1353832234\nj4h3g2\nGET\n/resource/1?b=1&a=2\nexample.com\n8000\n\nsome-app-ext-data\n";

fn credentials() -> Credentials {
    Credentials::new("dh37fgj492je", KEY, Algorithm::Sha256).unwrap()
}

fn now<T>(begin: Begin<T>) -> T {
    match pin!(begin).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result.unwrap(),
        Poll::Pending => unreachable!(),
    }
}

fn head() -> request::Parts {
    let request = Request::get("http://example.com:8000/resource/1?b=1&a=2");
    let mut head = request.body(()).unwrap().into_parts().0;
    head.headers.reserve(8);
    head
}

fn leg(hawk: &Hawk, head: &mut request::Parts, body: &Bytes) {
    let mut exchange = now(hawk.begin(Cx::new(head, None)));
    exchange
        .prepare(head, &mut Payload::whole(body.clone()))
        .unwrap();
}

fn bare(key: &Hmac<Sha256>, body: &[u8]) -> [u8; 32] {
    if !body.is_empty() {
        black_box(Sha256::digest(body));
    }
    let mut mac = key.clone();
    mac.update(NORMALIZED);
    mac.finalize().into_bytes().into()
}

fn sign(criterion: &mut Criterion) {
    let hawk = Hawk::new(credentials()).ext("some-app-ext-data").unwrap();
    let pinned = hawk.clone().nonce("j4h3g2").unwrap();
    let hashing = pinned.clone().payload_hash(PayloadHash::NonEmpty);
    let key = Hmac::new_from_slice(KEY.as_bytes()).unwrap();
    for (name, hawk, body) in [
        ("header", &hawk, 0),
        ("header, given nonce", &pinned, 0),
        ("payload of 1 KiB, given nonce", &hashing, 1 << 10),
    ] {
        let body = Bytes::from(vec![b'a'; body]);
        let mut group = criterion.benchmark_group(name);
        let mut head = head();
        group.bench_function("sign", |bencher| {
            bencher.iter(|| {
                leg(hawk, &mut head, &body);
                head.headers.remove(AUTHORIZATION)
            });
        });
        group.bench_function("bare hash", |bencher| {
            bencher.iter(|| bare(black_box(&key), &body));
        });
        group.finish();
    }
}

/// Lets a benchmark send one request again and again.
struct Forgetful;

impl ReplayGuard for Forgetful {
    fn record(&self, _: Use<'_>) -> Begin<Used> {
        Begin::ready(Used::First)
    }
}

fn verify(criterion: &mut Criterion) {
    let verifier = HawkVerifier::builder(MemoryKeys::new([credentials()]))
        .replay_guard(std::sync::Arc::new(Forgetful))
        .skew(std::time::Duration::from_secs(3600))
        .build()
        .unwrap();
    let (mut head, body) = (head(), Bytes::new());
    leg(&Hawk::new(credentials()), &mut head, &body);
    let body = Payload::whole(body);
    criterion.bench_function("verify", |bencher| {
        bencher.iter(|| now(verifier.verify(&head, &body)));
    });
}

criterion_group!(benches, sign, verify);
criterion_main!(benches);
