//! One flight for all who wait.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use std::time::Duration;

use countersign_token::{Manager, RefusedKind};
use tokio::task::JoinSet;

use self::support::{Client, Mishap, TestClock, access, stored_refresh};

async fn callers(manager: &Manager, number: usize) -> Vec<Result<String, RefusedKind>> {
    let mut tasks = JoinSet::new();
    for _ in 0..number {
        let manager = manager.clone();
        tasks.spawn(async move { access(&manager).await.map_err(|refused| refused.kind()) });
    }
    tasks.join_all().await
}

async fn expired(client: &Client, clock: &TestClock) -> Manager {
    let (manager, _) = client.fresh();
    access(&manager).await.unwrap();
    client.server(|server| server.delay = Duration::from_millis(50));
    clock.pass(3601);
    manager
}

async fn one_refresh_for(number: usize) {
    let clock = TestClock::new();
    let client = Client::new(&clock);
    let manager = expired(&client, &clock).await;
    let got = callers(&manager, number).await;
    assert_eq!(got, vec![Ok("A2".to_owned()); number]);
    assert_eq!(client.server(|server| server.refreshes), 1);
    assert_eq!(client.server(|server| server.requests()), 2);
}

async fn one_failure_for(number: usize) {
    let clock = TestClock::new();
    let client = Client::new(&clock);
    let manager = expired(&client, &clock).await;
    client.fail(RefusedKind::Unavailable);
    let got = callers(&manager, number).await;
    assert_eq!(got, vec![Err(RefusedKind::Unavailable); number]);
    assert_eq!(client.server(|server| server.requests()), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_callers_cost_one_refresh() {
    one_refresh_for(1000).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_callers_cost_one_refresh() {
    one_refresh_for(10_000).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_callers_share_one_failure() {
    one_failure_for(1000).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_callers_share_one_failure() {
    one_failure_for(10_000).await;
}

#[tokio::test]
async fn a_caller_that_is_dropped_stops_nothing() {
    let clock = TestClock::new();
    let client = Client::new(&clock);
    let (manager, store) = client.fresh();
    client.server(|server| server.delay = Duration::from_millis(20));
    let caller = tokio::time::timeout(Duration::from_millis(5), manager.token());
    assert!(caller.await.is_err());
    assert_eq!(access(&manager).await.unwrap(), "A1");
    assert_eq!(client.server(|server| server.requests()), 1);
    assert_eq!(stored_refresh(&store, &client.key).await.unwrap(), "R1");
}

#[tokio::test]
async fn what_nobody_waits_for_any_more_is_finished_and_stored() {
    let clock = TestClock::new();
    let client = Client::new(&clock);
    let (manager, _) = client.fresh();
    client.server(|server| server.delay = Duration::from_millis(10));
    let caller = tokio::time::timeout(Duration::from_millis(1), manager.token());
    assert!(caller.await.is_err());
    support::until(|| manager.held().is_some()).await;
}

/// Pseudo-random and the same each time.
fn next(seed: &mut u64) -> u64 {
    *seed = seed
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    *seed >> 33
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_cancellations_lose_no_refresh_token() {
    let clock = TestClock::new();
    let client = Client::new(&clock);
    let (manager, store) = client.fresh();
    client.server(|server| server.delay = Duration::from_micros(400));
    let (mut seed, mut cancelled) = (1, 0);
    while cancelled < 10_000 {
        clock.pass(3601);
        let mut tasks = JoinSet::new();
        for _ in 0..50 {
            let (manager, turns) = (manager.clone(), next(&mut seed) % 40);
            let patience = Duration::from_micros(turns * 50);
            tasks.spawn(async move {
                let token = manager.token();
                tokio::time::timeout(patience, token).await.is_err()
            });
        }
        cancelled += tasks.join_all().await.iter().filter(|gone| **gone).count();
    }
    client.server(|server| server.delay = Duration::ZERO);
    clock.pass(3601);
    let last = access(&manager).await.unwrap();
    let (current, refreshes) = client.server(|server| (server.current, server.refreshes));
    assert_eq!(last, format!("A{current}"));
    assert_eq!(refreshes, current - 1);
    assert_eq!(client.server(|server| server.invalid_grants), 0);
    let stored = stored_refresh(&store, &client.key).await;
    assert_eq!(stored.unwrap(), format!("R{current}"));
}

#[tokio::test]
async fn a_source_that_panics_is_an_error_and_the_next_caller_asks_again() {
    let clock = TestClock::new();
    let client = Client::new(&clock);
    let (manager, _) = client.fresh();
    client.mishap(Mishap::Panic);
    let got = callers(&manager, 10).await;
    assert_eq!(got, vec![Err(RefusedKind::Stopped); 10]);
    assert_eq!(access(&manager).await.unwrap(), "A1");
}

#[test]
fn a_runtime_that_is_shut_down_leaves_the_manager_usable_on_another() {
    let clock = TestClock::new();
    let client = Client::new(&clock);
    let (manager, _) = client.fresh();
    client.server(|server| server.delay = Duration::from_secs(60));
    let runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap()
    };
    let first = runtime();
    let patience = Duration::from_millis(5);
    let caller = first.block_on(async { tokio::time::timeout(patience, manager.token()).await });
    assert!(caller.is_err());
    let waiting = std::thread::spawn({
        let manager = manager.clone();
        move || runtime().block_on(access(&manager)).unwrap_err().kind()
    });
    std::thread::sleep(Duration::from_millis(20));
    drop(first);
    assert_eq!(waiting.join().unwrap(), RefusedKind::Stopped);
    client.server(|server| server.delay = Duration::ZERO);
    assert_eq!(runtime().block_on(access(&manager)).unwrap(), "A1");
}

#[test]
fn without_a_runtime_it_is_an_error() {
    let (manager, _) = Client::new(&TestClock::new()).fresh();
    let waker = std::task::Waker::noop();
    let mut cx = std::task::Context::from_waker(waker);
    let mut token = std::pin::pin!(manager.token());
    let std::task::Poll::Ready(Err(refused)) = token.as_mut().poll(&mut cx) else {
        panic!("it waits for a runtime");
    };
    assert_eq!(refused.kind(), RefusedKind::Configuration);
}
