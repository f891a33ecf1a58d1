//! What the client sends, and what it makes of answers.
#![allow(clippy::unwrap_used, clippy::panic)]

countersign_testkit::watched!();

#[path = "support/parties.rs"]
mod parties;

use std::time::Duration;

use countersign_core::{Cx, ErrorKind, Exchange, Leg, Next, Payload, Scheme};
use countersign_hawk::{AnswerProof, Hawk, HawkExchange, PayloadHash, PayloadRule};
use http::header::AUTHORIZATION;
use http::{HeaderValue, Request, request, response};
use parties::{
    TIME, accepted, answer, at, begin, client, credentials, head, judge, now, prepare, received,
    refused, server, status,
};

fn authorization(head: &request::Parts) -> &str {
    head.headers[AUTHORIZATION].to_str().unwrap()
}

#[test]
fn every_leg_has_a_nonce_of_its_own() {
    let get = head(Request::get("https://h/"));
    let mut exchange = begin(&client(), &get);
    let first = prepare(&mut exchange, &get, b"");
    let second = prepare(&mut exchange, &get, b"");
    assert_ne!(authorization(&first), authorization(&second));
    assert!(first.headers[AUTHORIZATION].is_sensitive());
}

#[test]
fn the_hash_covers_the_content_type_that_is_sent() {
    let hawk = client();
    let post = || Request::post("https://h/").header("content-type", "Text/Plain; charset=utf-8");
    let mut leg = parties::signed(&hawk, post(), b"body");
    assert!(authorization(&leg).contains("hash=\""));
    assert_eq!(
        status(judge(&server().build().unwrap(), &leg, b"body")),
        200
    );
    leg.headers
        .insert("content-type", HeaderValue::from_static("text/html"));
    assert_eq!(
        status(judge(&server().build().unwrap(), &leg, b"body")),
        401
    );
}

#[test]
fn an_empty_body_is_hashed_if_always() {
    for (hash, there) in [
        (PayloadHash::Omit, false),
        (PayloadHash::NonEmpty, false),
        (PayloadHash::Always, true),
    ] {
        let leg = parties::signed(
            &client().payload_hash(hash),
            Request::get("https://h/"),
            b"",
        );
        assert_eq!(authorization(&leg).contains("hash=\""), there);
        assert_eq!(status(judge(&server().build().unwrap(), &leg, b"")), 200);
    }
}

#[test]
fn a_body_that_is_not_there_is_not_signed() {
    let post = head(Request::post("https://h/"));
    let mut exchange = begin(&client().payload_hash(PayloadHash::Always), &post);
    assert!(exchange.reads_body(&post));
    let error = exchange
        .prepare(&mut post.clone(), &mut Payload::stream(None))
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BodyNotReplayable);
    let types = Request::post("https://h/").header("content-type", "a/b");
    let types = head(types.header("content-type", "c/d"));
    let mut body = Payload::whole("x".into());
    let error = exchange.prepare(&mut types.clone(), &mut body).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
}

/// A server's answer with `body`, and the exchange that awaits it.
fn answered(hawk: &Hawk, proof: AnswerProof, body: &[u8]) -> (HawkExchange, response::Parts) {
    let get = head(Request::get("https://h/"));
    let mut exchange = begin(hawk, &get);
    let leg = received(prepare(&mut exchange, &get, b""));
    let verifier = server()
        .prove_answers(proof)
        .answer_ext("se\"rv")
        .unwrap()
        .build()
        .unwrap();
    let mut answer = answer(200, &[("content-type", "text/plain")]);
    if let Some(proof) = accepted(judge(&verifier, &leg, b"")).answer {
        let body = if proof.reads_body(&answer) { body } else { b"" };
        proof.sign(&mut answer, body).unwrap();
    }
    (exchange, answer)
}

#[test]
fn a_proof_is_demanded_and_checked() {
    use AnswerProof::{Body, Head, None};
    for (given, demanded, next) in [
        (None, None, Ok(Next::Done)),
        (Head, None, Ok(Next::Done)),
        (Body, None, Ok(Next::Done)),
        (None, Head, Err(())),
        (Head, Head, Ok(Next::Done)),
        (Body, Head, Ok(Next::Done)),
        (None, Body, Err(())),
        (Head, Body, Err(())),
        (Body, Body, Ok(Next::Read)),
    ] {
        let hawk = client().require_proof(demanded);
        let (mut exchange, answer) = answered(&hawk, given, b"body");
        let found = exchange.receive(&answer).map_err(|error| {
            assert_eq!(error.kind(), ErrorKind::ServerAuthentication);
        });
        assert_eq!(found, next, "{given:?} for {demanded:?}");
    }
}

#[test]
fn a_proof_of_another_body_or_type_is_refused() {
    let hawk = client().require_proof(AnswerProof::Body);
    let (mut exchange, mut answer) = answered(&hawk, AnswerProof::Body, b"body");
    exchange.receive(&answer).unwrap();
    exchange.receive_body(b"body").unwrap();
    let error = exchange.receive_body(b"bodY").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ServerAuthentication);
    answer
        .headers
        .insert("content-type", HeaderValue::from_static("text/html"));
    exchange.receive(&answer).unwrap();
    exchange.receive_body(b"body").unwrap_err();
}

#[test]
fn a_proof_for_another_request_is_refused() {
    let (_, answer) = answered(&client(), AnswerProof::Head, b"");
    let (mut other, _) = answered(&client(), AnswerProof::Head, b"");
    other.receive(&answer).unwrap_err();
}

#[test]
fn a_proof_twice_is_refused() {
    let (mut exchange, mut answer) = answered(&client(), AnswerProof::Head, b"");
    let proof = answer.headers["server-authorization"].clone();
    answer.headers.append("server-authorization", proof);
    exchange.receive(&answer).unwrap_err();
}

#[test]
fn a_refusal_is_the_callers_without_a_proof() {
    let get = head(Request::get("https://h/"));
    let mut exchange = begin(&client().require_proof(AnswerProof::Body), &get);
    prepare(&mut exchange, &get, b"");
    assert_eq!(exchange.receive(&answer(401, &[])).unwrap(), Next::Done);
}

/// The refusal by a server whose clock is `ahead` of the client's.
fn stale(ahead: i64) -> response::Parts {
    let leg = parties::signed(&client().timestamp(1), Request::get("https://h/"), b"");
    let clock = at(TIME.saturating_add_signed(ahead));
    let verifier = server().sources(clock).build().unwrap();
    let challenges = refused(judge(&verifier, &leg, b"")).challenges;
    answer(
        401,
        &[("www-authenticate", challenges[0].to_str().unwrap())],
    )
}

#[test]
fn a_wrong_clock_is_corrected_once() {
    for ahead in [-3600, -61, 61, 3600] {
        let (get, hawk) = (head(Request::get("https://h/")), client());
        let mut exchange = begin(&hawk, &get);
        assert_eq!(exchange.plan(), Leg::Tentative);
        prepare(&mut exchange, &get, b"");
        assert_eq!(exchange.receive(&stale(ahead)).unwrap(), Next::Again);
        assert_eq!(exchange.plan(), Leg::Last);
        let leg = received(prepare(&mut exchange, &get, b""));
        let clock = at(TIME.saturating_add_signed(ahead));
        assert_eq!(
            status(judge(&server().sources(clock).build().unwrap(), &leg, b"")),
            200
        );
        assert_eq!(exchange.receive(&stale(ahead + 99)).unwrap(), Next::Done);
    }
}

#[test]
fn a_time_that_is_not_proved_or_not_wanted_changes_nothing() {
    let proved = stale(3600);
    let line = proved.headers["www-authenticate"].to_str().unwrap();
    let forged = line.replace("tsm=\"", "tsm=\"x");
    let other = line.replace("ts=\"13", "ts=\"14");
    let lines = [
        &*forged,
        &*other,
        "Hawk",
        "Hawk ts=\"1\"",
        "Hawk ts=\"NaN\", tsm=\"x\"",
    ];
    let get = head(Request::get("https://h/"));
    for line in lines {
        let mut exchange = begin(&client(), &get);
        prepare(&mut exchange, &get, b"");
        let refusal = answer(401, &[("www-authenticate", line)]);
        assert_eq!(exchange.receive(&refusal).unwrap(), Next::Done, "{line}");
    }
    for hawk in [
        client().timestamp(TIME),
        client().max_clock_offset(Duration::ZERO),
    ] {
        let mut exchange = begin(&hawk, &get);
        prepare(&mut exchange, &get, b"");
        assert_eq!(exchange.receive(&proved).unwrap(), Next::Done);
    }
    let mut exchange = begin(&client(), &get);
    prepare(&mut exchange, &get, b"");
    let near = stale(0);
    assert_eq!(
        exchange.receive(&near).unwrap(),
        Next::Done,
        "that is not why"
    );
}

#[test]
fn a_choice_may_ask_it_where_the_server_does() {
    let get = head(Request::get("https://h/"));
    for (challenge, answers) in [
        ("Hawk", true),
        ("Basic realm=\"a\", hawk", true),
        ("Basic", false),
    ] {
        let refusal = answer(401, &[("www-authenticate", challenge)]);
        let begun = now(client().begin(Cx::new(&get, None).refused(&refusal)));
        match begun {
            Ok(_) => assert!(answers, "{challenge}"),
            Err(error) => assert!(!answers && error.kind() == ErrorKind::Challenge),
        }
    }
}

#[test]
fn the_host_is_the_one_that_is_sent() {
    let base = "https://Base.example:444".parse().unwrap();
    let relative = head(Request::get("/a"));
    let mut exchange = now(client().begin(Cx::new(&relative, Some(&base)))).unwrap();
    let mut leg = prepare(&mut exchange, &relative, b"");
    leg.headers
        .insert("host", HeaderValue::from_static("base.example:444"));
    assert_eq!(status(judge(&server().build().unwrap(), &leg, b"")), 200);

    let virtual_host = Request::get("https://10.0.0.1:8443/").header("host", "shop.example");
    let leg = parties::signed(&client(), virtual_host, b"");
    assert_eq!(status(judge(&server().build().unwrap(), &leg, b"")), 200);
}

#[test]
fn an_application_is_sent_and_demanded() {
    let bound = credentials().app("app", Some("dlg")).unwrap();
    let hawk = Hawk::new(bound).sources(at(TIME));
    let leg = parties::signed(&hawk, Request::get("https://h/"), b"");
    assert!(authorization(&leg).ends_with(r#", app="app", dlg="dlg""#));
    let caller = accepted(judge(&server().build().unwrap(), &leg, b"")).principal;
    assert_eq!(
        (caller.app.as_deref(), caller.dlg.as_deref()),
        (Some("app"), Some("dlg"))
    );
}

#[test]
fn a_bewit_needs_a_place_and_a_life() {
    let five = Duration::from_secs(5);
    let twice: http::Uri = "https://h/?%62ewit=x".parse().unwrap();
    assert!(client().bewit(&twice, five).is_err());
    assert!(client().bewit(&"/relative".parse().unwrap(), five).is_err());
    assert!(
        client()
            .bewit(&"https://h/".parse().unwrap(), Duration::ZERO)
            .is_err()
    );
    let backslash = client().ext("a\\b").unwrap();
    assert!(
        backslash
            .bewit(&"https://h/".parse().unwrap(), five)
            .is_err()
    );
}

#[test]
fn a_body_without_a_hash_passes_where_the_server_lets_it() {
    let hawk = client().payload_hash(PayloadHash::Omit);
    let leg = parties::signed(&hawk, Request::post("https://h/"), b"body");
    for (rule, expected) in [
        (PayloadRule::Required, 401),
        (PayloadRule::Optional, 200),
        (PayloadRule::Ignored, 200),
    ] {
        let verifier = server().payload(rule).build().unwrap();
        assert_eq!(
            status(judge(&verifier, &leg, b"body")),
            expected,
            "{rule:?}"
        );
    }
}
