//! What the client signs.
#![allow(clippy::unwrap_used, clippy::panic)]

countersign_testkit::watched!();

#[path = "support/parties.rs"]
mod parties;

use countersign_core::{ErrorKind, Payload, Sign};
use countersign_edgegrid::{EdgeGrid, EdgeRc};
use http::header::{AUTHORIZATION, HOST};
use http::{HeaderValue, Request, request};
use parties::{client, head, judge, received, sent, server, signed, status};

fn nonce(head: &request::Parts) -> &str {
    let line = head.headers[AUTHORIZATION].to_str().unwrap();
    line.split_once("nonce=")
        .unwrap()
        .1
        .split_once(';')
        .unwrap()
        .0
}

#[test]
fn every_request_has_a_nonce_of_its_own() {
    let get = || signed(&client(), Request::get("https://h/"), b"");
    assert_ne!(nonce(&get()), nonce(&get()));
}

#[test]
fn a_clone_of_another_time_has_another_key() {
    let (first, second) = (
        client(),
        client().timestamp("20140321T19:34:22+0000").unwrap(),
    );
    for edgegrid in [&first, &second, &first] {
        let leg = signed(edgegrid, Request::get("https://h/"), b"");
        assert_eq!(status(judge(&server().build().unwrap(), &leg, b"")), 200);
    }
    let shared = first.clone().timestamp("20140321T19:34:23+0000").unwrap();
    let leg = signed(&shared, Request::get("https://h/"), b"");
    assert_eq!(status(judge(&server().build().unwrap(), &leg, b"")), 200);
}

#[test]
fn named_headers_are_signed_where_they_are() {
    let names = ["X-Two", "x-one", "x-none"];
    let edgegrid = client().headers_to_sign(names).unwrap();
    let request = || {
        Request::get("https://h/")
            .header("x-one", " a   b ")
            .header("x-two", "c")
    };
    let verifier = || server().headers_to_sign(names).unwrap().build().unwrap();
    let leg = signed(&edgegrid, request(), b"");
    assert_eq!(status(judge(&verifier(), &leg, b"")), 200);
    for (name, value) in [("x-one", Some("x")), ("x-two", None), ("x-none", Some(""))] {
        let mut other = leg.clone();
        match value {
            Some(value) => drop(other.headers.insert(name, HeaderValue::from_static(value))),
            None => drop(other.headers.remove(name)),
        }
        assert_eq!(status(judge(&verifier(), &other, b"")), 401, "{name}");
    }
    assert_eq!(status(judge(&server().build().unwrap(), &leg, b"")), 401);
}

#[test]
fn an_account_is_switched_in_the_query() {
    let edgegrid = client().account_switch_key("1-5C0YLB:1-8BYUX");
    for (target, expected) in [
        ("/a", "/a?accountSwitchKey=1-5C0YLB:1-8BYUX"),
        ("/a?b=c", "/a?b=c&accountSwitchKey=1-5C0YLB:1-8BYUX"),
        (
            "/a?accountSwitchKey=x&b=c",
            "/a?accountSwitchKey=1-5C0YLB:1-8BYUX&b=c",
        ),
    ] {
        let leg = signed(&edgegrid, Request::get(format!("https://h{target}")), b"");
        assert_eq!(leg.uri, expected);
        assert_eq!(status(judge(&server().build().unwrap(), &leg, b"")), 200);
    }
}

#[test]
fn the_signed_host_is_the_one_that_is_sent_or_the_base() {
    let mut leg = signed(&client(), Request::get("https://H.example:443/"), b"");
    assert_eq!(leg.headers[HOST], "H.example");
    assert_eq!(status(judge(&server().build().unwrap(), &leg, b"")), 200);
    leg.headers
        .insert(HOST, HeaderValue::from_static("other.example"));
    assert_eq!(status(judge(&server().build().unwrap(), &leg, b"")), 401);

    let based = client().base_url("https://base.example/ignored").unwrap();
    let leg = signed(&based, Request::get("https://gateway.example/"), b"");
    assert_eq!(status(judge(&server().build().unwrap(), &leg, b"")), 401);
    let pinned = server().base_url("base.example").unwrap().build().unwrap();
    assert_eq!(status(judge(&pinned, &leg, b"")), 200);
}

#[test]
fn a_host_that_is_not_one_is_not_signed() {
    let wrong = [
        Request::get("https://h/")
            .header(HOST, "a")
            .header(HOST, "b"),
        Request::get("https://h/").header(HOST, ""),
        Request::get("/relative").header(HOST, "h"),
    ];
    for request in wrong {
        let mut head = head(request);
        let error = client()
            .sign(&mut head, &mut Payload::default())
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(!head.headers.contains_key(AUTHORIZATION));
    }
}

#[test]
fn only_the_body_of_a_post_is_read() {
    let post = head(Request::post("https://h/"));
    assert!(client().reads_body(&post));
    let mut unread = Payload::stream(None);
    let error = client().sign(&mut post.clone(), &mut unread).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BodyNotReplayable);
    let mut put = head(Request::put("https://h/"));
    assert!(!client().reads_body(&put));
    client().sign(&mut put, &mut unread).unwrap();
}

#[test]
fn a_section_says_how_to_sign() {
    let text = "[other]\n[default]\nhost: h.example\nclient-token = akab-client-token-xxx-xxxxxxxxxxxxxxxx\n\
        client_secret = xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx=\n; comment\n\
        access_token = akab-access-token-xxx-xxxxxxxxxxxxxxxx\nmax-body = 2\n\
        headers_to_sign = X-One, X-Two\naccount_key = key\n";
    let file = EdgeRc::parse("my.edgerc", text).unwrap();
    let edgegrid = EdgeGrid::from_edgerc(&file, "default")
        .unwrap()
        .sources(parties::at(parties::TIME));
    let post = head(Request::post("https://h.example/a").header("x-two", "2"));
    let leg = received(sent(&edgegrid, post, b"body"));
    assert_eq!(leg.uri, "/a?accountSwitchKey=key");
    let verifier = server()
        .max_body(2)
        .headers_to_sign(["x-one", "x-two"])
        .unwrap();
    let verifier = verifier.allow_uncovered_bodies(true).build().unwrap();
    assert_eq!(status(judge(&verifier, &leg, b"bo..")), 200);
}
