//! Vectors through the public API: the header that is sent, the bewit, and that the server accepts both.
#![allow(clippy::unwrap_used, clippy::panic)]

countersign_testkit::watched!();

#[path = "support/parties.rs"]
mod parties;
mod support;

use std::time::Duration;

use countersign_hawk::{Credentials, Hawk, HawkVerifier, PayloadHash};
use http::{Request, Uri, request};
use parties::{
    TIME, accepted, at, begin, client, head, judge, prepare, received, server, server_for,
};
use support::{Vector, generated, published};

/// The target as the reference client sends it, if it is one that HTTP can carry.
fn uri(vector: &Vector) -> Option<Uri> {
    let place = (
        vector.text("scheme").unwrap(),
        vector.text("authority").unwrap(),
    );
    let uri = format!("{}://{}{}", place.0, place.1, vector.signed("resource"));
    uri.parse().ok()
}

fn request(vector: &Vector) -> Option<request::Parts> {
    let request = Request::builder()
        .method(vector.text("method").unwrap())
        .uri(uri(vector)?);
    let add = |request: http::request::Builder, (name, value): (&str, &str)| {
        request.header(name, value.as_bytes())
    };
    Some(head(vector.headers().fold(request, add)))
}

fn credentials(vector: &Vector) -> Credentials {
    let algorithm = vector.credential("algorithm").parse().unwrap();
    let credentials =
        Credentials::new(vector.credential("id"), vector.credential("key"), algorithm).unwrap();
    match vector.text("app") {
        Some(app) => credentials.app(app, vector.text("dlg")).unwrap(),
        None => credentials,
    }
}

fn signer(vector: &Vector) -> Hawk {
    let payload = match vector.is("payload_signed") {
        true => PayloadHash::Always,
        false => PayloadHash::Omit,
    };
    Hawk::new(credentials(vector))
        .payload_hash(payload)
        .ext(vector.text("ext").unwrap_or_default())
        .unwrap()
        .nonce(vector.text("nonce").unwrap())
        .unwrap()
        .timestamp(vector.number("ts"))
}

fn verifier(vector: &Vector) -> HawkVerifier {
    let own_port = if vector.text("scheme") == Some("http") {
        80
    } else {
        443
    };
    let payload = match vector.is("payload_signed") {
        true => countersign_hawk::PayloadRule::Required,
        false => countersign_hawk::PayloadRule::Ignored,
    };
    server_for(credentials(vector))
        .payload(payload)
        .default_port(own_port)
        .sources(at(vector.number("ts")))
        .build()
        .unwrap()
}

fn check_header(vector: &Vector) -> bool {
    let Some(head) = request(vector) else {
        return false;
    };
    let body = vector.body.clone().unwrap_or_default();
    let signed = prepare(&mut begin(&signer(vector), &head), &head, &body);
    let expected = vector.text("authorization").unwrap();
    assert_eq!(signed.headers["authorization"], expected, "{}", vector.name);
    let caller = accepted(judge(&verifier(vector), &received(signed), &body)).principal;
    assert_eq!(caller.id, vector.credential("id"), "{}", vector.name);
    assert_eq!(caller.ext.as_deref(), vector.ext(), "{}", vector.name);
    assert_eq!(caller.dlg.as_deref(), vector.text("dlg"), "{}", vector.name);
    true
}

#[test]
fn generated_headers() {
    let vectors = generated();
    let checked = vectors.iter().filter(|vector| check_header(vector)).count();
    assert_eq!(checked, 143);
}

fn check_bewit(vector: &Vector, expected: &str) -> u32 {
    let Some(uri) = uri(vector) else { return 0 };
    let lifetime = Duration::from_secs(vector.number("bewit_exp") - vector.number("ts"));
    // A bewit names no application.
    let algorithm = vector.credential("algorithm").parse().unwrap();
    let credentials =
        Credentials::new(vector.credential("id"), vector.credential("key"), algorithm).unwrap();
    let ext = vector.text("ext").unwrap_or_default();
    let hawk = Hawk::new(credentials.clone())
        .ext(ext)
        .unwrap()
        .timestamp(vector.number("ts"));
    if ext.contains('\\') {
        hawk.bewit(&uri, lifetime).unwrap_err();
        return 0;
    }
    let granted = hawk.bewit(&uri, lifetime).unwrap();
    let text = granted.to_string();
    assert!(
        text.ends_with(&format!("bewit={expected}")),
        "{}: {text}",
        vector.name
    );
    let own_port = if vector.text("scheme") == Some("http") {
        80
    } else {
        443
    };
    let verifier = server_for(credentials)
        .allow_bewit(true)
        .default_port(own_port)
        .sources(at(vector.number("bewit_exp") - 1))
        .build()
        .unwrap();
    let get = received(head(Request::get(granted)));
    assert_eq!(
        accepted(judge(&verifier, &get, b""))
            .principal
            .ext
            .as_deref(),
        vector.ext()
    );
    1
}

#[test]
fn generated_bewits() {
    let vectors = generated();
    let bewits = vectors
        .iter()
        .filter_map(|vector| Some((vector, vector.text("bewit")?)));
    let checked: u32 = bewits
        .map(|(vector, bewit)| check_bewit(vector, bewit))
        .sum();
    assert_eq!(checked, 63, "twelve have a backslash in ext");
}

#[test]
fn published_headers() {
    for vector in published() {
        let text = |name: &str| vector[name].as_str();
        let payload = text("payload").unwrap_or_default();
        let hawk = client()
            .payload_hash(PayloadHash::NonEmpty)
            .ext("some-app-ext-data")
            .unwrap()
            .nonce("j4h3g2")
            .unwrap();
        let mut request = Request::builder()
            .method(text("method").unwrap())
            .uri(text("url").unwrap());
        if let Some(content_type) = text("content_type") {
            request = request.header("content-type", content_type);
        }
        let head = head(request);
        let signed = prepare(&mut begin(&hawk, &head), &head, payload.as_bytes());
        assert_eq!(
            signed.headers["authorization"],
            text("authorization").unwrap()
        );
        let verifier = server().sources(at(TIME)).build().unwrap();
        accepted(judge(&verifier, &received(signed), payload.as_bytes()));
    }
}
