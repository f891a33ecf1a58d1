//! What the client remembers and when it answers again, against a peer that is a closure.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use std::sync::Arc;

use bytes::Bytes;
use countersign_core::{ErrorKind, Settings};
use countersign_digest::Digest;
use http::{HeaderValue, Response};
use support::{Wire, alice, challenged, get, informed, param, refusal, status};

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

#[tokio::test]
async fn a_403_is_answered_only_with_a_digest_challenge() {
    let wire = script(&[refusal(403, &[N1.as_bytes()])]);
    assert_eq!(wire.get(&alice()).await.unwrap().status(), 200);
    for response in [
        status(403),
        refusal(403, &[b"Basic realm=\"r\""]),
        status(500),
    ] {
        let wire = script(std::slice::from_ref(&response));
        assert_eq!(
            wire.get(&alice()).await.unwrap().status(),
            response.status()
        );
        assert_eq!(wire.hits(), 1);
    }
    let wire = script(&[{
        let mut answer = challenged(N1);
        *answer.status_mut() = http::StatusCode::OK;
        answer
    }]);
    wire.get(&alice()).await.unwrap();
    assert_eq!(wire.hits(), 1);
}

#[tokio::test]
async fn later_requests_use_the_nonce_with_hexadecimal_counts() {
    let (wire, digest) = (script(&[challenged(N1)]), alice());
    for _ in 0..20 {
        wire.get(&digest).await.unwrap();
    }
    assert_eq!(wire.hits(), 21);
    for n in 1..=20 {
        let (nonce, count) = nonce_and_count(&wire.credentials(n).unwrap());
        assert_eq!((nonce.as_str(), count), ("n1", format!("{n:08x}")));
    }
}

#[tokio::test]
async fn a_nonce_is_used_at_its_own_origin_only() {
    let (wire, digest) = (script(&[challenged(N1)]), alice());
    wire.get(&digest).await.unwrap();
    for (n, uri) in [
        (2, "https://api.example/a"),
        (3, "http://api.example:8080/a"),
        (4, "http://www.api.example/a"),
    ] {
        wire.send(&digest, get(uri)).await.unwrap();
        assert!(wire.credentials(n).is_none(), "{uri}");
    }
    wire.send(&digest, get("http://API.example:80/b"))
        .await
        .unwrap();
    assert!(wire.credentials(5).is_some());
    wire.send(&digest, get("http://b:c@api.example/b"))
        .await
        .unwrap();
    assert!(wire.credentials(6).is_some());
}

/// That port is none, so what is known belongs to the origin of each client.
#[tokio::test]
async fn an_address_without_an_origin_stands_for_the_clients_own() {
    let (wire, digest) = (script(&[challenged(N1)]), alice());
    for (base, unsigned) in [("http://a.test", 0), ("http://b.test", 2)] {
        let settings = Settings::default().base(base.parse().unwrap());
        let request = get("http://c.test:65536/");
        wire.send_with(&digest, settings, request).await.unwrap();
        assert!(wire.credentials(unsigned).is_none(), "{base}");
    }
}

#[tokio::test]
async fn a_stale_nonce_is_replaced_once() {
    let stale = r#"Digest realm="r", nonce="n2", stale=True, qop="auth""#;
    let wire = script(&[challenged(N1), status(200), challenged(stale)]);
    let digest = alice();
    for _ in 0..2 {
        assert_eq!(wire.get(&digest).await.unwrap().status(), 200);
    }
    let (nonce, count) = nonce_and_count(&wire.credentials(3).unwrap());
    assert_eq!((nonce.as_str(), count.as_str()), ("n2", "00000001"));
}

#[tokio::test]
async fn a_server_that_forgot_its_nonces_is_answered_anew() {
    let other = r#"Digest realm="other", nonce="n1", qop="auth""#;
    for restarted in [N1.replace("n1", "n2"), other.to_owned()] {
        let wire = script(&[challenged(N1), status(200), challenged(&restarted)]);
        let digest = alice();
        for _ in 0..2 {
            assert_eq!(wire.get(&digest).await.unwrap().status(), 200);
        }
        assert_eq!(wire.hits(), 4);
    }
}

#[tokio::test]
async fn a_wrong_password_is_two_requests_and_the_nonce_is_forgotten() {
    let wire = Wire::new(|n, _| challenged(&N1.replace("n1", &format!("n{n}"))));
    let digest = alice();
    for hits in [2, 4] {
        assert_eq!(wire.get(&digest).await.unwrap().status(), 401);
        assert_eq!(wire.hits(), hits);
    }
    assert!(wire.credentials(2).is_none());
}

#[tokio::test]
async fn the_same_nonce_is_never_counted_anew() {
    let realm_b = N1.replace("realm=\"r\"", "realm=\"b\"").replace("n1", "nb");
    let again = [
        challenged(N1),
        status(200),
        challenged(&realm_b),
        status(200),
        challenged(N1),
    ];
    let (wire, digest) = (script(&again), alice());
    for _ in 0..3 {
        assert_eq!(wire.get(&digest).await.unwrap().status(), 200);
    }
    assert_eq!(
        nonce_and_count(&wire.credentials(5).unwrap()),
        ("n1".into(), "00000003".into())
    );
}

#[tokio::test]
async fn the_next_nonce_is_used_by_the_next_request() {
    for algorithm in ["MD5", "SHA-256-sess"] {
        let line = N1.replace("qop", &format!("algorithm={algorithm}, qop"));
        let wire = script(&[challenged(&line), informed("nextnonce=\"n2\"")]);
        let digest = alice();
        for _ in 0..3 {
            wire.get(&digest).await.unwrap();
        }
        assert_eq!(
            nonce_and_count(&wire.credentials(2).unwrap()),
            ("n2".into(), "00000001".into())
        );
        assert_eq!(
            nonce_and_count(&wire.credentials(3).unwrap()),
            ("n2".into(), "00000002".into())
        );
    }
}

#[tokio::test]
async fn a_proof_that_was_asked_for_must_be_there() {
    let digest = || Arc::new(digest().verify_rspauth(true));
    for answer in [
        status(200),
        informed("nextnonce=\"n2\""),
        informed("rspauth=\"00\", qop=auth-int"),
    ] {
        let wire = script(&[challenged(N1), answer]);
        let error = wire.get(&digest()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ServerAuthentication);
    }
    let unchallenged = script(&[]).get(&digest()).await.unwrap_err();
    assert_eq!(unchallenged.kind(), ErrorKind::ServerAuthentication);
    let refused = script(&[challenged(N1), challenged(N1)])
        .get(&digest())
        .await
        .unwrap();
    assert_eq!(refused.status(), 401);
}

#[tokio::test]
async fn a_next_nonce_beside_a_wrong_proof_is_not_used() {
    let wrong = informed("nextnonce=\"n2\", rspauth=\"00\"");
    let (wire, digest) = (script(&[challenged(N1), wrong]), alice());
    wire.get(&digest).await.unwrap();
    wire.get(&digest).await.unwrap();
    assert_eq!(
        nonce_and_count(&wire.credentials(2).unwrap()),
        ("n1".into(), "00000002".into())
    );
}
