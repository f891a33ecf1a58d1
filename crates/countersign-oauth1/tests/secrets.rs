//! No secret shows in `Debug` or in an error.
#![allow(clippy::unwrap_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use countersign_core::{Payload, Sign};
use countersign_oauth1::{
    Consumer, Credentials, MemoryConsumers, OAuth1, OAuth1Verifier, Placement, SignatureMethod,
};
use http::Request;
use http::header::CONTENT_TYPE;

const CANARY: &str = "c4nary!s3cret";

fn hidden(shown: &str) {
    for form in [CANARY, "c4nary%21s3cret"] {
        assert!(!shown.contains(form), "{shown}");
    }
}

fn clients() -> Vec<OAuth1> {
    let places = [Placement::Header, Placement::Form];
    let client = |method| {
        let credentials = Credentials::new("ck", CANARY).unwrap();
        OAuth1::builder(credentials.token("tk", CANARY).unwrap()).method(method)
    };
    let plain = places.map(|place| client(SignatureMethod::Plaintext).placement(place));
    let hashing = client(SignatureMethod::HmacSha1).body_hash(true);
    plain
        .into_iter()
        .chain([hashing])
        .map(|client| client.build().unwrap())
        .collect()
}

#[test]
fn debug_hides_them() {
    let credentials = Credentials::new("ck", CANARY)
        .unwrap()
        .token("tk", CANARY)
        .unwrap();
    let consumer = Consumer::new(SignatureMethod::HmacSha1, CANARY).unwrap();
    let consumers = MemoryConsumers::new().consumer("ck", consumer.clone().token_secret(CANARY));
    let builder = OAuth1::builder(credentials.clone());
    let verifier = || OAuth1Verifier::builder("r", consumers.clone());
    hidden(&format!(
        "{credentials:?} {consumer:?} {consumers:?} {builder:?}"
    ));
    hidden(&format!(
        "{:?} {:?}",
        verifier(),
        verifier().build().unwrap()
    ));
    for client in clients() {
        hidden(&format!("{client:?}"));
    }
}

#[test]
fn a_signed_head_hides_the_header() {
    for client in clients() {
        let (mut head, ()) = Request::get("https://h/").body(()).unwrap().into_parts();
        // Without a form the form placement fails, and sends nothing.
        let _ = client.sign(&mut head, &mut Payload::whole("".into()));
        hidden(&format!("{head:?}"));
    }
}

#[test]
fn errors_hide_them() {
    for client in clients() {
        for uri in ["/relative", "https://h/?a=%zz"] {
            let request =
                Request::post(uri).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
            let (mut head, ()) = request.body(()).unwrap().into_parts();
            let error = client
                .sign(&mut head, &mut Payload::whole("a=b".into()))
                .unwrap_err();
            hidden(&format!("{error} {error:?}"));
            assert!(!head.headers.contains_key("authorization"));
        }
    }
}

#[test]
fn an_explanation_holds_none() {
    let (head, ()) = Request::get("https://h/").body(()).unwrap().into_parts();
    for client in clients() {
        hidden(&format!(
            "{:?}",
            client.explain(&head, &Payload::whole("".into())).unwrap()
        ));
    }
}
