//! What the server remembers, and what it does if it cannot judge.
#![allow(clippy::unwrap_used, clippy::panic)]

countersign_testkit::watched!();

#[path = "support/parties.rs"]
mod parties;

use std::sync::Arc;
use std::thread;

use countersign_core::verify::{Verdict, Verify};
use countersign_core::{Begin, Error, ErrorKind, MemoryGuard, Payload};
use countersign_edgegrid::{Credentials, EdgeGrid, EdgeGridVerifier, Tokens};
use http::header::AUTHORIZATION;
use http::{HeaderValue, Request, request};
use parties::{
    ACCESS, CLIENT, SECRET, TIME, at, client, head, judge, now, received, server, signed, status,
};

fn get(edgegrid: &EdgeGrid) -> request::Parts {
    signed(edgegrid, Request::get("https://h/"), b"")
}

#[test]
fn one_of_a_hundred_at_once_is_accepted() {
    let (verifier, leg) = (server().build().unwrap(), get(&client()));
    let accepted = thread::scope(|scope| {
        let judged: Vec<_> = (0..100)
            .map(|_| scope.spawn(|| status(judge(&verifier, &leg, b""))))
            .collect();
        let statuses = judged.into_iter().map(|thread| thread.join().unwrap());
        statuses.filter(|status| *status == 200).count()
    });
    assert_eq!(accepted, 1);
}

#[test]
fn nothing_is_remembered_of_a_request_that_is_not_right() {
    let guard = Arc::new(MemoryGuard::default());
    let verifier = server().replay_guard(guard.clone()).build().unwrap();
    let strangers = [
        Credentials::new(CLIENT, "another secret", ACCESS),
        Credentials::new("unknown", SECRET, ACCESS),
        Credentials::new(CLIENT, SECRET, "unknown"),
    ];
    for stranger in strangers {
        let leg = get(&EdgeGrid::new(stranger.unwrap()).sources(at(TIME)));
        assert_eq!(status(judge(&verifier, &leg, b"")), 401);
    }
    let put = signed(&client(), Request::put("https://h/"), b"");
    assert_eq!(status(judge(&verifier, &put, b"uncovered")), 401);
    assert!(guard.is_empty());
    assert_eq!(status(judge(&verifier, &put, b"")), 200);
    assert_eq!(guard.len(), 1);
}

#[test]
fn a_full_guard_refuses() {
    let verifier = server()
        .replay_guard(Arc::new(MemoryGuard::new(1)))
        .build()
        .unwrap();
    assert_eq!(status(judge(&verifier, &get(&client()), b"")), 200);
    assert_eq!(status(judge(&verifier, &get(&client()), b"")), 503);
}

#[test]
fn a_dropped_judgement_spends_nothing() {
    let (verifier, leg) = (server().build().unwrap(), get(&client()));
    drop(verifier.verify(&leg, &Payload::whole(Default::default())));
    assert_eq!(status(judge(&verifier, &leg, b"")), 200);
}

struct Down;

impl Tokens for Down {
    fn find(&self, _: &str, _: &str) -> Begin<Option<Credentials>> {
        Begin::failed(Error::new(ErrorKind::Fetch, "the store is down"))
    }
}

/// Finds the same credentials for every name.
struct Careless;

impl Tokens for Careless {
    fn find(&self, _: &str, _: &str) -> Begin<Option<Credentials>> {
        Begin::ready(Some(parties::credentials()))
    }
}

#[test]
fn a_store_that_is_down_or_careless_lets_nothing_pass() {
    let verifier = EdgeGridVerifier::builder(Down)
        .sources(at(TIME))
        .build()
        .unwrap();
    let body = Payload::whole(Default::default());
    now(verifier.verify(&get(&client()), &body)).unwrap_err();
    let verifier = EdgeGridVerifier::builder(Careless)
        .sources(at(TIME))
        .build()
        .unwrap();
    let other = Credentials::new(CLIENT, SECRET, "other").unwrap();
    let leg = get(&EdgeGrid::new(other).sources(at(TIME)));
    assert_eq!(status(judge(&verifier, &leg, b"")), 401);
}

#[test]
fn no_credentials_are_answered_with_a_challenge() {
    let plain = received(head(Request::get("https://h/")));
    match judge(&server().build().unwrap(), &plain, b"") {
        Verdict::Refuse(refusal) => assert_eq!(refusal.challenges, ["EG1-HMAC-SHA256"]),
        Verdict::Accept(accepted) => panic!("{accepted:?}"),
    }
}

#[test]
fn the_body_is_read_if_the_rest_may_be_right() {
    let (strict, lax) = (server(), server().allow_uncovered_bodies(true));
    let (strict, lax) = (strict.build().unwrap(), lax.build().unwrap());
    let post = signed(&client(), Request::post("https://h/"), b"");
    assert!(strict.reads_body(&post) && lax.reads_body(&post));
    assert!(strict.reads_body(&get(&client())) && !lax.reads_body(&get(&client())));
    let late = server().sources(at(TIME + 31)).build().unwrap();
    assert!(!late.reads_body(&post));
    match now(strict.verify(&post, &Payload::stream(None))).unwrap() {
        Verdict::Refuse(refusal) => assert_eq!(refusal.reason.status(), 503),
        Verdict::Accept(accepted) => panic!("{accepted:?}"),
    }
}

#[test]
fn half_credentials_are_malformed() {
    let verifier = server().build().unwrap();
    let signed = get(&client());
    let line = signed.headers[AUTHORIZATION].to_str().unwrap();
    let mut twice = signed.clone();
    twice
        .headers
        .append(AUTHORIZATION, HeaderValue::from_static("Basic x"));
    assert_eq!(status(judge(&verifier, &twice, b"")), 400);
    let broken = [
        line.replace("nonce=", "Nonce="),
        line.replace(";nonce", "; nonce"),
        line.replace("client_token=", "client_token=;x="),
        line.replace("EG1-HMAC-SHA256 ", "EG1-HMAC-SHA256  "),
        line.replace("EG1-HMAC-SHA256", "eg1-hmac-sha256"),
        format!("{line};"),
        format!("{line};nonce=x"),
        line.split_once(";signature").unwrap().0.to_owned(),
    ];
    for line in broken {
        let mut head = signed.clone();
        head.headers
            .insert(AUTHORIZATION, HeaderValue::from_str(&line).unwrap());
        assert_eq!(status(judge(&verifier, &head, b"")), 400, "{line}");
    }
}
