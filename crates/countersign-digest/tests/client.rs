//! The client's legs, against a peer that is a closure.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use std::sync::Arc;

use bytes::Bytes;
use countersign_core::{Any, AnyOf, ErrorKind, Once, Scheme, Sources, Strength, preview};
use countersign_digest::{Algorithm, Digest, Preset, Qop};
use http::{HeaderValue, Request, Response};
use support::{Sevens, Wire, alice, challenged, get, param, parsed, post, refusal, status};

const N1: &str = r#"Digest realm="r", nonce="n1", qop="auth""#;

fn digest() -> Digest {
    Digest::new("alice", "sesame").unwrap()
}

/// Answers the first requests with these, and every later one with success.
fn script(first: &[Response<Bytes>]) -> Wire {
    let first = first.to_vec();
    Wire::new(move |n, _| first.get(n).cloned().unwrap_or_else(|| status(200)))
}

fn nonce_and_count(header: &HeaderValue) -> (String, String) {
    (
        param(header, "nonce").unwrap(),
        param(header, "nc").unwrap(),
    )
}

async fn answer_of(digest: Digest, lines: &[&str]) -> HeaderValue {
    let lines: Vec<_> = lines.iter().map(|line| line.as_bytes()).collect();
    let wire = script(&[refusal(401, &lines)]);
    wire.get(&Arc::new(digest)).await.unwrap();
    wire.credentials(1).unwrap()
}

#[tokio::test]
async fn the_strongest_challenge_of_all_lines_is_answered() {
    let line = |algorithm: &str| {
        format!("Digest realm=\"r\", nonce=\"{algorithm}\", algorithm={algorithm}, qop=\"auth\"")
    };
    for (offered, best) in [
        (vec!["MD5", "SHA-256"], "SHA-256"),
        (vec!["SHA-512-256", "MD5", "SHA-256"], "SHA-512-256"),
        (vec!["SHA-256-sess", "SHA-256"], "SHA-256-sess"),
        (vec!["SHA-512", "SHA-512-256"], "SHA-512"),
        (vec!["AWESUM", "md5-SESS"], "md5-SESS"),
    ] {
        let lines: Vec<_> = offered.iter().map(|name| line(name)).collect();
        let lines: Vec<_> = lines.iter().map(String::as_str).collect();
        let separate = answer_of(digest(), &lines).await;
        let joined = answer_of(digest(), &[&lines.join(", ")]).await;
        for header in [separate, joined] {
            assert_eq!(param(&header, "algorithm").unwrap(), best);
            assert_eq!(param(&header, "nonce").unwrap(), best);
        }
    }
}

#[tokio::test]
async fn a_pinned_minimum_is_not_undercut() {
    let pinned = digest().min_algorithm(Algorithm::Sha256Sess);
    assert!(pinned.pins() && !digest().pins() && digest().require_qop(true).pins());
    assert_eq!(pinned.strength(), Strength::Request);
    let wire = script(&[challenged(N1)]);
    assert_eq!(
        wire.get(&Arc::new(pinned.clone())).await.unwrap().status(),
        401
    );
    assert_eq!(wire.hits(), 1);
    let sha256 = N1.replace("qop", "algorithm=SHA-256, qop");
    assert_eq!(
        param(&answer_of(pinned, &[&sha256]).await, "algorithm").unwrap(),
        "SHA-256"
    );
}

#[tokio::test]
async fn what_is_quoted_and_what_is_not() {
    let line =
        r#"Digest realm="r", nonce="n", opaque="o", algorithm=MD5, qop="auth", userhash=false"#;
    let header = answer_of(digest(), &[line]).await;
    let quoted = [
        "username", "realm", "nonce", "uri", "response", "cnonce", "opaque",
    ];
    for given in parsed(&header).params() {
        assert_eq!(
            given.is_quoted(),
            quoted.contains(&given.name()),
            "{}",
            given.name()
        );
    }
    assert_eq!(parsed(&header).params().len(), 10);
    assert!(header.is_sensitive());
}

#[tokio::test]
async fn auth_int_is_answered_where_it_is_preferred_or_alone() {
    let both = r#"Digest realm="r", nonce="n", qop="auth, AUTH-INT""#;
    let alone = r#"Digest realm="r", nonce="n", qop="auth-int, other""#;
    for (digest, line, qop) in [
        (digest(), both, "auth"),
        (digest().prefer_auth_int(true), both, "auth-int"),
        (digest(), alone, "auth-int"),
        (
            digest().preset(Preset::new().qop(Qop::AuthInt)).unwrap(),
            both,
            "auth-int",
        ),
    ] {
        assert_eq!(
            param(&answer_of(digest, &[line]).await, "qop").unwrap(),
            qop
        );
    }
}

#[tokio::test]
async fn auth_int_depends_on_the_body() {
    let line = r#"Digest realm="r", nonce="n", qop="auth-int""#;
    let mut responses = Vec::new();
    for body in ["one", "two"] {
        let wire = script(&[challenged(line)]);
        let sources = Sources {
            random: Arc::new(Sevens),
            ..Sources::default()
        };
        let request = post("http://api.example/", body);
        wire.send(&Arc::new(digest().sources(sources)), request)
            .await
            .unwrap();
        assert_eq!(wire.seen()[1].body(), body);
        responses.push(param(&wire.credentials(1).unwrap(), "response").unwrap());
    }
    assert_ne!(responses[0], responses[1]);
}

#[tokio::test]
async fn an_unknown_qop_alone_is_not_answered() {
    for line in [
        r#"Digest realm="r", nonce="n", qop="token""#,
        r#"Digest nonce="n", qop="auth""#,
        r#"Digest realm="r", nonce="n", algorithm="MD5 ", qop="auth""#,
    ] {
        let wire = script(&[challenged(line)]);
        assert_eq!(wire.get(&alice()).await.unwrap().status(), 401);
        assert_eq!(wire.hits(), 1, "{line}");
    }
}

#[tokio::test]
async fn how_a_name_outside_ascii_is_sent() {
    let named = || Digest::new("J\u{e4}s\u{f8}n", "x").unwrap();
    let utf8 = answer_of(named(), &[&(N1.to_owned() + ", charset=utf-8")]).await;
    assert_eq!(param(&utf8, "username*").unwrap(), "UTF-8''J%C3%A4s%C3%B8n");
    assert!(param(&utf8, "username").is_none());
    let plain = answer_of(named(), &[N1]).await;
    assert_eq!(param(&plain, "username").unwrap(), "J\u{e4}s\u{f8}n");
    let hashed = answer_of(
        named(),
        &[&(N1.to_owned() + ", charset=UTF-8, userhash=TRUE")],
    )
    .await;
    assert_eq!(
        param(&hashed, "username").unwrap(),
        Algorithm::Md5.userhash("J\u{e4}s\u{f8}n", "r")
    );
    assert_eq!(param(&hashed, "userhash").unwrap(), "true");
    assert!(param(&hashed, "username*").is_none());
}

#[tokio::test]
async fn the_target_is_escaped_and_otherwise_as_sent() {
    let wire = script(&[challenged(N1)]);
    wire.send(&alice(), get("http://api.example/a%2f/..\"\\?x=%C3&x"))
        .await
        .unwrap();
    let header = wire.credentials(1).unwrap();
    assert_eq!(param(&header, "uri").unwrap(), "/a%2f/..\"\\?x=%C3&x");
    let bare = script(&[challenged(N1)]);
    bare.send(&alice(), get("http://api.example"))
        .await
        .unwrap();
    assert_eq!(param(&bare.credentials(1).unwrap(), "uri").unwrap(), "/");
}

#[tokio::test]
async fn a_preset_challenge_signs_the_first_leg() {
    let preset = Preset::new()
        .realm("Users")
        .nonce("bcg")
        .opaque("5cc")
        .algorithm(Algorithm::Sha256);
    let preset = preset
        .qop(Qop::Auth)
        .nonce_count(0x1a)
        .client_nonce("0a4f113b");
    let digest = Arc::new(digest().preset(preset).unwrap());
    let wire = script(&[]);
    wire.get(&digest).await.unwrap();
    wire.get(&digest).await.unwrap();
    let first = wire.credentials(0).unwrap();
    for (name, value) in [
        ("nc", "0000001a"),
        ("cnonce", "0a4f113b"),
        ("opaque", "5cc"),
        ("qop", "auth"),
    ] {
        assert_eq!(param(&first, name).unwrap(), value);
    }
    assert_eq!(
        param(&wire.credentials(1).unwrap(), "nc").unwrap(),
        "0000001b"
    );
    let request = Request::get("http://other.example/")
        .body(Bytes::new())
        .unwrap();
    let seen = preview(&*digest, &Default::default(), request)
        .await
        .unwrap();
    assert_eq!(
        param(&seen.request.headers()["authorization"], "nc").unwrap(),
        "0000001a"
    );
}

#[tokio::test]
async fn a_preset_is_checked_before_anything_is_sent() {
    for preset in [
        Preset::new().realm("a\nb"),
        Preset::new().nonce(""),
        Preset::new().nonce_count(0),
        Preset::new().client_nonce("\u{7f}"),
    ] {
        assert_eq!(
            digest().preset(preset).unwrap_err().kind(),
            ErrorKind::Configuration
        );
    }
    let weak = Preset::new().realm("r").nonce("n");
    let digest = digest().preset(weak).unwrap().require_qop(true);
    let wire = script(&[]);
    let error = wire.get(&Arc::new(digest)).await.unwrap_err();
    assert_eq!((error.kind(), wire.hits()), (ErrorKind::Configuration, 0));
}

#[tokio::test]
async fn without_the_retry_the_next_request_answers() {
    let wire = script(&[challenged(N1)]);
    let once = Arc::new(Once(digest()));
    assert_eq!(wire.get(&once).await.unwrap().status(), 401);
    assert_eq!(wire.hits(), 1);
    assert_eq!(wire.get(&once).await.unwrap().status(), 200);
    assert_eq!(
        nonce_and_count(&wire.credentials(1).unwrap()),
        ("n1".into(), "00000001".into())
    );
}

#[tokio::test]
async fn without_the_retry_a_stale_nonce_is_replaced_for_the_next_request() {
    let stale = N1.replace("n1", "n2") + ", stale=true";
    let wire = script(&[challenged(N1), status(200), challenged(&stale)]);
    let once = Arc::new(Once(digest()));
    for status in [401, 200, 401, 200] {
        assert_eq!(wire.get(&once).await.unwrap().status(), status);
    }
    assert_eq!(
        nonce_and_count(&wire.credentials(3).unwrap()),
        ("n2".into(), "00000001".into())
    );
}

#[tokio::test]
async fn in_a_choice_it_answers_what_it_can() {
    let choice = |digest| Arc::new(AnyOf::new([Any::new(digest)]));
    let line = format!("Basic realm=\"b\", {N1}");
    let (wire, any) = (script(&[challenged(&line)]), choice(digest()));
    for _ in 0..3 {
        assert_eq!(wire.get(&any).await.unwrap().status(), 200);
    }
    assert_eq!(wire.hits(), 4);
    let wire = script(&[challenged(&line)]);
    let pinned = choice(digest().min_algorithm(Algorithm::Sha256));
    assert_eq!(wire.get(&pinned).await.unwrap().status(), 401);
    assert_eq!(wire.hits(), 1);
}

#[tokio::test]
async fn no_secret_is_shown() {
    let digest = Digest::new("alice", "sesame-canary").unwrap();
    let digest = digest.preset(Preset::new().realm("r").nonce("n")).unwrap();
    let (head, ()) = Request::get("http://h/").body(()).unwrap().into_parts();
    let exchange = digest
        .begin(countersign_core::Cx::new(&head, None))
        .await
        .unwrap();
    let shown = format!("{digest:?} {digest:#?} {exchange:?}");
    assert!(!shown.contains("canary"), "{shown}");
}
