//! Many requests at once: one challenge for all, and no count twice.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use countersign_core::{Cx, Exchange, Leg, Next, Payload, Scheme};
use countersign_digest::{Algorithm, Digest, DigestExchange, Qop};
use http::{Request, request};
use support::{Wire, alice, challenged, param, status, verifier};
use tokio::task::JoinHandle;
use tokio::time::timeout;

const N1: &str = r#"Digest realm="r", nonce="n1", qop="auth""#;

async fn soon<T>(future: impl Future<Output = T>) -> T {
    timeout(Duration::from_secs(30), future)
        .await
        .expect("it hangs")
}

fn spawn_all(count: usize, wire: &Wire, digest: &Arc<Digest>) -> Vec<JoinHandle<u16>> {
    let one = || {
        let (wire, digest) = (wire.clone(), Arc::clone(digest));
        tokio::spawn(async move { wire.get(&digest).await.unwrap().status().as_u16() })
    };
    (0..count).map(|_| one()).collect()
}

async fn all_are(expected: u16, tasks: Vec<JoinHandle<u16>>) {
    for task in tasks {
        assert_eq!(soon(task).await.unwrap(), expected);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_four_cold_requests_are_sixty_five_hits() {
    for algorithm in Algorithm::ALL {
        for qop in [Qop::Auth, Qop::AuthInt] {
            let server = verifier()
                .algorithms([algorithm])
                .qop([qop])
                .build()
                .unwrap();
            let wire = Wire::guarded(server);
            all_are(200, spawn_all(64, &wire, &alice())).await;
            assert_eq!(wire.hits(), 65, "{algorithm} {qop:?}");
        }
    }
}

#[tokio::test]
async fn a_hundred_requests_in_turn_are_a_hundred_and_one_hits() {
    for algorithm in Algorithm::ALL {
        let wire = Wire::guarded(verifier().algorithms([algorithm]).build().unwrap());
        let digest = alice();
        for _ in 0..100 {
            assert_eq!(wire.get(&digest).await.unwrap().status(), 200);
        }
        assert_eq!(wire.hits(), 101, "{algorithm}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ten_thousand_requests_share_a_nonce_and_no_count() {
    let wire = Wire::new(|n, _| if n == 0 { challenged(N1) } else { status(200) });
    all_are(200, spawn_all(10_000, &wire, &alice())).await;
    let counts: HashSet<u32> = (1..=10_000)
        .map(|n| param(&wire.credentials_of(n), "nc").unwrap())
        .map(|nc| u32::from_str_radix(&nc, 16).unwrap())
        .collect();
    assert_eq!(counts.len(), 10_000);
    assert_eq!(counts.iter().max(), Some(&10_000));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_one_of_a_thousand_is_accepted_on_one_nonce() {
    let wire = Wire::guarded(verifier().build().unwrap());
    let digest = alice();
    all_are(200, spawn_all(1000, &wire, &digest)).await;
    assert!(wire.hits() < 2001, "{}", wire.hits());
}

fn head(uri: &str) -> request::Parts {
    Request::get(uri).body(()).unwrap().into_parts().0
}

type Waiting = JoinHandle<DigestExchange>;

/// One request that goes ahead, and others that wait for it.
async fn led(digest: &Arc<Digest>, followers: usize) -> (DigestExchange, Vec<Waiting>) {
    let leader = digest
        .begin(Cx::new(&head("http://h/"), None))
        .await
        .unwrap();
    assert_eq!(leader.plan(), Leg::Doubtful);
    let follow = || {
        let begin = digest.begin(Cx::new(&head("http://h/"), None));
        tokio::spawn(async { begin.await.unwrap() })
    };
    let waiting: Vec<_> = (0..followers).map(|_| follow()).collect();
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert!(waiting.iter().all(|task| !task.is_finished()));
    (leader, waiting)
}

async fn all_plan(leg: Leg, waiting: Vec<Waiting>) {
    for task in waiting {
        assert_eq!(soon(task).await.unwrap().plan(), leg);
    }
}

#[tokio::test]
async fn the_others_are_signed_as_soon_as_the_challenge_is_known() {
    let digest = alice();
    let (mut leader, waiting) = led(&digest, 8).await;
    leader
        .prepare(&mut head("http://h/"), &mut Payload::default())
        .unwrap();
    let (refused, _) = challenged(N1).into_parts();
    assert_eq!(leader.receive(&refused).unwrap(), Next::Again);
    all_plan(Leg::Tentative, waiting).await;
    drop(leader);
}

#[tokio::test]
async fn the_others_go_on_if_the_first_is_dropped() {
    let digest = alice();
    let (leader, waiting) = led(&digest, 8).await;
    drop(leader);
    all_plan(Leg::Doubtful, waiting).await;
    let (leader, waiting) = led(&digest, 1).await;
    drop(leader);
    all_plan(Leg::Doubtful, waiting).await;
}

/// A server may give everyone the same nonce.
#[tokio::test]
async fn requests_that_learn_the_same_nonce_apart_share_its_counts() {
    let digest = alice();
    let (leader, waiting) = led(&digest, 8).await;
    drop(leader);
    let mut exchanges = Vec::new();
    for task in waiting {
        exchanges.push(soon(task).await.unwrap());
    }
    let mut counts = HashSet::new();
    for line in [N1.to_owned(), N1.replace("n1", "n2") + ", stale=true"] {
        let (refused, _) = challenged(&line).into_parts();
        for exchange in &mut exchanges {
            assert_eq!(exchange.receive(&refused).unwrap(), Next::Again);
            let mut head = head("http://h/");
            exchange
                .prepare(&mut head, &mut Payload::default())
                .unwrap();
            let header = &head.headers["authorization"];
            assert!(counts.insert((param(header, "nonce"), param(header, "nc"))));
        }
    }
    assert_eq!(counts.len(), 16);
}

#[tokio::test]
async fn the_others_go_on_if_the_first_is_not_challenged() {
    for answer in [status(200), status(401), challenged("Basic realm=\"b\"")] {
        let digest = alice();
        let (mut leader, waiting) = led(&digest, 8).await;
        leader
            .prepare(&mut head("http://h/"), &mut Payload::default())
            .unwrap();
        assert_eq!(leader.receive(&answer.into_parts().0).unwrap(), Next::Done);
        all_plan(Leg::Doubtful, waiting).await;
        for _ in 0..2 {
            let cold = soon(digest.begin(Cx::new(&head("http://h/"), None)))
                .await
                .unwrap();
            assert_eq!(cold.plan(), Leg::Doubtful);
            std::mem::forget(cold);
        }
    }
}

#[tokio::test]
async fn another_origin_waits_for_nobody() {
    let digest = alice();
    let (_leader, waiting) = led(&digest, 1).await;
    let other = soon(digest.begin(Cx::new(&head("https://h/"), None)))
        .await
        .unwrap();
    assert_eq!(other.plan(), Leg::Doubtful);
    assert!(!waiting[0].is_finished());
}

/// A request that was made and never polled must not hold up another one.
#[tokio::test]
async fn an_unpolled_request_leads_nobody() {
    let digest = alice();
    let unpolled = digest.begin(Cx::new(&head("http://h/"), None));
    soon(digest.begin(Cx::new(&head("http://h/"), None)))
        .await
        .unwrap();
    drop(unpolled);
}

#[tokio::test]
async fn followers_that_are_dropped_harm_nobody() {
    let digest = alice();
    let (leader, mut waiting) = led(&digest, 8).await;
    for task in waiting.drain(..4) {
        task.abort();
    }
    drop(leader);
    all_plan(Leg::Doubtful, waiting).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_expired_nonce_costs_each_request_one_more_at_most() {
    let hands = support::Hands::default();
    let wire = Wire::guarded(verifier().sources(hands.sources()).build().unwrap());
    let digest = alice();
    wire.get(&digest).await.unwrap();
    hands.set(1000);
    all_are(200, spawn_all(100, &wire, &digest)).await;
    assert!(wire.hits() <= 202, "{}", wire.hits());
    let before = wire.hits();
    wire.get(&digest).await.unwrap();
    assert_eq!(wire.hits(), before + 1);
}

#[tokio::test]
async fn the_origins_that_are_remembered_are_bounded() {
    let wire = Wire::new(
        |_, request| match request.headers().contains_key("authorization") {
            true => status(200),
            false => challenged(N1),
        },
    );
    let digest = alice();
    for port in 1..=1025 {
        let request = support::get(&format!("http://h:{port}/"));
        assert_eq!(wire.send(&digest, request).await.unwrap().status(), 200);
    }
    let before = wire.hits();
    wire.send(&digest, support::get("http://h:1025/"))
        .await
        .unwrap();
    assert_eq!(wire.hits(), before + 1);
    wire.send(&digest, support::get("http://h:1/"))
        .await
        .unwrap();
    assert_eq!(wire.hits(), before + 3);
}
