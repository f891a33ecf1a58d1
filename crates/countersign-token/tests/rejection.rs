//! What a 401 does.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use countersign_token::Manager;

use self::support::{Client, TestClock, access, text};

async fn fresh() -> (TestClock, Client, Manager) {
    let clock = TestClock::new();
    let client = Client::new(&clock);
    let (manager, _) = client.fresh();
    (clock, client, manager)
}

#[tokio::test]
async fn the_refused_token_is_replaced_once_for_all() {
    let (_, client, manager) = fresh().await;
    let held = manager.token().await.unwrap();
    for _ in 0..100 {
        assert!(manager.refused(&held));
        assert_eq!(access(&manager).await.unwrap(), "A2");
    }
    assert_eq!(client.server(|server| server.requests()), 2);
}

#[tokio::test]
async fn the_store_does_not_bring_it_back() {
    let (_, client, manager) = fresh().await;
    let held = manager.token().await.unwrap();
    assert!(manager.refused(&held));
    assert!(manager.held().is_none());
    assert_eq!(access(&manager).await.unwrap(), "A2");
    assert_eq!(client.server(|server| server.refreshes), 1);
}

#[tokio::test]
async fn a_newer_one_of_another_process_is_taken() {
    let (clock, client, _) = fresh().await;
    let (manager, store) = client.fresh();
    let other = client.manager(store);
    let held = manager.token().await.unwrap();
    assert_eq!(access(&other).await.unwrap(), "A1");
    clock.pass(1);
    assert_eq!(text(&other.refresh().await.unwrap().token().access), "A2");
    assert!(manager.refused(&held));
    assert_eq!(access(&manager).await.unwrap(), "A2");
    assert_eq!(client.server(|server| server.requests()), 2);
}

#[tokio::test]
async fn a_server_that_refuses_every_token_costs_one_every_ten_seconds() {
    let (clock, client, manager) = fresh().await;
    for _ in 0..100 {
        for _ in 0..2 {
            let held = manager.token().await.unwrap();
            manager.refused(&held);
        }
        clock.pass(1);
    }
    let requests = client.server(|server| server.requests());
    assert!((10..=12).contains(&requests), "{requests}");
}

#[tokio::test]
async fn one_that_was_accepted_may_be_refused_soon_after() {
    let (_, client, manager) = fresh().await;
    for _ in 0..10 {
        let held = manager.token().await.unwrap();
        held.accepted();
        assert!(manager.refused(&held));
    }
    assert_eq!(access(&manager).await.unwrap(), "A11");
    assert_eq!(client.server(|server| server.requests()), 11);
}
