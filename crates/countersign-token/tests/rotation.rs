//! What becomes of refresh tokens.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use countersign_token::{
    BoxFuture, Change, Entry, Id, Lease, Manager, MemoryStore, RefusedKind, Store, StoreError,
    StoreErrorKind, Token,
};

use self::support::{Client, Mishap, TestClock, access, stored_refresh, text, until};

async fn expired() -> (TestClock, Client, Manager, MemoryStore) {
    let clock = TestClock::new();
    let client = Client::new(&clock);
    let (manager, store) = client.fresh();
    access(&manager).await.unwrap();
    clock.pass(3601);
    (clock, client, manager, store)
}

async fn replace_refresh(store: &MemoryStore, client: &Client, refresh: &str) {
    let mut lease = store.lock(client.key.id()).await.unwrap();
    let mut entry = lease.get().await.unwrap().unwrap();
    entry.token = entry.token.refresh(refresh);
    lease.put(entry).await.unwrap();
}

#[tokio::test]
async fn an_answer_without_one_keeps_the_old_one() {
    let (_, client, manager, store) = expired().await;
    client.mishap(Mishap::WithoutRefresh);
    assert_eq!(access(&manager).await.unwrap(), "A2");
    assert_eq!(stored_refresh(&store, &client.key).await.unwrap(), "R1");
}

#[tokio::test]
async fn what_passes_by_itself_erases_none() {
    let throttled = RefusedKind::Throttled { retry_after: None };
    for kind in [
        RefusedKind::Unavailable,
        throttled,
        RefusedKind::Malformed,
        RefusedKind::Denied,
    ] {
        let (clock, client, manager, store) = expired().await;
        client.fail(kind);
        assert_eq!(access(&manager).await.unwrap_err().kind(), kind);
        assert_eq!(stored_refresh(&store, &client.key).await.unwrap(), "R1");
        clock.pass(20);
        assert_eq!(access(&manager).await.unwrap(), "A2");
        assert_eq!(client.server(|server| server.refreshes), 1);
    }
}

#[tokio::test]
async fn a_server_that_asks_for_patience_gets_it() {
    let (clock, client, manager, _) = expired().await;
    let retry_after = Some(Duration::from_secs(100));
    client.fail(RefusedKind::Throttled { retry_after });
    assert!(access(&manager).await.is_err());
    clock.pass(99);
    manager.try_again();
    assert!(access(&manager).await.unwrap_err().is_retryable());
    assert_eq!(client.server(|server| server.requests()), 2);
    clock.pass(22);
    assert_eq!(access(&manager).await.unwrap(), "A2");
}

#[tokio::test]
async fn patience_ends_after_a_quarter_of_an_hour() {
    let (clock, client, manager, _) = expired().await;
    let retry_after = Some(Duration::MAX);
    client.fail(RefusedKind::Throttled { retry_after });
    assert!(access(&manager).await.is_err());
    clock.pass(15 * 60 * 6 / 5);
    assert_eq!(access(&manager).await.unwrap(), "A2");
}

#[tokio::test]
async fn failures_in_a_row_are_further_and_further_apart() {
    let (clock, client, manager, _) = expired().await;
    for _ in 0..20 {
        client.fail(RefusedKind::Unavailable);
    }
    for _ in 0..600 {
        assert!(access(&manager).await.is_err());
        clock.pass(1);
    }
    let failures = client.server(|server| server.failures);
    assert!((12..=16).contains(&failures), "{failures}");
}

#[tokio::test]
async fn a_success_ends_what_failed_before() {
    let (clock, client, manager, _) = expired().await;
    for _ in 0..5 {
        client.fail(RefusedKind::Unavailable);
        assert!(access(&manager).await.is_err());
        clock.pass(60);
    }
    assert_eq!(access(&manager).await.unwrap(), "A2");
    clock.pass(3601);
    client.fail(RefusedKind::Unavailable);
    assert!(access(&manager).await.is_err());
    clock.pass(2);
    assert_eq!(access(&manager).await.unwrap(), "A3");
}

#[tokio::test]
async fn the_user_may_try_again_at_once() {
    let (_, client, manager, _) = expired().await;
    client.fail(RefusedKind::Denied);
    assert!(access(&manager).await.is_err());
    assert!(access(&manager).await.is_err());
    manager.try_again();
    assert_eq!(access(&manager).await.unwrap(), "A2");
}

#[tokio::test]
async fn one_that_is_refused_gives_way_to_the_grant_where_no_person_is_needed() {
    let (_, client, manager, store) = expired().await;
    client.server(|server| server.issue());
    assert_eq!(access(&manager).await.unwrap(), "A3");
    let counts = client.server(|server| (server.grants, server.refreshes, server.invalid_grants));
    assert_eq!(counts, (2, 0, 1));
    assert_eq!(stored_refresh(&store, &client.key).await.unwrap(), "R3");
}

#[tokio::test]
async fn one_that_is_refused_is_never_tried_again() {
    let (clock, client, manager, store) = expired().await;
    client.server(|server| {
        server.issue();
        server.denies = true;
    });
    for _ in 0..100 {
        assert!(access(&manager).await.is_err());
        clock.pass(1);
    }
    assert_eq!(client.server(|server| server.invalid_grants), 1);
    let failures = client.server(|server| server.failures);
    assert!((4..=6).contains(&failures), "{failures}");
    // Nor by another process that knows only the store.
    let other = client.manager(store.clone());
    client.server(|server| server.denies = false);
    assert_eq!(access(&other).await.unwrap(), "A3");
    assert_eq!(client.server(|server| server.invalid_grants), 1);
}

#[tokio::test]
async fn nor_if_the_store_cannot_be_told() {
    let (clock, client, _, store) = expired().await;
    let full = Full {
        store,
        times: Arc::new(Mutex::new(100)),
    };
    let manager = Manager::with_settings(client.clone(), full, clock.settings());
    client.server(|server| {
        server.issue();
        server.denies = true;
    });
    for _ in 0..100 {
        assert!(access(&manager).await.is_err());
        clock.pass(1);
    }
    assert_eq!(client.server(|server| server.invalid_grants), 1);
}

#[tokio::test]
async fn a_refusal_is_believed_only_after_another_look_at_the_store() {
    let (clock, client, _, store) = expired().await;
    let store = Unruly {
        store,
        other: Arc::default(),
    };
    let manager = client.manager(store.clone());
    client.server(|server| {
        server.issue();
        server.delay = Duration::from_millis(40);
    });
    let asking = tokio::spawn(async move { access(&manager).await });
    tokio::time::sleep(Duration::from_millis(5)).await;
    let token = Token::new("A2", clock.time()).refresh("R2");
    let token = token.expires_in(Duration::from_secs(3600));
    *store.other.lock().unwrap() = Some(Entry::new(client.key.clone(), token));
    assert_eq!(asking.await.unwrap().unwrap(), "A2");
    let counts = client.server(|server| (server.refreshes, server.invalid_grants));
    assert_eq!(counts, (0, 1));
}

#[tokio::test]
async fn a_refresh_token_that_another_process_stored_is_the_one_that_is_used() {
    let (_, client, manager, store) = expired().await;
    client.server(|server| server.current = 7);
    replace_refresh(&store, &client, "R7").await;
    assert_eq!(access(&manager).await.unwrap(), "A8");
    assert_eq!(client.server(|server| server.invalid_grants), 0);
}

#[tokio::test]
async fn what_another_process_stored_is_adopted_without_a_request() {
    let (_, client, manager, store) = expired().await;
    let other = client.manager(store);
    assert_eq!(access(&other).await.unwrap(), "A2");
    assert_eq!(access(&manager).await.unwrap(), "A2");
    assert_eq!(client.server(|server| server.requests()), 2);
}

#[tokio::test]
async fn it_is_stored_before_anybody_is_told_or_gets_it() {
    let (_, client, _, store) = expired().await;
    let stored = Arc::new(Mutex::new(Vec::new()));
    let settings = client.server(|server| server.clock.settings());
    let settings = settings.on_change({
        let (stored, store) = (Arc::clone(&stored), store.clone());
        move |key, change| {
            let Change::Obtained(token) = change else {
                return;
            };
            let entry = futures_now(store.get(key.id())).unwrap().unwrap();
            assert_eq!(entry.token.refresh, token.refresh);
            stored.lock().unwrap().push(text(&token.access));
        }
    });
    let manager = Manager::with_settings(client.clone(), store, settings);
    assert_eq!(access(&manager).await.unwrap(), "A2");
    assert_eq!(*stored.lock().unwrap(), ["A2"]);
}

/// The output of a future that is ready at once.
fn futures_now<T>(mut future: BoxFuture<'_, T>) -> T {
    let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
    match future.as_mut().poll(&mut cx) {
        std::task::Poll::Ready(output) => output,
        std::task::Poll::Pending => panic!("it is not ready"),
    }
}

/// A store whose disk is full so many times.
#[derive(Clone)]
struct Full {
    store: MemoryStore,
    times: Arc<Mutex<u32>>,
}

struct FullLease(Box<dyn Lease>, Arc<Mutex<u32>>);

impl Store for Full {
    fn get(&self, id: Id) -> BoxFuture<'_, Result<Option<Entry>, StoreError>> {
        self.store.get(id)
    }

    fn list(&self) -> BoxFuture<'_, Result<Vec<Entry>, StoreError>> {
        self.store.list()
    }

    fn lock(&self, id: Id) -> BoxFuture<'_, Result<Box<dyn Lease>, StoreError>> {
        Box::pin(async move {
            let lease = FullLease(self.store.lock(id).await?, Arc::clone(&self.times));
            Ok(Box::new(lease) as Box<dyn Lease>)
        })
    }
}

impl Lease for FullLease {
    fn get(&mut self) -> BoxFuture<'_, Result<Option<Entry>, StoreError>> {
        self.0.get()
    }

    fn put(&mut self, entry: Entry) -> BoxFuture<'_, Result<(), StoreError>> {
        let mut times = self.1.lock().unwrap();
        if *times > 0 {
            *times -= 1;
            let full = StoreError::new(StoreErrorKind::Io, "the disk is full");
            return Box::pin(async { Err(full) });
        }
        self.0.put(entry)
    }

    fn delete(&mut self) -> BoxFuture<'_, Result<(), StoreError>> {
        self.0.delete()
    }
}

#[tokio::test]
async fn one_that_could_not_be_stored_is_used_and_stored_later() {
    let (clock, client, _, store) = expired().await;
    let full = Full {
        store: store.clone(),
        times: Arc::new(Mutex::new(2)),
    };
    let complaints = Arc::new(Mutex::new(0));
    let settings = clock.settings().on_change({
        let complaints = Arc::clone(&complaints);
        move |_, change| {
            if matches!(change, Change::NotStored(_)) {
                *complaints.lock().unwrap() += 1;
            }
        }
    });
    let manager = Manager::with_settings(client.clone(), full, settings);
    assert_eq!(access(&manager).await.unwrap(), "A2");
    assert_eq!(stored_refresh(&store, &client.key).await.unwrap(), "R1");
    for complained in 1..3 {
        assert_eq!(*complaints.lock().unwrap(), complained);
        clock.pass(5);
        assert_eq!(access(&manager).await.unwrap(), "A2");
        let done = || *complaints.lock().unwrap() > complained;
        if complained == 1 {
            until(done).await;
        }
    }
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(stored_refresh(&store, &client.key).await.unwrap(), "R2");
    assert_eq!(client.server(|server| server.requests()), 2);
}

#[tokio::test]
async fn one_that_could_not_be_stored_is_the_one_that_refreshes() {
    let (clock, client, _, store) = expired().await;
    let full = Full {
        store: store.clone(),
        times: Arc::new(Mutex::new(1)),
    };
    let manager = Manager::with_settings(client.clone(), full, clock.settings());
    assert_eq!(access(&manager).await.unwrap(), "A2");
    clock.pass(3601);
    assert_eq!(access(&manager).await.unwrap(), "A3");
    assert_eq!(client.server(|server| server.invalid_grants), 0);
    assert_eq!(stored_refresh(&store, &client.key).await.unwrap(), "R3");
}

/// A store into which somebody puts another token without a lease.
#[derive(Clone)]
struct Unruly {
    store: MemoryStore,
    other: Arc<Mutex<Option<Entry>>>,
}

struct UnrulyLease(Box<dyn Lease>, Arc<Mutex<Option<Entry>>>);

impl Store for Unruly {
    fn get(&self, id: Id) -> BoxFuture<'_, Result<Option<Entry>, StoreError>> {
        self.store.get(id)
    }

    fn list(&self) -> BoxFuture<'_, Result<Vec<Entry>, StoreError>> {
        self.store.list()
    }

    fn lock(&self, id: Id) -> BoxFuture<'_, Result<Box<dyn Lease>, StoreError>> {
        Box::pin(async move {
            let lease = UnrulyLease(self.store.lock(id).await?, Arc::clone(&self.other));
            Ok(Box::new(lease) as Box<dyn Lease>)
        })
    }
}

impl Lease for UnrulyLease {
    fn get(&mut self) -> BoxFuture<'_, Result<Option<Entry>, StoreError>> {
        match self.1.lock().unwrap().clone() {
            Some(other) => Box::pin(async { Ok(Some(other)) }),
            None => self.0.get(),
        }
    }

    fn put(&mut self, entry: Entry) -> BoxFuture<'_, Result<(), StoreError>> {
        self.0.put(entry)
    }

    fn delete(&mut self) -> BoxFuture<'_, Result<(), StoreError>> {
        self.0.delete()
    }
}
