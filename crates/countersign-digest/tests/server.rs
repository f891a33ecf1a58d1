//! The server, against credentials written by hand.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use std::collections::HashSet;
use std::sync::Arc;

use bytes::Bytes;
use countersign_core::challenge::parse_params;
use countersign_core::verify::{AnyVerifier, Verdict, Verify, any_of};
use countersign_core::{
    Begin, Error, ErrorKind, MemoryGuard, Payload, ReplayGuard, Secret, Use, Used,
};
use countersign_digest::{Account, Algorithm, DigestVerifier, MemoryAccounts, Qop};
use http::{HeaderValue, Request, Response};
use support::forge::{Forge, is_stale};
use support::{Hands, param, parsed, serve, verifier};

fn challenges(response: &Response<Bytes>) -> Vec<HeaderValue> {
    response
        .headers()
        .get_all("www-authenticate")
        .iter()
        .cloned()
        .collect()
}

async fn unauthenticated(server: &DigestVerifier) -> Response<Bytes> {
    serve(server, Request::new(Bytes::new())).await
}

#[tokio::test]
async fn it_offers_sha_256_then_md5_unless_told_otherwise() {
    let response = unauthenticated(&verifier().build().unwrap()).await;
    let offered = challenges(&response);
    let names: Vec<_> = offered
        .iter()
        .map(|line| param(line, "algorithm").unwrap())
        .collect();
    assert_eq!(names, ["SHA-256", "MD5"]);
    for line in &offered {
        assert_eq!(param(line, "qop").unwrap(), "auth");
        assert_eq!(param(line, "realm").unwrap(), "r");
        assert_eq!(param(line, "charset").unwrap(), "UTF-8");
        assert!(parsed(line).param("stale").is_none() && parsed(line).param("userhash").is_none());
    }
    let other = verifier()
        .algorithms([Algorithm::Sha512])
        .qop([Qop::Auth, Qop::AuthInt])
        .userhash(true);
    let offered = challenges(&unauthenticated(&other.build().unwrap()).await);
    assert_eq!(offered.len(), 1);
    assert_eq!(param(&offered[0], "algorithm").unwrap(), "SHA-512");
    assert_eq!(param(&offered[0], "qop").unwrap(), "auth, auth-int");
    assert_eq!(param(&offered[0], "userhash").unwrap(), "true");
}

#[tokio::test]
async fn no_nonce_occurs_twice() {
    let server = verifier().build().unwrap();
    let mut seen = HashSet::new();
    for _ in 0..1000 {
        for line in challenges(&unauthenticated(&server).await) {
            assert!(seen.insert(param(&line, "nonce").unwrap()));
        }
    }
}

#[tokio::test]
async fn right_credentials_are_accepted_once() {
    let server = verifier().build().unwrap();
    let right = Forge::right(&server).await;
    let response = right.show(&server).await;
    assert_eq!(
        (response.status().as_u16(), &response.body()[..]),
        (200, &b"hello alice"[..])
    );
    let replayed = right.show(&server).await;
    assert_eq!(replayed.status(), 401);
    assert!(!is_stale(&replayed));
}

#[tokio::test]
async fn a_nonce_holds_for_one_algorithm() {
    let server = verifier().build().unwrap();
    let mut forge = Forge::right(&server).await;
    forge.algorithm = Some("MD5");
    assert_eq!(forge.show(&server).await.status(), 401);
}

#[tokio::test]
async fn a_nonce_lives_for_five_minutes() {
    let hands = Hands::default();
    hands.set(1000);
    let server = verifier().sources(hands.sources()).build().unwrap();
    let mut forge = Forge::right(&server).await;
    for (now, nc, accepted) in [(1300, 1, true), (1301, 2, false), (0, 3, true)] {
        hands.set(now);
        forge.nc = format!("{nc:08x}");
        let response = forge.show(&server).await;
        assert_eq!(response.status() == 200, accepted, "{now}");
        assert_eq!(is_stale(&response), !accepted, "{now}");
    }
}

#[tokio::test]
async fn a_nonce_near_its_end_is_followed_by_another() {
    let hands = Hands::default();
    let server = verifier().sources(hands.sources()).build().unwrap();
    let mut forge = Forge::right(&server).await;
    let early = forge.show(&server).await;
    let info = parse_params(&early.headers()["authentication-info"]).unwrap();
    assert!(info.get("nextnonce").is_none());
    assert_eq!(info.text("nc"), Some("00000001"));
    assert_eq!(
        (info.text("qop"), info.text("cnonce")),
        (Some("auth"), Some("c0ffee"))
    );
    hands.set(241);
    forge.nc = "00000002".into();
    let late = forge.show(&server).await;
    let info = parse_params(&late.headers()["authentication-info"]).unwrap();
    let next = Forge {
        nonce: info.text("nextnonce").unwrap().into(),
        ..forge
    };
    hands.set(500);
    assert_eq!(next.show(&server).await.status(), 200);
}

#[tokio::test]
async fn a_client_of_rfc_2069_needs_leave_and_a_fresh_nonce() {
    let legacy = |forge: Forge| Forge { qop: None, ..forge };
    let strict = verifier().build().unwrap();
    assert_eq!(
        legacy(Forge::right(&strict).await)
            .show(&strict)
            .await
            .status(),
        401
    );
    let server = verifier().allow_rfc2069(true).build().unwrap();
    let forge = legacy(Forge::right(&server).await);
    let first = forge.show(&server).await;
    assert_eq!(first.status(), 200);
    assert!(is_stale(&forge.show(&server).await));
    let info = parse_params(&first.headers()["authentication-info"]).unwrap();
    let next = Forge {
        nonce: info.text("nextnonce").unwrap().into(),
        ..forge.clone()
    };
    assert_eq!(next.show(&server).await.status(), 200);
    let counted = Forge {
        qop: Some("auth"),
        ..forge
    };
    assert!(is_stale(&counted.show(&server).await));
}

#[tokio::test]
async fn an_unknown_user_is_answered_like_a_wrong_password() {
    let server = verifier().build().unwrap();
    let right = Forge::right(&server).await;
    let wrong = Forge {
        password: "guess".into(),
        ..right.clone()
    };
    let nobody = Forge {
        username: "nobody".into(),
        ..right
    };
    let [wrong, nobody] = [wrong.show(&server).await, nobody.show(&server).await];
    assert_eq!(wrong.status(), nobody.status());
    let shape = |response: &Response<Bytes>| {
        let lines = challenges(response);
        lines
            .iter()
            .map(|line| param(line, "algorithm").map(|name| (name, line.len())))
            .collect::<Vec<_>>()
    };
    assert_eq!(shape(&wrong), shape(&nobody));
    assert_eq!(wrong.headers().len(), nobody.headers().len());
}

#[tokio::test]
async fn malformed_counts_and_names_are_400() {
    let server = verifier().build().unwrap();
    let right = Forge::right(&server).await;
    for nc in ["1", "0000000g", "0000000A", "00000000", "000000001"] {
        let forge = Forge {
            nc: nc.into(),
            ..right.clone()
        };
        assert_eq!(forge.show(&server).await.status(), 400, "{nc}");
    }
    for extra in [", username*=UTF-8''a%00b", ", userhash=true"] {
        let header = right
            .header()
            .replace("username=\"alice\"", "username*=UTF-8''alice")
            + extra;
        assert_eq!(
            support::forge::show(&server, &header).await.status(),
            400,
            "{extra}"
        );
    }
    let header = right
        .header()
        .replace("username=\"alice\"", "username*=utf-8'en'%61lice");
    assert_eq!(support::forge::show(&server, &header).await.status(), 200);
}

#[tokio::test]
async fn only_the_right_realm_and_target_form_pass() {
    let server = verifier().build().unwrap();
    let right = Forge::right(&server).await;
    let realm = Forge {
        realm: "other".into(),
        ..right.clone()
    };
    assert_eq!(realm.show(&server).await.status(), 401);
    for uri in ["/public?", "/Public", "/%70ublic", "/public#f", ""] {
        let forge = Forge {
            uri: uri.into(),
            ..right.clone()
        };
        assert_eq!(forge.show(&server).await.status(), 400, "{uri}");
    }
}

#[tokio::test]
async fn a_full_guard_is_503_and_a_broken_one_too() {
    let full = Arc::new(MemoryGuard::new(1));
    let server = verifier().guard(full).build().unwrap();
    assert_eq!(
        Forge::right(&server).await.show(&server).await.status(),
        200
    );
    let second = Forge::right(&server).await.show(&server).await;
    assert_eq!(second.status(), 503);
    let server = verifier().guard(Arc::new(Down)).build().unwrap();
    assert_eq!(
        Forge::right(&server).await.show(&server).await.status(),
        503
    );
}

struct Down;

impl ReplayGuard for Down {
    fn record(&self, _: Use<'_>) -> Begin<Used> {
        Begin::failed(Error::new(ErrorKind::Fetch, "down"))
    }
}

#[tokio::test]
async fn a_judgement_that_is_dropped_spends_nothing() {
    let server = verifier().build().unwrap();
    let right = Forge::right(&server).await;
    let request = Request::get("/public").header("authorization", right.header());
    let (head, ()) = request.body(()).unwrap().into_parts();
    drop(server.verify(&head, &Payload::default()));
    assert_eq!(right.show(&server).await.status(), 200);
}

#[test]
fn what_cannot_work_is_not_built() {
    let bad = [
        verifier().algorithms([]),
        verifier().qop([]),
        verifier().key("too short"),
        verifier().nonce_lifetime(std::time::Duration::from_millis(900)),
        DigestVerifier::builder("a\nb", MemoryAccounts::new("a\nb")),
    ];
    for builder in bad {
        assert_eq!(
            builder.build().unwrap_err().kind(),
            ErrorKind::Configuration
        );
    }
}

#[tokio::test]
async fn other_schemes_are_missing_and_compose() {
    let server = verifier().build().unwrap();
    let request = || Request::get("/public").header("authorization", "Basic YTpi");
    assert_eq!(
        serve(&server, request().body(Bytes::new()).unwrap())
            .await
            .status(),
        401
    );
    let accounts = MemoryAccounts::new("s")
        .password("alice", "sesame")
        .unwrap();
    let other = DigestVerifier::builder("s", accounts).build().unwrap();
    let both = any_of([
        AnyVerifier::new(server),
        AnyVerifier::new(other.map(|name| name + "@s")),
    ]);
    let (head, ()) = request().body(()).unwrap().into_parts();
    match both.verify(&head, &Payload::default()).await.unwrap() {
        Verdict::Refuse(refusal) => assert_eq!(refusal.challenges.len(), 4),
        Verdict::Accept(_) => panic!("it has no Digest credentials"),
    }
}

#[tokio::test]
async fn no_secret_is_shown() {
    let accounts = MemoryAccounts::new("r")
        .password("alice", "sesame-canary")
        .unwrap();
    let ha1 = Algorithm::Md5.ha1("alice", "r", &Secret::from("sesame-canary"));
    let account = Account::with_password("alice", "sesame-canary");
    let builder = DigestVerifier::builder("r", accounts.clone()).key("canary-canary-canary");
    let shown = format!(
        "{accounts:?} {account:?} {builder:?} {:?}",
        builder_debug(&accounts)
    );
    assert!(
        !shown.contains("canary") && !shown.contains(ha1.expose_str().unwrap()),
        "{shown}"
    );
}

fn builder_debug(accounts: &MemoryAccounts) -> DigestVerifier {
    DigestVerifier::builder("r", accounts.clone())
        .key("canary-canary-canary")
        .build()
        .unwrap()
}
