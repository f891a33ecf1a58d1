//! The server accepts what the client sends, and nothing that was changed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use countersign_core::verify::Verify;
use countersign_core::{Begin, Payload, ReplayGuard, Use, Used};
use countersign_digest::{Algorithm, Digest, DigestVerifier, MemoryAccounts, Qop};
use http::{HeaderValue, Method, Request};
use support::{Wire, alice, get, post, serve, verifier};

const QOPS: [Option<Qop>; 3] = [Some(Qop::Auth), Some(Qop::AuthInt), None];

fn client() -> Arc<Digest> {
    Arc::new(Digest::new("alice", "sesame").unwrap().verify_rspauth(true))
}

fn server(algorithm: Algorithm, qop: Qop) -> DigestVerifier {
    verifier()
        .algorithms([algorithm])
        .qop([qop])
        .build()
        .unwrap()
}

/// A server that knows nothing later than RFC 2069: `qop` is taken out of its challenges.
fn legacy(algorithm: Algorithm) -> Wire {
    let server = verifier()
        .algorithms([algorithm])
        .allow_rfc2069(true)
        .build()
        .unwrap();
    Wire::guarded_by(server, |response| {
        if let Some(line) = response.headers().get("www-authenticate") {
            let line = line.to_str().unwrap().replace("qop=\"auth\", ", "");
            response
                .headers_mut()
                .insert("www-authenticate", line.parse().unwrap());
        }
    })
}

#[tokio::test]
async fn every_algorithm_with_every_qop() {
    for algorithm in Algorithm::ALL {
        for qop in QOPS {
            let wire = match qop {
                Some(qop) => Wire::guarded(server(algorithm, qop)),
                None => legacy(algorithm),
            };
            let client = client();
            for n in 0..3 {
                let request = post("http://api.example/a?b=c", "body");
                let response = wire.send(&client, request).await.unwrap();
                assert_eq!(
                    &response.body()[..],
                    b"hello alice",
                    "{algorithm} {qop:?} {n}"
                );
            }
            assert_eq!(wire.hits(), 4, "{algorithm} {qop:?}");
        }
    }
}

#[tokio::test]
async fn names_and_passwords_of_all_kinds() {
    for (name, password) in [
        ("", ""),
        ("q\"uo\\te", "a:b:c"),
        ("J\u{e4}s\u{f8}n Doe", "p\u{e4}ss \u{20ac}"),
        ("name;colon, comma", "\u{1f511}"),
    ] {
        for userhash in [false, true] {
            let realm = "re\"al\\m \u{e9}";
            let accounts = MemoryAccounts::new(realm).password(name, password).unwrap();
            let server = DigestVerifier::builder(realm, accounts)
                .userhash(userhash)
                .build()
                .unwrap();
            let digest = Arc::new(Digest::new(name, password).unwrap().verify_rspauth(true));
            let wire = Wire::guarded(server);
            let response = wire.get(&digest).await.unwrap();
            assert_eq!(
                response.body(),
                &format!("hello {name}"),
                "{name} {userhash}"
            );
            let header = format!(
                "{:?}",
                wire.credentials(1).unwrap().as_bytes().escape_ascii()
            );
            assert!(!userhash || name.is_empty() || !header.contains(name));
        }
    }
}

#[tokio::test]
async fn targets_as_they_are_sent() {
    for uri in [
        "http://h",
        "http://h/?",
        "http://h//a/..\"\\/b%2F%zz?x='y",
        "http://h:8080/*",
    ] {
        let wire = Wire::guarded(verifier().build().unwrap());
        let response = wire.send(&alice(), get(uri)).await.unwrap();
        assert_eq!(response.status(), 200, "{uri}");
    }
}

/// A request that the client signed for the server, not yet shown to it.
async fn signed(server: &DigestVerifier, body: &'static str) -> Request<Bytes> {
    let first = serve(server, Request::new(Bytes::new())).await;
    let wire = Wire::new(move |n, _| {
        if n == 0 {
            first.clone()
        } else {
            support::status(200)
        }
    });
    wire.send(&alice(), post("/a?b=c", body)).await.unwrap();
    wire.seen().pop().unwrap()
}

/// Takes every use for the first one, so that nothing is refused as a replay.
struct Forgetful;

impl ReplayGuard for Forgetful {
    fn record(&self, _: Use<'_>) -> Begin<Used> {
        Begin::ready(Used::First)
    }
}

#[tokio::test]
async fn one_changed_byte_is_refused() {
    for algorithm in Algorithm::ALL {
        let server = verifier().algorithms([algorithm]).qop([Qop::AuthInt]);
        let server = server.guard(Arc::new(Forgetful)).build().unwrap();
        let request = signed(&server, "body").await;
        let header = request.headers()["authorization"].to_str().unwrap();
        let default = redundant(algorithm, header);
        for at in ("Digest ".len()..header.len()).filter(|at| !default.contains(at)) {
            let mut changed = header.as_bytes().to_vec();
            changed[at] ^= 1;
            let mut forged = request.clone();
            let value = HeaderValue::from_bytes(&changed).unwrap();
            forged.headers_mut().insert("authorization", value);
            let status = serve(&server, forged).await.status().as_u16();
            assert!(matches!(status, 400 | 401), "{algorithm} {at}: {status}");
        }
        assert_eq!(serve(&server, request).await.status(), 200, "{algorithm}");
    }
}

/// Where a change goes unnoticed because what it hides is the default.
fn redundant(algorithm: Algorithm, header: &str) -> Range<usize> {
    let name = " algorithm=";
    match (algorithm, header.find(name)) {
        (Algorithm::Md5, Some(start)) => start..start + name.len() - 1,
        _ => 0..0,
    }
}

#[tokio::test]
async fn a_changed_method_target_or_body_is_refused() {
    let server = server(Algorithm::Sha256, Qop::AuthInt);
    let request = signed(&server, "body").await;
    let mut method = request.clone();
    *method.method_mut() = Method::PUT;
    let mut body = request.clone();
    *body.body_mut() = Bytes::from_static(b"bodY");
    let mut target = request.clone();
    *target.uri_mut() = "/a?b=d".parse().unwrap();
    for (changed, status) in [(method, 401), (body, 401), (target, 400), (request, 200)] {
        assert_eq!(serve(&server, changed).await.status(), status);
    }
}

#[tokio::test]
async fn a_captured_request_is_accepted_once_in_a_hundred() {
    let server = server(Algorithm::Sha256, Qop::Auth);
    let request = signed(&server, "").await;
    let tasks: Vec<_> = (0..100)
        .map(|_| {
            let (server, request) = (server.clone(), request.clone());
            tokio::spawn(async move { serve(&server, request).await.status() == 200 })
        })
        .collect();
    let mut accepted = 0;
    for task in tasks {
        accepted += usize::from(task.await.unwrap());
    }
    assert_eq!(accepted, 1);
}

#[tokio::test]
async fn the_body_is_read_for_auth_int_alone() {
    let server = verifier().qop([Qop::Auth, Qop::AuthInt]).build().unwrap();
    let reads = |digest: Digest| {
        let server = server.clone();
        async move {
            let wire = Wire::guarded(server.clone());
            wire.send(&Arc::new(digest), post("/", "body"))
                .await
                .unwrap();
            let (head, _) = wire.seen().pop().unwrap().into_parts();
            server.reads_body(&head)
        }
    };
    let digest = || Digest::new("alice", "sesame").unwrap();
    assert!(!reads(digest()).await);
    assert!(reads(digest().prefer_auth_int(true)).await);
}

#[tokio::test]
async fn a_body_that_was_not_read_is_not_trusted() {
    let server = server(Algorithm::Sha256, Qop::AuthInt);
    let (head, _) = signed(&server, "").await.into_parts();
    let verdict = server.verify(&head, &Payload::stream(None)).await.unwrap();
    let refused = matches!(verdict, countersign_core::verify::Verdict::Refuse(_));
    assert!(refused);
}

#[tokio::test]
async fn a_tampered_answer_is_noticed() {
    for (qop, change) in [
        (Qop::Auth, "rspauth"),
        (Qop::AuthInt, "rspauth"),
        (Qop::AuthInt, "body"),
    ] {
        let wire = Wire::guarded_by(
            server(Algorithm::Sha256, qop),
            move |response| match change {
                "body" => *response.body_mut() = Bytes::from_static(b"hello mallory"),
                _ => {
                    if let Some(info) = response.headers().get("authentication-info") {
                        let info = info
                            .to_str()
                            .unwrap()
                            .replacen("rspauth=\"", "rspauth=\"0", 1);
                        response
                            .headers_mut()
                            .insert("authentication-info", info.parse().unwrap());
                    }
                }
            },
        );
        let error = wire.get(&client()).await.unwrap_err();
        assert_eq!(
            error.kind(),
            countersign_core::ErrorKind::ServerAuthentication
        );
    }
}
