//! What an answer to a challenge and a request on a warm nonce cost, beside the hashes that they cannot do without.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::future::Future;
use std::hint::black_box;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use countersign_core::{Cx, Exchange, Payload, Random, Result, Scheme, Sources};
use countersign_digest::{Digest, DigestExchange};
use criterion::{Criterion, criterion_group, criterion_main};
use http::{HeaderMap, Request, Response, request, response};
use md5::Md5;
use sha2::Sha256;

const NONCE: &str = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";

/// Stands in for the operating system, whose call would be most of the time.
#[derive(Debug)]
struct Sevens;

impl Random for Sevens {
    fn fill(&self, out: &mut [u8]) -> Result<()> {
        out.fill(7);
        Ok(())
    }
}

fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("it waits"),
    }
}

fn digest() -> Digest {
    let sources = Sources {
        random: Arc::new(Sevens),
        ..Sources::default()
    };
    Digest::new("Mufasa", "Circle of Life")
        .unwrap()
        .sources(sources)
}

fn head() -> request::Parts {
    let request = Request::get("http://www.example.org/dir/index.html")
        .body(())
        .unwrap();
    let mut head = request.into_parts().0;
    head.headers = HeaderMap::with_capacity(8);
    head
}

fn refused(algorithm: &str) -> response::Parts {
    let line = format!(
        "Digest realm=\"http-auth@example.org\", qop=\"auth\", algorithm={algorithm}, nonce=\"{NONCE}\", \
         opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\""
    );
    let response = Response::builder()
        .status(401)
        .header("www-authenticate", line);
    response.body(()).unwrap().into_parts().0
}

fn begun(digest: &Digest, head: &request::Parts) -> DigestExchange {
    ready(digest.begin(Cx::new(head, None))).unwrap()
}

fn warm(algorithm: &str) -> Digest {
    let digest = digest();
    begun(&digest, &head())
        .receive(&refused(algorithm))
        .unwrap();
    digest
}

/// The bytes that are hashed when the state after `H(A1):nonce:` is kept: twice H(A2)'s and the rest of the response's.
fn bare<D: sha2::Digest + Clone>(kept: &D) {
    let ha2 = D::digest(black_box(b"GET:/dir/index.html"));
    let mut response = kept.clone();
    response.update(black_box(b"00000001:BwcHBwcHBwcHBwcH:auth:"));
    response.update(&hex(&ha2)[..2 * ha2.len()]);
    black_box(response.finalize());
}

/// As long as hexadecimal, and costs nothing, as it should in a limit.
fn hex(hash: &[u8]) -> [u8; 64] {
    let mut text = [b'0'; 64];
    text[..hash.len()].copy_from_slice(hash);
    text
}

fn kept<D: sha2::Digest>() -> D {
    let ha1 = D::digest(b"Mufasa:http-auth@example.org:Circle of Life");
    D::new()
        .chain_update(&hex(&ha1)[..2 * ha1.len()])
        .chain_update(NONCE)
}

fn nonce_reuse(c: &mut Criterion) {
    for algorithm in ["MD5", "SHA-256"] {
        let (digest, head) = (warm(algorithm), head());
        let mut signed = head.clone();
        let mut exchange = begun(&digest, &head);
        c.bench_function(&format!("nonce reuse, {algorithm}: header"), |b| {
            b.iter(|| {
                signed.headers.clear();
                exchange
                    .prepare(&mut signed, &mut Payload::default())
                    .unwrap();
            });
        });
        c.bench_function(&format!("nonce reuse, {algorithm}: whole exchange"), |b| {
            b.iter(|| {
                signed.headers.clear();
                let mut exchange = begun(&digest, &head);
                exchange
                    .prepare(&mut signed, &mut Payload::default())
                    .unwrap();
            });
        });
    }
    let (md5, sha256) = (kept::<Md5>(), kept::<Sha256>());
    c.bench_function("nonce reuse, MD5: bare hashes", |b| b.iter(|| bare(&md5)));
    c.bench_function("nonce reuse, SHA-256: bare hashes", |b| {
        b.iter(|| bare(&sha256))
    });
}

fn challenge_and_response(c: &mut Criterion) {
    for algorithm in ["MD5", "SHA-256"] {
        let (refused, head) = (refused(algorithm), head());
        let mut signed = head.clone();
        c.bench_function(&format!("challenge and response, {algorithm}"), |b| {
            b.iter_batched(
                || begun(&digest(), &head),
                |mut exchange| {
                    signed.headers.clear();
                    exchange.receive(&refused).unwrap();
                    exchange
                        .prepare(&mut signed, &mut Payload::default())
                        .unwrap();
                    exchange
                },
                criterion::BatchSize::SmallInput,
            );
        });
    }
    c.bench_function("challenge and response, MD5: bare hashes", |b| {
        b.iter(|| bare(&kept::<Md5>()))
    });
    c.bench_function("challenge and response, SHA-256: bare hashes", |b| {
        b.iter(|| bare(&kept::<Sha256>()));
    });
}

criterion_group!(benches, nonce_reuse, challenge_and_response);
criterion_main!(benches);
