//! Grants that need a person.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::time::Duration;

use countersign_token::{Manager, RefusedKind};

use self::support::{Client, TestClock, access, stored_refresh};

async fn consented() -> (TestClock, Client, Manager) {
    let clock = TestClock::new();
    let mut client = Client::new(&clock);
    client.silent = false;
    let (manager, _) = client.fresh();
    assert_eq!(access(&manager).await.unwrap(), "A1");
    (clock, client, manager)
}

#[tokio::test]
async fn nobody_is_asked_in_the_background() {
    let (clock, client, manager) = consented().await;
    client.fail(RefusedKind::InvalidGrant);
    clock.pass(3600 - 269);
    for _ in 0..20 {
        assert_eq!(access(&manager).await.unwrap(), "A1");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert_eq!(
        client.server(|server| (server.grants, server.requests())),
        (1, 2)
    );
}

#[tokio::test]
async fn who_waits_is_asked_as_soon_as_the_token_is_over() {
    let (clock, client, manager) = consented().await;
    client.fail(RefusedKind::InvalidGrant);
    clock.pass(3600 - 269);
    access(&manager).await.unwrap();
    tokio::time::sleep(Duration::from_millis(20)).await;
    clock.pass(269);
    assert_eq!(access(&manager).await.unwrap(), "A2");
    assert_eq!(
        client.server(|server| (server.grants, server.requests())),
        (2, 3)
    );
}

#[tokio::test]
async fn it_can_be_set_deleted_and_revoked() {
    let clock = TestClock::new();
    let client = Client::new(&clock);
    let (manager, store) = client.fresh();
    let token = client.server(|server| server.issue());
    manager.set(token).await.unwrap();
    assert_eq!(access(&manager).await.unwrap(), "A1");
    manager.revoke().await.unwrap();
    assert!(manager.held().is_none());
    assert_eq!(stored_refresh(&store, &client.key).await, None);
    assert_eq!(client.server(|server| server.revoked.clone()), ["A1"]);
    assert_eq!(access(&manager).await.unwrap(), "A2");
    manager.delete().await.unwrap();
    assert_eq!(stored_refresh(&store, &client.key).await, None);
    assert_eq!(client.server(|server| server.revoked.len()), 1);
}
