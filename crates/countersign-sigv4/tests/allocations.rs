//! What a signature costs in heap calls, once the key of the day is there.
#![allow(clippy::unwrap_used)]

mod support;

use countersign_core::{Payload, Sign};
use countersign_sigv4::{Credentials, SigV4, SigV4Builder};
use http::Request;
use support::{ID, SECRET, TIME, at};

fn cost(builder: SigV4Builder, uri: &str, headers: usize, body: &'static [u8]) -> u64 {
    let key = Credentials::new(ID, SECRET).unwrap();
    let sigv4 = builder.sources(at(TIME)).credentials(key).unwrap();
    let head = || {
        let request = Request::put(uri).header("content-type", "text/plain");
        let (mut head, ()) = request.body(()).unwrap().into_parts();
        for index in 0..headers {
            let name = http::HeaderName::try_from(format!("x-header-{index}")).unwrap();
            head.headers.insert(name, "value".parse().unwrap());
        }
        // The map of a real request has room for the few fields that are added.
        head.headers.reserve(24);
        head
    };
    sigv4
        .sign(&mut head(), &mut Payload::whole(body.into()))
        .unwrap();
    let (mut head, mut body) = (head(), Payload::whole(body.into()));
    let cost = allocation_counter::measure(|| sigv4.sign(&mut head, &mut body).unwrap());
    cost.count_total
}

#[test]
fn at_most_two_for_a_signature_in_the_header() {
    let sqs = || SigV4::builder("us-east-1", "sqs");
    let s3 = || SigV4::builder("us-east-1", "s3");
    assert_eq!(cost(sqs(), "https://h/a/b?c=d", 0, b""), 1);
    assert_eq!(cost(sqs(), "https://h/a/b?c=d", 0, b"body"), 1);
    assert_eq!(cost(s3(), "https://h/a/b?c=d", 8, b""), 1);
    assert_eq!(cost(s3(), "https://h/a/b?c=d&e=f", 8, b"body"), 2);
}

#[test]
fn one_for_many_headers_and_a_query_out_of_order() {
    let sqs = SigV4::builder("us-east-1", "sqs");
    assert_eq!(cost(sqs, "https://h/a/b?z=1&c=%20", 20, b"body"), 1);
}

#[test]
fn one_for_a_presigned_url() {
    let presigned = |service| SigV4::builder("us-east-1", service).presigned(60);
    assert_eq!(cost(presigned("sqs"), "https://h/a/b?c=d", 0, b""), 1);
    assert_eq!(
        cost(presigned("s3"), "https://h/a/b?c=d&e=f", 8, b"body"),
        1
    );
}
