//! Rows of the catalogue of bad inputs that belong to Hawk.
#![allow(clippy::unwrap_used, clippy::panic)]

countersign_testkit::watched!();

#[path = "support/parties.rs"]
mod parties;
mod support;

use std::time::Duration;

use countersign_core::{ErrorKind, Exchange, Next};
use countersign_hawk::{Algorithm, Credentials, Hawk, HawkVerifierBuilder, PayloadHash};
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use http::{HeaderValue, Method, Request, request};
use parties::{
    ID, KEY, TIME, answer, at, begin, client, credentials, head, judge, prepare, received, refused,
    server, server_for, status,
};

/// The request of the rows, with its `Authorization`.
fn resource(host: &str, line: &str) -> request::Parts {
    let mut head = head(Request::get("/resource/1?b=1&a=2").header("host", host));
    let line = HeaderValue::from_str(line).unwrap();
    head.headers.insert(AUTHORIZATION, line);
    head
}

fn verdict(server: HawkVerifierBuilder, head: &request::Parts, body: &[u8]) -> u16 {
    status(judge(&server.build().unwrap(), head, body))
}

/// The attributes that a row gives, without what it says about them.
fn line(input: &str) -> &str {
    let end = input.rfind('"').unwrap() + 1;
    &input[..end]
}

fn header(id: &str, input: &str, clock: u64) {
    let head = resource("example.com:8000", line(input));
    let server = || server().sources(at(clock));
    let at_once = || verdict(server(), &head, b"");
    match id {
        "B306" => assert_eq!(at_once(), 200),
        "B307" => {
            let verifier = server().build().unwrap();
            assert_eq!(status(judge(&verifier, &head, b"")), 200);
            assert_eq!(status(judge(&verifier, &head, b"")), 401);
        }
        "B308" => {
            let refusal = refused(judge(&server().build().unwrap(), &head, b""));
            assert_eq!(refusal.reason.status(), 401);
            let challenge = refusal.challenges[0].to_str().unwrap();
            assert!(
                challenge.starts_with(&format!(r#"Hawk ts="{clock}", tsm=""#)),
                "{challenge}"
            );
            assert!(
                challenge.ends_with(r#"error="Stale timestamp""#),
                "{challenge}"
            );
            for near in [TIME - 60, TIME + 60] {
                assert_eq!(verdict(server().sources(at(near)), &head, b""), 200);
            }
            assert_eq!(verdict(server().sources(at(TIME - 61)), &head, b""), 401);
        }
        "B311" | "B312" | "B314" | "B317" | "B318" | "B319" | "B321" | "B327" => {
            assert_eq!(at_once(), 400);
        }
        "B322" | "B333" => assert_eq!(at_once(), 401),
        "B328" => assert_eq!(
            verdict(server(), &resource("example.com:8080", input), b""),
            401
        ),
        "B330" => assert_eq!(
            verdict(server(), &resource("example.com:something", input), b""),
            400
        ),
        "B331" => {
            let mut head = resource("proxy:1", input);
            head.headers.insert(
                "x-forwarded-host",
                HeaderValue::from_static("example.com:8000"),
            );
            assert_eq!(verdict(server(), &head, b""), 401);
            assert_eq!(verdict(server().host("example.com", 8000), &head, b""), 200);
        }
        "B332" => {
            let post = Request::post("https://h/");
            let unsigned = client().payload_hash(PayloadHash::Omit);
            let unsigned = parties::signed(&unsigned, post, b"body");
            assert_eq!(verdict(server(), &unsigned, b"body"), 401);
            assert_eq!(verdict(server(), &unsigned, b""), 200);
        }
        "B335" => {
            let bound = credentials().app("app", None).unwrap();
            let server = || server_for(bound.clone()).sources(at(clock));
            assert_eq!(verdict(server(), &head, b""), 401);
            let other = credentials().app("other", None).unwrap();
            for (sender, expected) in [(bound.clone(), 200), (other, 401)] {
                let hawk = Hawk::new(sender).sources(at(clock));
                let head = parties::signed(&hawk, Request::get("https://h/"), b"");
                assert_eq!(verdict(server(), &head, b""), expected);
            }
        }
        _ => panic!("{id}: a row that nothing here expects"),
    }
}

fn bewit(id: &str, input: &str) {
    let server = || server().allow_bewit(true);
    let get = |query: &str| {
        head(Request::get(format!("/resource?{query}")).header("host", "example.com"))
    };
    let granted = client()
        .bewit(
            &"https://example.com/resource?a=1".parse().unwrap(),
            Duration::from_secs(300),
        )
        .unwrap();
    let mut valid = received(head(Request::get(granted)));
    assert_eq!(verdict(server(), &valid, b""), 200);
    match id {
        "B336" | "B337" | "B341" => {
            let head = get(input.trim_start_matches('?'));
            assert_eq!(verdict(server(), &head, b""), 400);
        }
        "B338" => {
            for method in [Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS] {
                valid.method = method;
                assert_eq!(verdict(server(), &valid, b""), 401);
            }
            valid.method = Method::HEAD;
            assert_eq!(verdict(server(), &valid, b""), 200);
        }
        "B339" => {
            for line in ["Hawk id=\"a\"", "Basic YTpi", ""] {
                valid
                    .headers
                    .insert(AUTHORIZATION, HeaderValue::from_static(line));
                assert_eq!(verdict(server(), &valid, b""), 400);
            }
        }
        "B340" => {
            for (clock, expected) in [(TIME + 299, 200), (TIME + 300, 401), (TIME + 301, 401)] {
                assert_eq!(verdict(server().sources(at(clock)), &valid, b""), expected);
            }
        }
        _ => panic!("{id}: a row that nothing here expects"),
    }
}

/// The `ts` of a request that is sent now.
fn sent_time(hawk: &Hawk, url: &str) -> u64 {
    let head = head(Request::get(url));
    timestamp(&prepare(&mut begin(hawk, &head), &head, b""))
}

fn timestamp(head: &request::Parts) -> u64 {
    let line = head.headers[AUTHORIZATION].to_str().unwrap();
    let (_, rest) = line.split_once("ts=\"").unwrap();
    rest.split_once('"').unwrap().0.parse().unwrap()
}

/// What a server says whose clock is at `clock`.
fn told(clock: u64) -> HeaderValue {
    let stale = parties::signed(&client().timestamp(1), Request::get("https://h/"), b"");
    let verifier = server().sources(at(clock)).build().unwrap();
    refused(judge(&verifier, &stale, b"")).challenges.remove(0)
}

fn skew() {
    const FAR: u64 = 9_999_999_999;
    let challenge = told(FAR);
    let refusal = answer(
        401,
        &[(WWW_AUTHENTICATE.as_str(), challenge.to_str().unwrap())],
    );
    let get = head(Request::get("https://h/"));
    let hawk = client();
    let mut exchange = begin(&hawk, &get);
    prepare(&mut exchange, &get, b"");
    assert_eq!(
        exchange.receive(&refusal).unwrap(),
        Next::Done,
        "more than 24 hours"
    );
    assert_eq!(sent_time(&hawk, "https://h/"), TIME);

    let hawk = client().sources(at(FAR - 24 * 60 * 60));
    let mut exchange = begin(&hawk, &get);
    prepare(&mut exchange, &get, b"");
    assert_eq!(exchange.receive(&refusal).unwrap(), Next::Again, "24 hours");
    assert_eq!(timestamp(&prepare(&mut exchange, &get, b"")), FAR);
    assert_eq!(exchange.receive(&refusal).unwrap(), Next::Done, "once");
    assert_eq!(
        sent_time(&hawk, "https://h/"),
        FAR,
        "the origin is remembered"
    );
    assert_eq!(
        sent_time(&hawk, "https://other/"),
        FAR - 24 * 60 * 60,
        "and no other"
    );
}

fn proof(input: &str) {
    for wrong in [input, "Hawk mac=\"", "Basic x", ""] {
        let get = head(Request::get("https://h/"));
        let mut exchange = begin(&client(), &get);
        prepare(&mut exchange, &get, b"");
        let answer = answer(200, &[("server-authorization", wrong)]);
        let error = exchange.receive(&answer).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ServerAuthentication, "{wrong}");
    }
}

#[test]
fn every_row_ends_as_it_says() {
    let rows = support::bad_inputs();
    assert_eq!(rows.len(), 26);
    for row in rows {
        let text = |name: &str| row[name].as_str().unwrap();
        let clock = row["clock"].as_u64().unwrap_or(TIME);
        match (text("id"), text("where")) {
            ("B343", _) => skew(),
            ("B344", _) => proof(text("input")),
            (id, "query string") => bewit(id, text("input")),
            (id, _) => header(id, text("input"), clock),
        }
    }
}

#[test]
fn what_cannot_be_sent_is_refused_when_it_is_configured() {
    for id in ["", "a\"b", "a\\b", "a\nb", "\u{e9}", &"x".repeat(257)] {
        let error = Credentials::new(id, "CANARY", Algorithm::Sha256).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(!format!("{error:?}{error}").contains("CANARY"));
        assert!(client().nonce(id).is_err() && credentials().app(id, None).is_err());
        assert!(credentials().app("app", Some(id)).is_err());
    }
    assert!(Credentials::new(ID, "", Algorithm::Sha256).is_err());
    assert!(client().ext("a\nb").is_err() && client().ext("\u{e9}").is_err());
    for algorithm in ["SHA256", "sha512", "md5", ""] {
        let error = algorithm.parse::<Algorithm>().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{algorithm}");
    }
}

#[test]
fn a_request_without_a_host_is_not_sent() {
    let relative = head(Request::get("/a"));
    let mut exchange = begin(&client(), &relative);
    let mut leg = relative.clone();
    let error = exchange
        .prepare(&mut leg, &mut Default::default())
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(leg.headers.is_empty());
}

#[test]
fn neither_output_nor_error_shows_the_key() {
    let hawk = client();
    let get = head(Request::get("https://h/"));
    let mut exchange = begin(&hawk, &get);
    let leg = prepare(&mut exchange, &get, b"");
    let verifier = server().build().unwrap();
    let keys = countersign_hawk::MemoryKeys::new([credentials()]);
    let verdict = judge(&verifier, &received(leg.clone()), b"");
    let shown = format!(
        "{hawk:?}{exchange:?}{:?}{verifier:?}{keys:?}{verdict:?}{:?}{leg:?}",
        credentials(),
        server()
    );
    let mac = leg.headers[AUTHORIZATION]
        .to_str()
        .unwrap()
        .rsplit_once("mac=")
        .unwrap()
        .1;
    for secret in [KEY, mac] {
        assert!(!shown.contains(secret), "{shown}");
    }
}
