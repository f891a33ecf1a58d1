//! What the server remembers, and what it does if it cannot judge.
#![allow(clippy::unwrap_used, clippy::panic)]

countersign_testkit::watched!();

#[path = "support/parties.rs"]
mod parties;

use std::sync::Arc;
use std::thread;

use countersign_core::verify::{Reason, Verdict, Verify};
use countersign_core::{Begin, Error, ErrorKind, MemoryGuard, Payload};
use countersign_hawk::{Algorithm, Credentials, Hawk, HawkVerifier, Keys, MemoryKeys};
use http::header::AUTHORIZATION;
use http::{HeaderValue, Request, request};
use parties::{
    ID, KEY, TIME, at, client, credentials, head, judge, now, received, refused, server, status,
};

fn get(hawk: &Hawk) -> request::Parts {
    parties::signed(hawk, Request::get("https://h/"), b"")
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
fn a_nonce_belongs_to_its_key_and_time() {
    let other = Credentials::new("other", KEY, Algorithm::Sha256).unwrap();
    let keys = MemoryKeys::new([credentials(), other.clone()]);
    let verifier = HawkVerifier::builder(keys)
        .sources(at(TIME))
        .build()
        .unwrap();
    let mine = client().nonce("n").unwrap();
    let theirs = Hawk::new(other).sources(at(TIME)).nonce("n").unwrap();
    let later = mine.clone().timestamp(TIME + 1);
    for (hawk, expected) in [
        (&mine, 200),
        (&theirs, 200),
        (&later, 200),
        (&mine, 401),
        (&later, 401),
    ] {
        assert_eq!(status(judge(&verifier, &get(hawk), b"")), expected);
    }
}

#[test]
fn nothing_is_remembered_of_a_request_that_is_not_signed() {
    let guard = Arc::new(MemoryGuard::default());
    let verifier = server().replay_guard(guard.clone()).build().unwrap();
    let stranger = Credentials::new(ID, "another key", Algorithm::Sha256).unwrap();
    for hawk in [Hawk::new(stranger).sources(at(TIME)), client().timestamp(1)] {
        for _ in 0..100 {
            assert_eq!(status(judge(&verifier, &get(&hawk), b"")), 401);
        }
    }
    let post = parties::signed(&client(), Request::post("https://h/"), b"");
    assert_eq!(status(judge(&verifier, &post, b"unsigned")), 401);
    assert!(guard.is_empty());
    judge(&verifier, &post, b"");
    assert_eq!(guard.len(), 1);
}

#[test]
fn a_dropped_judgement_spends_nothing() {
    let (verifier, leg) = (server().build().unwrap(), get(&client()));
    drop(verifier.verify(&leg, &Payload::whole(Default::default())));
    assert_eq!(status(judge(&verifier, &leg, b"")), 200);
}

#[test]
fn a_full_guard_refuses() {
    let guard = Arc::new(MemoryGuard::new(1));
    let verifier = server().replay_guard(guard).build().unwrap();
    assert_eq!(status(judge(&verifier, &get(&client()), b"")), 200);
    assert_eq!(status(judge(&verifier, &get(&client()), b"")), 503);
}

struct Down;

impl Keys for Down {
    fn find(&self, _: &str) -> Begin<Option<Credentials>> {
        Begin::failed(Error::new(ErrorKind::Fetch, "the store is down"))
    }
}

#[test]
fn a_store_that_is_down_lets_nothing_pass() {
    let verifier = HawkVerifier::builder(Down)
        .sources(at(TIME))
        .build()
        .unwrap();
    let body = Payload::whole(Default::default());
    now(verifier.verify(&get(&client()), &body)).unwrap_err();
}

#[test]
fn an_unknown_key_is_refused_like_a_wrong_one() {
    let verifier = server().build().unwrap();
    for (id, key) in [(ID, "wrong"), ("nobody", KEY), ("unknown", KEY)] {
        let stranger = Credentials::new(id, key, Algorithm::Sha256).unwrap();
        let refusal = refused(judge(
            &verifier,
            &get(&Hawk::new(stranger).sources(at(TIME))),
            b"",
        ));
        assert_eq!(refusal.reason, Reason::Rejected);
        assert_eq!(refusal.challenges, [r#"Hawk error="Bad credentials""#]);
    }
    let sha1 = Credentials::new(ID, KEY, Algorithm::Sha1).unwrap();
    let leg = get(&Hawk::new(sha1).sources(at(TIME)));
    assert_eq!(
        status(judge(&verifier, &leg, b"")),
        401,
        "the algorithm belongs to the key"
    );
}

#[test]
fn no_credentials_are_answered_with_a_challenge() {
    let plain = received(head(Request::get("https://h/")));
    let refusal = refused(judge(&server().build().unwrap(), &plain, b""));
    assert_eq!(refusal.reason, Reason::Missing);
    assert_eq!(refusal.challenges, ["Hawk"]);
}

#[test]
fn the_body_is_read_if_the_rest_may_be_right() {
    let verifier = server().build().unwrap();
    assert!(verifier.reads_body(&get(&client())));
    assert!(!verifier.reads_body(&get(&client().timestamp(TIME - 61))));
    assert!(!verifier.reads_body(&received(head(Request::get("https://h/")))));
    let body = Payload::stream(None);
    match now(verifier.verify(&get(&client()), &body)).unwrap() {
        Verdict::Refuse(refusal) => assert_eq!(refusal.reason, Reason::Unavailable),
        Verdict::Accept(accepted) => panic!("{accepted:?}"),
    }
}

#[test]
fn several_or_half_credentials_are_malformed() {
    let verifier = server().build().unwrap();
    let signed = get(&client());
    let line = signed.headers[AUTHORIZATION].to_str().unwrap();
    let mut twice = signed.clone();
    twice
        .headers
        .append(AUTHORIZATION, HeaderValue::from_static("Basic x"));
    assert_eq!(status(judge(&verifier, &twice, b"")), 400);
    let broken = [
        line.replace("id=\"dh37fgj492je\", ", ""),
        line.replace("mac=\"", "mac=\"\", x=\""),
        line.replace("id=", "ID="),
        line.replace(", nonce", " nonce"),
        format!("{line}, dlg=\"d\""),
        format!("{line}, id=\"other\""),
        format!("{line},"),
        line.replace(&format!("ts=\"{TIME}\""), "ts=\"99999999999999999999\""),
        line.replace(&format!("ts=\"{TIME}\""), "ts=\"\u{7f}\""),
        line.replace('"', ""),
    ];
    for line in broken {
        let mut head = signed.clone();
        let value =
            HeaderValue::from_bytes(line.as_bytes()).unwrap_or(HeaderValue::from_static("Hawk x"));
        head.headers.insert(AUTHORIZATION, value);
        assert_eq!(status(judge(&verifier, &head, b"")), 400, "{line}");
    }
}

#[test]
fn spaces_and_case_of_the_scheme_do_not_matter() {
    let mut signed = get(&client());
    let line = signed.headers[AUTHORIZATION].to_str().unwrap();
    let line = line.replace("Hawk ", "hAWK  ").replace(", ", " ,\t");
    signed
        .headers
        .insert(AUTHORIZATION, HeaderValue::from_str(&line).unwrap());
    assert_eq!(status(judge(&server().build().unwrap(), &signed, b"")), 200);
}

#[test]
fn the_default_port_is_part_of_the_configuration() {
    let hawk = client();
    let leg = || parties::signed(&hawk, Request::get("http://h/"), b"");
    assert_eq!(status(judge(&server().build().unwrap(), &leg(), b"")), 401);
    let plain = server().default_port(80).build().unwrap();
    assert_eq!(status(judge(&plain, &leg(), b"")), 200);
}

#[test]
fn a_pinned_host_has_to_be_one() {
    for name in ["", "https://h", "h/", "h:80", "a b"] {
        let error = server().host(name, 443).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{name}");
    }
    let pinned = server().host("h", 443).build().unwrap();
    let mut leg = get(&client());
    leg.headers
        .insert("host", HeaderValue::from_static("proxy:8080"));
    assert_eq!(status(judge(&pinned, &leg, b"")), 200);
}

#[test]
fn a_bewit_of_a_bound_key_is_refused() {
    let uri = "https://h/a".parse().unwrap();
    let granted = client()
        .bewit(&uri, std::time::Duration::from_secs(9))
        .unwrap();
    let bound = credentials().app("app", None).unwrap();
    let verifier = parties::server_for(bound)
        .allow_bewit(true)
        .build()
        .unwrap();
    assert_eq!(
        status(judge(
            &verifier,
            &received(head(Request::get(granted))),
            b""
        )),
        401
    );
}
