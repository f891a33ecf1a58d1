//! What a signature costs in heap calls.
#![allow(clippy::unwrap_used)]

mod support;

use countersign_core::{Payload, Sign};
use countersign_oauth1::{Credentials, OAuth1, SignatureMethod};
use http::Request;
use support::at;

fn cost(method: SignatureMethod, uri: &str) -> u64 {
    let credentials = Credentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44").unwrap();
    let credentials = credentials
        .token("nnch734d00sl2jdk", "pfkkdhi9sl3r4s00")
        .unwrap();
    let client = OAuth1::builder(credentials).method(method).realm("Photos");
    let oauth = client.sources(at(1_191_242_096)).build().unwrap();
    let head = || {
        let (mut head, ()) = Request::get(uri).body(()).unwrap().into_parts();
        // The map of a real request has room for the field that is added.
        head.headers.reserve(8);
        head
    };
    oauth.sign(&mut head(), &mut Payload::default()).unwrap();
    let (mut head, mut body) = (head(), Payload::default());
    allocation_counter::measure(|| oauth.sign(&mut head, &mut body).unwrap()).count_total
}

#[test]
fn at_most_two_for_a_signature_in_the_header() {
    let uri = "https://photos.example.net/photos?size=original&file=vacation.jpg&a%20b=c%2F";
    for method in [SignatureMethod::HmacSha1, SignatureMethod::HmacSha256] {
        assert_eq!(cost(method, uri), 2, "{method:?}");
    }
    assert_eq!(cost(SignatureMethod::HmacSha512, uri), 2);
}
