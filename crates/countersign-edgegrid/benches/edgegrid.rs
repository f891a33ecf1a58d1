//! Signing beside the bare hash cost: the compressions that the message needs, with the key of the second at hand.
#![allow(clippy::unwrap_used, missing_docs)]

use std::hint::black_box;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use countersign_core::verify::Verify;
use countersign_core::{Begin, Payload, ReplayGuard, Sign, Use, Used};
use countersign_edgegrid::{Credentials, EdgeGrid, EdgeGridVerifier, MemoryTokens};
use criterion::{Criterion, criterion_group, criterion_main};
use hmac::{Hmac, KeyInit, Mac};
use http::header::AUTHORIZATION;
use http::{Method, Request, request};
use sha2::{Digest, Sha256};

/// As long as the data of the GET below.
const DATA: [u8; 306] = [b'a'; 306];

fn credentials() -> Credentials {
    Credentials::new(
        "akab-client-token-xxx-xxxxxxxxxxxxxxxx",
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx=",
        "akab-access-token-xxx-xxxxxxxxxxxxxxxx",
    )
    .unwrap()
}

fn head(method: &Method) -> request::Parts {
    let uri = "https://akaa-baseurl-xxxxxxxxxxx-xxxxxxxxxxxxx.luna.akamaiapis.net/testapi/v1/t1";
    let request = Request::builder().method(method).uri(uri);
    let mut head = request.body(()).unwrap().into_parts().0;
    head.headers.reserve(8);
    head
}

fn bare(key: &Hmac<Sha256>, body: &[u8]) -> [u8; 32] {
    if !body.is_empty() {
        black_box(Sha256::digest(body));
    }
    let mut mac = key.clone();
    mac.update(&DATA);
    mac.finalize().into_bytes().into()
}

fn sign(criterion: &mut Criterion) {
    let edgegrid = EdgeGrid::new(credentials());
    let pinned = edgegrid
        .clone()
        .nonce("dd9957e2-4fe5-48ca-8d32-16a772ac6d8f")
        .unwrap();
    let key = Hmac::new_from_slice(&[7; 44]).unwrap();
    for (name, edgegrid, method, body) in [
        ("get", &edgegrid, Method::GET, 0),
        ("get, given nonce", &pinned, Method::GET, 0),
        ("post 1 KiB, given nonce", &pinned, Method::POST, 1 << 10),
    ] {
        let body = Bytes::from(vec![b'a'; body]);
        let payload = || Payload::whole(body.clone());
        let mut group = criterion.benchmark_group(name);
        let mut head = head(&method);
        group.bench_function("sign", |bencher| {
            bencher.iter(|| {
                edgegrid.sign(&mut head, &mut payload()).unwrap();
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

fn now<T>(begin: Begin<T>) -> T {
    match pin!(begin).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result.unwrap(),
        Poll::Pending => unreachable!(),
    }
}

fn verify(criterion: &mut Criterion) {
    let verifier = EdgeGridVerifier::builder(MemoryTokens::new([credentials()]))
        .replay_guard(Arc::new(Forgetful))
        .build()
        .unwrap();
    let (mut head, mut body) = (head(&Method::GET), Payload::whole(Bytes::new()));
    EdgeGrid::new(credentials())
        .sign(&mut head, &mut body)
        .unwrap();
    criterion.bench_function("verify", |bencher| {
        bencher.iter(|| now(verifier.verify(&head, &body)));
    });
}

criterion_group!(benches, sign, verify);
criterion_main!(benches);
