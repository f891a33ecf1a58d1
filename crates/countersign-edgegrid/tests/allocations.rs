//! What a signature costs in heap calls, once the key of the second is there.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/parties.rs"]
mod parties;

use countersign_core::{Payload, Sign};
use http::{Method, Request};
use parties::{client, head};

fn cost(method: Method, uri: &str, body: &'static [u8]) -> u64 {
    let edgegrid = client().headers_to_sign(["x-one", "x-two"]).unwrap();
    let leg = || {
        let request = Request::builder().method(&method).uri(uri);
        let mut head = head(request.header("x-one", "1").header("x-two", " a  b "));
        // The map of a real request has room for the one field that is added.
        head.headers.reserve(8);
        head
    };
    let mut payload = Payload::whole(body.into());
    edgegrid.sign(&mut leg(), &mut payload).unwrap();
    let mut leg = leg();
    let cost = allocation_counter::measure(|| edgegrid.sign(&mut leg, &mut payload).unwrap());
    cost.count_total
}

#[test]
fn one_for_a_signature() {
    assert_eq!(
        cost(Method::GET, "https://h.example/papi/v1/groups?a=b", b""),
        1
    );
    assert_eq!(
        cost(Method::POST, "https://h.example/papi/v1/groups", b"body"),
        1
    );
    assert_eq!(cost(Method::PUT, "https://h.example/", b"body"), 1);
}
