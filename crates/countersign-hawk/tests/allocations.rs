//! What a signature costs in heap calls.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/parties.rs"]
mod parties;

use countersign_core::{Exchange, Payload};
use countersign_hawk::PayloadHash;
use http::Request;
use parties::{begin, client, head};

fn cost(uri: &str, body: &'static [u8]) -> u64 {
    let hawk = client()
        .payload_hash(PayloadHash::NonEmpty)
        .ext("some-app-ext-data")
        .unwrap();
    let request = Request::put(uri).header("content-type", "text/plain");
    let mut leg = head(request);
    // The map of a real request has room for the one field that is added.
    leg.headers.reserve(8);
    let mut body = Payload::whole(body.into());
    let cost = allocation_counter::measure(|| {
        let mut exchange = begin(&hawk, &leg);
        exchange.prepare(&mut leg, &mut body).unwrap();
    });
    cost.count_total
}

#[test]
fn one_for_what_is_signed_and_one_for_the_header() {
    assert_eq!(cost("https://example.com/resource/1?b=1&a=2", b""), 2);
    assert_eq!(cost("https://example.com/resource/1?b=1&a=2", b"body"), 2);
    assert_eq!(cost("https://example.com:8443/", b"body"), 2);
}
