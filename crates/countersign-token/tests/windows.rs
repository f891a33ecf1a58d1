//! When a token is replaced, and when nobody asks for another.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use countersign_core::{Random, Sources};
use countersign_token::{Manager, MemoryStore, RefusedKind, Settings, Windows};

use self::support::{Client, TestClock, access, until};

async fn lasting(seconds: u64) -> (TestClock, Client, Manager) {
    let clock = TestClock::new();
    let client = Client::new(&clock);
    client.server(|server| server.lifetime = Duration::from_secs(seconds));
    let (manager, _) = client.fresh();
    assert_eq!(access(&manager).await.unwrap(), "A1");
    (clock, client, manager)
}

#[tokio::test]
async fn before_the_soft_window_nobody_asks() {
    let (clock, client, manager) = lasting(3600).await;
    clock.pass(3600 - 331);
    assert_eq!(access(&manager).await.unwrap(), "A1");
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(client.server(|server| server.requests()), 1);
}

#[tokio::test]
async fn in_the_soft_window_the_old_one_serves_while_the_next_is_fetched() {
    let (clock, client, manager) = lasting(3600).await;
    client.server(|server| server.delay = Duration::from_secs(60));
    clock.pass(3600 - 269);
    for _ in 0..100 {
        assert_eq!(access(&manager).await.unwrap(), "A1");
    }
    client.server(|server| server.delay = Duration::ZERO);
    assert_eq!(client.server(|server| server.requests()), 1);
}

#[tokio::test]
async fn what_was_fetched_in_the_background_takes_over() {
    let (clock, client, manager) = lasting(3600).await;
    clock.pass(3600 - 269);
    assert_eq!(access(&manager).await.unwrap(), "A1");
    until(|| manager.held().unwrap().token().access == "A2".into()).await;
    assert_eq!(client.server(|server| server.requests()), 2);
}

#[tokio::test]
async fn in_the_hard_window_it_is_not_used() {
    let (clock, _, manager) = lasting(3600).await;
    clock.pass(3600 - 30);
    assert!(manager.held().is_none());
    assert_eq!(access(&manager).await.unwrap(), "A2");
}

#[tokio::test]
async fn one_that_lasts_less_than_the_window_is_used() {
    let (clock, client, manager) = lasting(20).await;
    clock.pass(15);
    assert_eq!(access(&manager).await.unwrap(), "A1");
    assert_eq!(client.server(|server| server.requests()), 1);
    clock.pass(3);
    assert!(manager.held().is_none());
}

#[tokio::test]
async fn one_that_is_over_when_it_comes_is_used_once() {
    let (_, client, manager) = lasting(0).await;
    assert!(manager.held().is_none());
    assert_eq!(access(&manager).await.unwrap(), "A2");
    assert_eq!(client.server(|server| server.requests()), 2);
}

#[tokio::test]
async fn a_failure_in_the_background_is_not_the_callers() {
    let (clock, client, manager) = lasting(3600).await;
    client.fail(RefusedKind::Unavailable);
    clock.pass(3600 - 269);
    assert_eq!(access(&manager).await.unwrap(), "A1");
    until(|| client.server(|server| server.failures == 1)).await;
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(access(&manager).await.unwrap(), "A1");
    assert_eq!(client.server(|server| server.requests()), 2);
    clock.pass(2);
    assert_eq!(access(&manager).await.unwrap(), "A1");
    until(|| manager.held().unwrap().token().access == "A2".into()).await;
}

#[tokio::test]
async fn a_clock_that_is_set_forward_costs_one_refresh() {
    let (clock, client, manager) = lasting(3600).await;
    clock.pass(10 * 365 * 86_400);
    for _ in 0..10 {
        assert_eq!(access(&manager).await.unwrap(), "A2");
    }
    assert_eq!(client.server(|server| server.requests()), 2);
}

#[tokio::test]
async fn a_clock_that_is_set_back_does_not_prolong_a_failure() {
    let (clock, client, manager) = lasting(3600).await;
    clock.pass(3600);
    client.fail(RefusedKind::Unavailable);
    assert!(access(&manager).await.is_err());
    clock.go_back(3600);
    clock.pass(3599);
    assert_eq!(access(&manager).await.unwrap(), "A2");
}

#[tokio::test]
async fn the_windows_can_be_set() {
    let clock = TestClock::new();
    let client = Client::new(&clock);
    let windows = Windows::default()
        .hard(Duration::from_secs(100))
        .soft(Duration::ZERO);
    let settings = clock.settings().windows(windows);
    let store = MemoryStore::new();
    let manager = Manager::with_settings(client.clone(), store, settings);
    access(&manager).await.unwrap();
    clock.pass(3499);
    assert_eq!(access(&manager).await.unwrap(), "A1");
    clock.pass(1);
    assert_eq!(access(&manager).await.unwrap(), "A2");
}

/// Gives 20 first, so the first token's window is the widest, and 0 ever after.
#[derive(Debug, Default)]
struct WideFirst(AtomicU8);

impl Random for WideFirst {
    fn fill(&self, out: &mut [u8]) -> countersign_core::Result<()> {
        let first = self.0.swap(1, Ordering::SeqCst) == 0;
        out.fill(if first { 20 } else { 0 });
        Ok(())
    }
}

#[tokio::test]
async fn the_window_is_that_of_the_token_in_use() {
    let clock = TestClock::new();
    let client = Client::new(&clock);
    let settings = Settings::default().sources(Sources {
        clock: Arc::new(clock.clone()),
        random: Arc::new(WideFirst::default()),
    });
    let manager = Manager::with_settings(client.clone(), MemoryStore::new(), settings);
    access(&manager).await.unwrap();
    clock.pass(3600 - 331);
    access(&manager).await.unwrap();
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(client.server(|server| server.requests()), 1);
    clock.pass(1);
    access(&manager).await.unwrap();
    until(|| client.server(|server| server.requests() == 2)).await;
}
