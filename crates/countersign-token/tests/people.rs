//! Grants that need a person.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use std::time::Duration;

use countersign_token::{
    BoxFuture, Entry, Id, Lease, Manager, MemoryStore, Refused, RefusedKind, Store, StoreError,
};
use tokio::task::JoinHandle;

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
    clock.pass(3600 - 32);
    access(&manager).await.unwrap();
    tokio::time::sleep(Duration::from_millis(20)).await;
    clock.pass(2);
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

/// A store that takes its time to say what it has.
#[derive(Clone)]
struct Slow(MemoryStore);

impl Store for Slow {
    fn get(&self, id: Id) -> BoxFuture<'_, Result<Option<Entry>, StoreError>> {
        Box::pin(async move {
            let entry = self.0.get(id).await;
            tokio::time::sleep(Duration::from_millis(30)).await;
            entry
        })
    }

    fn list(&self) -> BoxFuture<'_, Result<Vec<Entry>, StoreError>> {
        self.0.list()
    }

    fn lock(&self, id: Id) -> BoxFuture<'_, Result<Box<dyn Lease>, StoreError>> {
        self.0.lock(id)
    }
}

/// A manager whose store is slow, and what asks it for its token just now.
async fn asking(client: &Client) -> (Manager, JoinHandle<Result<String, Refused>>) {
    let (manager, store) = client.fresh();
    access(&manager).await.unwrap();
    let manager = client.manager(Slow(store));
    let asking = tokio::spawn({
        let manager = manager.clone();
        async move { access(&manager).await }
    });
    tokio::time::sleep(Duration::from_millis(5)).await;
    (manager, asking)
}

#[tokio::test]
async fn what_was_deleted_meanwhile_does_not_come_back() {
    let client = Client::new(&TestClock::new());
    let (manager, asking) = asking(&client).await;
    manager.delete().await.unwrap();
    assert_eq!(asking.await.unwrap().unwrap(), "A1");
    assert!(manager.held().is_none());
}

#[tokio::test]
async fn what_was_set_meanwhile_stays() {
    let client = Client::new(&TestClock::new());
    let (manager, asking) = asking(&client).await;
    let token = client.server(|server| server.issue());
    manager.set(token).await.unwrap();
    asking.await.unwrap().unwrap();
    assert_eq!(access(&manager).await.unwrap(), "A2");
}
