//! What the server refuses, and how.
#![allow(clippy::unwrap_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use std::sync::Arc;

use countersign_core::verify::{Reason, Verdict, Verify};
use countersign_core::{Begin, Error, ErrorKind, MemoryGuard, Payload};
use countersign_oauth1::{
    Consumer, ConsumerQuery, Consumers, Credentials, MemoryConsumers, OAuth1, OAuth1Builder,
    OAuth1Verifier, OAuth1VerifierBuilder, Placement, SignatureMethod,
};
use http::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HOST, WWW_AUTHENTICATE};
use http::{HeaderValue, Request, request};
use support::{at, judge, now, received, sign};

const TIME: u64 = 1_191_242_096;
const FORM: &str = "application/x-www-form-urlencoded";

fn client() -> OAuth1Builder {
    let credentials = Credentials::new("ck", "cs").unwrap();
    OAuth1::builder(credentials.token("tk", "ts").unwrap()).sources(at(TIME))
}

fn consumers(method: SignatureMethod) -> MemoryConsumers {
    let consumer = Consumer::new(method, "cs").unwrap();
    let consumers = MemoryConsumers::new().consumer("ck", consumer);
    consumers.token("ck", "tk", "ts").unwrap()
}

fn server() -> OAuth1VerifierBuilder {
    OAuth1Verifier::builder("photos", consumers(SignatureMethod::HmacSha1)).sources(at(TIME))
}

fn signed(client: OAuth1Builder, body: &[u8]) -> request::Parts {
    let request = Request::post("https://h.example/a?b=c").header(CONTENT_TYPE, "text/plain");
    received(sign(&client.build().unwrap(), request, body).unwrap().0)
}

fn verdict(server: OAuth1VerifierBuilder, head: &request::Parts, body: &[u8]) -> Option<Reason> {
    judge(&server.build().unwrap(), head, body).err()
}

#[test]
fn the_method_is_the_one_of_the_consumer() {
    let others = [
        SignatureMethod::HmacSha256,
        SignatureMethod::HmacSha512,
        SignatureMethod::Plaintext,
    ];
    let server = || server().allow_plaintext(true);
    for method in others {
        let head = signed(client().method(method), b"");
        assert_eq!(
            verdict(server(), &head, b""),
            Some(Reason::Rejected),
            "{method:?}"
        );
    }
    assert_eq!(verdict(server(), &signed(client(), b""), b""), None);
}

#[test]
fn plaintext_is_accepted_only_when_told_to() {
    let plain = SignatureMethod::Plaintext;
    let head = signed(client().method(plain), b"");
    let server = || OAuth1Verifier::builder("r", consumers(plain)).sources(at(TIME));
    assert_eq!(verdict(server(), &head, b""), Some(Reason::Rejected));
    assert_eq!(verdict(server().allow_plaintext(true), &head, b""), None);
    let error = server()
        .allow_plaintext(true)
        .scheme(http::uri::Scheme::HTTP)
        .build();
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Configuration);
}

#[test]
fn unknown_consumers_and_tokens_are_refused_alike() {
    let nobody = OAuth1::builder(Credentials::new("who", "cs").unwrap()).sources(at(TIME));
    let stolen = Credentials::new("ck", "cs")
        .unwrap()
        .token("other", "")
        .unwrap();
    for client in [nobody, client().credentials(stolen)] {
        assert_eq!(
            verdict(server(), &signed(client, b""), b""),
            Some(Reason::Rejected)
        );
    }
}

/// Knows a consumer, and nothing of tokens.
struct Careless;

impl Consumers for Careless {
    fn find(&self, query: ConsumerQuery<'_>) -> Begin<Option<Consumer>> {
        assert_eq!(query.consumer_key, "ck");
        Begin::from(Consumer::new(SignatureMethod::HmacSha1, "cs").map(Some))
    }
}

#[test]
fn a_token_without_a_secret_is_not_known() {
    let invented = Credentials::new("ck", "cs")
        .unwrap()
        .token("tk", "")
        .unwrap();
    let server = || OAuth1Verifier::builder("r", Careless).sources(at(TIME));
    let head = signed(client().credentials(invented), b"");
    assert_eq!(verdict(server(), &head, b""), Some(Reason::Rejected));
    let alone = client().credentials(Credentials::new("ck", "cs").unwrap());
    assert_eq!(verdict(server(), &signed(alone, b""), b""), None);
}

struct Down;

impl Consumers for Down {
    fn find(&self, _: ConsumerQuery<'_>) -> Begin<Option<Consumer>> {
        Begin::wait(async { Err(Error::new(ErrorKind::Fetch, "the store is down")) })
    }
}

#[test]
fn a_store_that_is_down_lets_nobody_in() {
    let server = OAuth1Verifier::builder("r", Down)
        .sources(at(TIME))
        .build()
        .unwrap();
    let head = signed(client(), b"");
    assert!(now(server.verify(&head, &Payload::whole("".into()))).is_err());
}

#[test]
fn a_full_guard_lets_nobody_in() {
    let server = server()
        .replay_guard(Arc::new(MemoryGuard::new(1)))
        .build()
        .unwrap();
    assert!(judge(&server, &signed(client(), b""), b"").is_ok());
    let second = judge(&server, &signed(client(), b""), b"");
    assert_eq!(second, Err(Reason::Unavailable));
}

#[test]
fn a_wrong_signature_spends_no_nonce() {
    let guard = Arc::new(MemoryGuard::default());
    let server = server().replay_guard(guard.clone()).build().unwrap();
    let head = signed(client(), b"");
    let mut forged = head.clone();
    forged.uri = "/other".parse().unwrap();
    assert_eq!(judge(&server, &forged, b""), Err(Reason::Rejected));
    assert!(guard.is_empty());
    assert!(judge(&server, &head, b"").is_ok());
    assert_eq!(guard.len(), 1);
}

#[test]
fn the_body_hash_is_checked() {
    let hashed = signed(client().body_hash(true), b"body");
    assert_eq!(verdict(server(), &hashed, b"body"), None);
    assert_eq!(verdict(server(), &hashed, b"b0dy"), Some(Reason::Rejected));
    let strict = || server().require_body_hash(true);
    assert_eq!(verdict(strict(), &hashed, b"body"), None);
    assert_eq!(
        verdict(strict(), &signed(client(), b"body"), b"body"),
        Some(Reason::Rejected)
    );
    // Over a form, and by PLAINTEXT, it has no meaning.
    let mut form = hashed.clone();
    form.headers
        .insert(CONTENT_TYPE, HeaderValue::from_static(FORM));
    assert_eq!(verdict(server(), &form, b"body"), Some(Reason::Malformed));
}

#[test]
fn the_body_is_read_only_if_all_else_is_right() {
    let server = server().build().unwrap();
    let hashed = signed(client().body_hash(true), b"body");
    assert!(server.reads_body(&hashed));
    assert!(!server.reads_body(&signed(client(), b"body")));
    let late = signed(client().body_hash(true).timestamp(TIME - 301), b"body");
    assert!(!server.reads_body(&late));
    let stream = now(server.verify(&hashed, &Payload::stream(None))).unwrap();
    assert!(matches!(stream, Verdict::Refuse(refusal) if refusal.reason == Reason::Unavailable));
}

fn form(text: &str, query: &str) -> (request::Parts, Vec<u8>) {
    let request = Request::post(format!("/a?{query}")).header(HOST, "h.example");
    let head = request
        .header(CONTENT_TYPE, FORM)
        .body(())
        .unwrap()
        .into_parts()
        .0;
    (head, text.as_bytes().to_vec())
}

#[test]
fn two_places_and_doubled_parameters_are_malformed() {
    let request = Request::post("https://h.example/a?b=c").header(CONTENT_TYPE, FORM);
    let client = client().placement(Placement::Form).build().unwrap();
    let (head, body) = sign(&client, request, b"d=e").unwrap();
    let head = received(head);
    let server = server().build().unwrap();
    assert!(judge(&server, &head, &body).is_ok());
    let text = str::from_utf8(&body).unwrap();

    let (both, body) = form(text, "oauth_token=tk");
    assert_eq!(judge(&server, &both, &body), Err(Reason::Malformed));
    let (twice, body) = form(&format!("{text}&oauth%5Fnonce=x"), "");
    assert_eq!(judge(&server, &twice, &body), Err(Reason::Malformed));
    let mut header = head.clone();
    let line = "OAuth oauth_consumer_key=\"ck\", oauth%5Fconsumer_key=\"ck\"";
    header
        .headers
        .insert(AUTHORIZATION, HeaderValue::from_static(line));
    assert_eq!(judge(&server, &header, b""), Err(Reason::Malformed));
    let value = head.headers[HOST].clone();
    let mut hosts = head;
    hosts.headers.append(HOST, value);
    assert_eq!(
        judge(&server, &hosts, text.as_bytes()),
        Err(Reason::Malformed)
    );
}

#[test]
fn a_host_whose_port_is_no_port_is_malformed() {
    let mut head = signed(client(), b"");
    for host in ["h.example:99999", "h.example:x", "h.example/", "h example"] {
        head.headers.insert(HOST, HeaderValue::from_static(host));
        assert_eq!(
            verdict(server(), &head, b""),
            Some(Reason::Malformed),
            "{host}"
        );
    }
}

#[test]
fn a_refusal_names_the_realm() {
    let (head, ()) = Request::get("/")
        .header(HOST, "h")
        .body(())
        .unwrap()
        .into_parts();
    let server = server().build().unwrap();
    match now(server.verify(&head, &Payload::default())).unwrap() {
        Verdict::Refuse(refusal) => {
            assert_eq!(refusal.reason, Reason::Missing);
            assert_eq!(
                refusal.challenges,
                ["OAuth realm=\"photos\""],
                "{WWW_AUTHENTICATE}"
            );
        }
        Verdict::Accept(_) => panic!("accepted"),
    }
}

#[test]
fn a_consumer_that_cannot_be_verified_is_not_made() {
    let rsa = Consumer::new(SignatureMethod::RsaSha1, "cs").unwrap_err();
    let empty = Consumer::new(SignatureMethod::HmacSha1, "").unwrap_err();
    let early = MemoryConsumers::new().token("ck", "tk", "ts").unwrap_err();
    for error in [rsa, empty, early] {
        assert_eq!(error.kind(), ErrorKind::Configuration);
    }
}

#[test]
fn a_verifier_and_a_callback_reach_the_endpoints() {
    let head = signed(client().verifier("hfdp7dh39dks9884").callback("oob"), b"");
    let signer = judge(&server().build().unwrap(), &head, b"").unwrap();
    assert_eq!(signer.verifier.as_deref(), Some("hfdp7dh39dks9884"));
    assert_eq!(signer.callback.as_deref(), Some("oob"));
    assert_eq!(signer.token.as_deref(), Some("tk"));
}

#[test]
fn a_form_that_the_signature_cannot_cover_is_malformed() {
    let fields = [
        (CONTENT_TYPE, FORM),
        (CONTENT_TYPE, "text/plain"),
        (CONTENT_ENCODING, "identity"),
    ];
    let server = server().build().unwrap();
    for (name, value) in fields {
        let mut head = signed(client(), b"");
        head.headers
            .insert(CONTENT_TYPE, HeaderValue::from_static(FORM));
        head.headers.append(name, HeaderValue::from_static(value));
        assert_eq!(
            judge(&server, &head, b"admin=1"),
            Err(Reason::Malformed),
            "{value}"
        );
    }
}
