//! Signing beside the bare hash cost: the compressions that the base string needs, with the key's states at hand.
#![allow(clippy::unwrap_used, missing_docs)]

use std::hint::black_box;

use countersign_core::verify::Verify;
use countersign_core::{Payload, Sign};
use countersign_oauth1::{
    Consumer, Credentials, MemoryConsumers, OAuth1, OAuth1Verifier, SignatureMethod,
};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use hmac::{Hmac, KeyInit, Mac};
use http::{Request, request};
use sha1::Sha1;

const KEY: &str = "dpf43f3p2l4k3l03";
const TOKEN: &str = "nnch734d00sl2jdk";

fn client() -> OAuth1 {
    let credentials = Credentials::new(KEY, "kd94hf93k423kf44").unwrap();
    OAuth1::new(credentials.token(TOKEN, "pfkkdhi9sl3r4s00").unwrap()).unwrap()
}

fn head(parameters: usize) -> request::Parts {
    let pairs: Vec<_> = (0..parameters)
        .map(|index| format!("k{index}=v{index}"))
        .collect();
    let uri = format!("https://photos.example.net/photos?{}", pairs.join("&"));
    let mut head = Request::get(uri).body(()).unwrap().into_parts().0;
    head.headers.reserve(8);
    head
}

fn bare(key: &Hmac<Sha1>, text: &[u8]) -> [u8; 20] {
    let mut mac = key.clone();
    mac.update(text);
    mac.finalize().into_bytes().into()
}

fn sign(criterion: &mut Criterion) {
    let oauth = client();
    let key = Hmac::new_from_slice(&[7; 20]).unwrap();
    for parameters in [2, 10, 40] {
        let (head, name) = (head(parameters), format!("{parameters} parameters"));
        let mut group = criterion.benchmark_group(name);
        group.bench_function("sign", |bencher| {
            let sign = |head: &mut request::Parts| oauth.sign(head, &mut Payload::default());
            bencher.iter_batched_ref(
                || head.clone(),
                |head| sign(head).unwrap(),
                BatchSize::SmallInput,
            );
        });
        let text = oauth
            .explain(&head, &Payload::default())
            .unwrap()
            .base_string;
        group.bench_function("bare hash", |bencher| {
            bencher.iter(|| bare(black_box(&key), text.as_bytes()));
        });
        group.finish();
    }
}

fn verify(criterion: &mut Criterion) {
    let consumer = Consumer::new(SignatureMethod::HmacSha1, "kd94hf93k423kf44").unwrap();
    let consumers = MemoryConsumers::new().consumer(KEY, consumer);
    let consumers = consumers.token(KEY, TOKEN, "pfkkdhi9sl3r4s00").unwrap();
    let verifier = OAuth1Verifier::builder("photos", consumers)
        .build()
        .unwrap();
    let mut head = head(10);
    client().sign(&mut head, &mut Payload::default()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    // All but the first are replays, which costs the same.
    criterion.bench_function("verify", |bencher| {
        bencher.iter(|| {
            let verdict = verifier.verify(&head, &Payload::default());
            runtime.block_on(verdict).unwrap()
        });
    });
}

criterion_group!(benches, sign, verify);
criterion_main!(benches);
