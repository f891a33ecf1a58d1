//! Servers whose keys are at a URL.

use super::cases::{Case, Keys, asap, call, jwt, serve};
use crate::support::{RawServer, Serve, command, run, set};

const KEYS: &str = "ours.jwks";

/// A key server with these answers, and what a server is told of it.
fn remote(answers: &[&str]) -> (RawServer, String) {
    let keys = RawServer::start(answers);
    let set = format!("jwks={}", keys.url("/keys.json"));
    (keys, set)
}

fn found() -> String {
    format!(
        "200 OK\nContent-Type: application/json\n\n{}",
        Keys::text(KEYS)
    )
}

fn status(serve: &Serve, case: &Case) -> u64 {
    let run = call(case, &["GET", &serve.url("/"), "--json"]);
    run.json()["status"].as_u64().unwrap()
}

#[test]
fn they_are_fetched_once_and_kept() {
    for case in [jwt, asap] {
        let (keys, at) = remote(&[&found()]);
        let case = case(at);
        let serve = serve(&case, &[]);
        assert_eq!([(); 3].map(|()| status(&serve, &case)), [200; 3]);
        let requests = keys.requests();
        assert_eq!(requests.len(), 1);
        assert!(requests[0].starts_with("GET /keys.json "), "{requests:?}");
        assert!(!requests[0].contains("authorization"), "{requests:?}");
    }
}

#[test]
fn a_key_that_is_not_there_is_not_asked_for_again_and_again() {
    let (keys, at) = remote(&[&found(), &found()]);
    let ours = jwt(at);
    let serve = serve(&ours, &[]);
    let mut stranger = jwt(String::new());
    stranger
        .client
        .push(r#"header={"kid":"svc/other"}"#.to_owned());
    for (case, expected) in [
        (&ours, 200),
        (&stranger, 401),
        (&stranger, 401),
        (&ours, 200),
    ] {
        assert_eq!(status(&serve, case), expected);
    }
    assert_eq!(keys.requests().len(), 1);
}

#[test]
fn without_the_keys_nobody_is_judged() {
    let huge = format!("200 OK\n\n{}{}", Keys::text(KEYS), " ".repeat(2 << 20));
    let redirect = "302 Found\nLocation: {url}/elsewhere";
    for answers in [
        &["500 Oops"][..],
        &[redirect, &found()],
        &["200 OK\n\nno keys"],
        &[&huge],
        &[],
    ] {
        let (keys, at) = remote(answers);
        let case = jwt(at);
        let serve = serve(&case, &[]);
        assert_eq!(status(&serve, &case), 503, "{answers:.40?}");
        drop(serve);
        assert!(keys.requests().len() <= 1);
    }
}

#[test]
fn a_url_that_others_could_answer_is_refused() {
    for (more, word) in [
        ("jwks=http://id.example/keys", "https"),
        ("jwks=ftp://id.example/keys", "https"),
    ] {
        let auth = set("jwt", &["algorithm=ES256", more]);
        let auth: Vec<_> = auth.iter().map(String::as_str).collect();
        let start = ["serve", "--listen", "127.0.0.1:0", "--for", "1"];
        let ended = run(&mut command(&[&start, &auth[..]].concat()), b"");
        assert_eq!(ended.code, 2, "{}", ended.printed());
        assert!(ended.stderr.contains(word), "{}", ended.printed());
    }
}
