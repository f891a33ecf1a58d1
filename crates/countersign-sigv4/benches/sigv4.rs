//! Signing beside the bare hash cost: the compressions that the message needs, with the key of the day at hand.
#![allow(clippy::unwrap_used, missing_docs)]

use std::hint::black_box;

use bytes::Bytes;
use countersign_core::verify::Verify;
use countersign_core::{Payload, Sign};
use countersign_sigv4::{Credentials, MemoryKeys, SigV4, SigV4Verifier};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use hmac::{Hmac, KeyInit, Mac};
use http::{Request, request};
use sha2::{Digest, Sha256};

struct Case {
    name: &'static str,
    head: request::Parts,
    body: Bytes,
    sigv4: SigV4,
}

fn key() -> Credentials {
    Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY").unwrap()
}

fn case(
    name: &'static str,
    request: http::request::Builder,
    body: usize,
    expires: Option<u32>,
) -> Case {
    let mut head = request.body(()).unwrap().into_parts().0;
    head.headers.reserve(8);
    let builder = SigV4::builder("us-east-1", "execute-api");
    let builder = match expires {
        Some(expires) => builder.presigned(expires),
        None => builder,
    };
    Case {
        name,
        head,
        body: vec![b'a'; body].into(),
        sigv4: builder.credentials(key()).unwrap(),
    }
}

fn cases() -> [Case; 5] {
    let host = "https://api.example";
    let pairs: Vec<_> = (0..20).map(|index| format!("k{index}=v{index}")).collect();
    let many = (0..20).fold(
        Request::get(format!("{host}/pets?{}", pairs.join("&"))),
        |request, index| request.header(format!("x-header-{index}"), "some value"),
    );
    [
        case("get", Request::get(format!("{host}/pets?limit=2")), 0, None),
        case(
            "put 1 KiB",
            Request::put(format!("{host}/pets")),
            1 << 10,
            None,
        ),
        case(
            "put 1 MiB",
            Request::put(format!("{host}/pets")),
            1 << 20,
            None,
        ),
        case("20 headers, 20 parameters", many, 0, None),
        case(
            "presign",
            Request::get(format!("{host}/pets?limit=2")),
            0,
            Some(60),
        ),
    ]
}

/// The body, the canonical request and the string to sign, hashed.
fn bare(key: &Hmac<Sha256>, body: &[u8], canonical: &[u8], text: &[u8]) -> [u8; 32] {
    if !body.is_empty() {
        black_box(Sha256::digest(body));
    }
    black_box(Sha256::digest(canonical));
    let mut mac = key.clone();
    mac.update(text);
    mac.finalize().into_bytes().into()
}

fn sign(criterion: &mut Criterion) {
    for case in cases() {
        let mut group = criterion.benchmark_group(case.name);
        let payload = || Payload::whole(case.body.clone());
        group.bench_function("sign", |bencher| {
            let sign = |head: &mut request::Parts| case.sigv4.sign(head, &mut payload());
            let head = || case.head.clone();
            bencher.iter_batched_ref(head, |head| sign(head).unwrap(), BatchSize::SmallInput);
        });
        let shown = case.sigv4.explain(&case.head, &payload()).unwrap();
        let key = Hmac::new_from_slice(&[7; 32]).unwrap();
        let (canonical, text) = (shown.canonical_request, shown.string_to_sign);
        group.bench_function("bare hash", |bencher| {
            bencher.iter(|| bare(black_box(&key), &case.body, &canonical, text.as_bytes()));
        });
        group.finish();
    }
}

fn verify(criterion: &mut Criterion) {
    let keys = MemoryKeys::new([key()]);
    let verifier = SigV4Verifier::builder("us-east-1", "execute-api", keys)
        .build()
        .unwrap();
    let [mut get, ..] = cases();
    let body = Payload::whole(Bytes::new());
    get.sigv4
        .sign(&mut get.head, &mut Payload::whole(Bytes::new()))
        .unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    criterion.bench_function("verify", |bencher| {
        bencher.iter(|| runtime.block_on(verifier.verify(&get.head, &body)).unwrap());
    });
}

criterion_group!(benches, sign, verify);
criterion_main!(benches);
