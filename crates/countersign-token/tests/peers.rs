//! Faults that other clients have or had.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use countersign_token::{Change, FileStore, Manager, MemoryStore, RefusedKind, Token};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use self::support::{Client, TestClock, access, key, stored_refresh};

/// yup-oauth2: no lock between reading and writing, so each caller refreshes.
#[tokio::test]
async fn yup_oauth2_each_caller_refreshes() {
    let clock = TestClock::new();
    let client = Client::new(&clock);
    client.server(|server| server.delay = Duration::from_millis(20));
    let (manager, store) = client.fresh();
    let managers = [manager, client.manager(store)];
    let mut tasks = JoinSet::new();
    for number in 0..100 {
        let manager = managers[number % 2].clone();
        tasks.spawn(async move { access(&manager).await.unwrap() });
    }
    assert_eq!(tasks.join_all().await, vec!["A1"; 100]);
    assert_eq!(client.server(|server| server.requests()), 1);
}

/// yup-oauth2: whatever a refresh fails by, the user is sent to the browser.
#[tokio::test]
async fn yup_oauth2_any_failure_asks_the_user() {
    for kind in [
        RefusedKind::Unavailable,
        RefusedKind::Malformed,
        RefusedKind::Denied,
    ] {
        let clock = TestClock::new();
        let mut client = Client::new(&clock);
        client.silent = false;
        let (manager, _) = client.fresh();
        access(&manager).await.unwrap();
        clock.pass(3601);
        client.fail(kind);
        assert_eq!(access(&manager).await.unwrap_err().kind(), kind);
        assert_eq!(client.server(|server| server.grants), 1);
    }
}

/// httpx_auth: one lock for all tokens.
#[tokio::test]
async fn httpx_auth_one_lock_for_all() {
    let folder = tempfile::tempdir().unwrap();
    let store = FileStore::new(folder.path().join("tokens"));
    let clock = TestClock::new();
    let slow = Client::new(&clock);
    slow.server(|server| server.delay = Duration::from_secs(60));
    let blocked = slow.manager(store.clone());
    let waiting = tokio::spawn(async move { access(&blocked).await });
    sleep(Duration::from_millis(50)).await;
    let other = Client {
        key: key("other"),
        ..Client::new(&clock)
    };
    let free = other.manager(store);
    let got = timeout(Duration::from_secs(10), access(&free)).await;
    assert_eq!(got.unwrap().unwrap(), "A1");
    assert!(!waiting.is_finished());
    waiting.abort();
}

/// httpx_auth: who waited for the lock does not look again whether there is a token now.
#[tokio::test]
async fn httpx_auth_no_second_look() {
    let folder = tempfile::tempdir().unwrap();
    let store = FileStore::new(folder.path().join("tokens"));
    let client = Client::new(&TestClock::new());
    client.server(|server| server.delay = Duration::from_millis(100));
    let mut tasks = JoinSet::new();
    for _ in 0..5 {
        let manager = client.manager(store.clone());
        tasks.spawn(async move { access(&manager).await.unwrap() });
    }
    assert_eq!(tasks.join_all().await, vec!["A1"; 5]);
    assert_eq!(client.server(|server| server.requests()), 1);
}

/// httpx_auth: the stored token is deleted before the refresh, so a failure loses the refresh token.
#[tokio::test]
async fn httpx_auth_deletes_before_it_refreshes() {
    let clock = TestClock::new();
    let client = Client::new(&clock);
    let (manager, store) = client.fresh();
    access(&manager).await.unwrap();
    clock.pass(3601);
    client.server(|server| server.delay = Duration::from_millis(100));
    client.fail(RefusedKind::Unavailable);
    let asking = tokio::spawn(async move { access(&manager).await });
    sleep(Duration::from_millis(20)).await;
    assert_eq!(stored_refresh(&store, &client.key).await.unwrap(), "R1");
    assert!(asking.await.unwrap().is_err());
    assert_eq!(stored_refresh(&store, &client.key).await.unwrap(), "R1");
}

/// authlib: a token of another type than `Bearer` cannot be held.
#[tokio::test]
async fn authlib_other_token_types() {
    let clock = TestClock::new();
    let (manager, _) = Client::new(&clock).fresh();
    let token = Token::new("h480djs93hd8", clock.time()).token_type("mac");
    manager.set(token).await.unwrap();
    let held = manager.held().unwrap();
    assert_eq!(held.token().token_type.as_deref(), Some("mac"));
}

/// golang.org/x/oauth2: no hook tells of a new refresh token.
#[tokio::test]
async fn golang_nobody_is_told() {
    let clock = TestClock::new();
    let client = Client::new(&clock);
    let told = Arc::new(Mutex::new(Vec::new()));
    let settings = clock.settings().on_change({
        let told = Arc::clone(&told);
        move |_, change| {
            if let Change::Obtained(token) = change {
                told.lock().unwrap().push(token.refresh.clone().unwrap());
            }
        }
    });
    let manager = Manager::with_settings(client, MemoryStore::new(), settings);
    access(&manager).await.unwrap();
    clock.pass(3601);
    access(&manager).await.unwrap();
    assert_eq!(*told.lock().unwrap(), ["R1".into(), "R2".into()]);
}

/// golang.org/x/oauth2: what was cancelled when the source was made stays cancelled, and a token that was refused with
/// a 401 is used until its end.
#[tokio::test]
async fn golang_a_refused_token_is_kept() {
    let client = Client::new(&TestClock::new());
    let (manager, _) = client.fresh();
    let held = manager.token().await.unwrap();
    assert!(manager.refused(&held));
    assert_eq!(access(&manager).await.unwrap(), "A2");
}

/// Duende: without a token the request is sent without one; there is nothing here that could be sent.
#[tokio::test]
async fn duende_a_failure_is_no_token() {
    let clock = TestClock::new();
    let client = Client::new(&clock);
    let (manager, _) = client.fresh();
    access(&manager).await.unwrap();
    clock.pass(3601);
    client.fail(RefusedKind::Unavailable);
    assert!(manager.token().await.is_err());
    assert!(manager.held().is_none());
    let error = countersign_core::Error::from(manager.token().await.unwrap_err());
    assert_eq!(error.kind(), countersign_core::ErrorKind::Fetch);
}

/// Duende: who comes when the first refresh has just ended begins a second one with the spent refresh token.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn duende_latecomers_refresh_again() {
    let clock = TestClock::new();
    let client = Client::new(&clock);
    let (manager, _) = client.fresh();
    for round in 1..200 {
        let mut tasks = JoinSet::new();
        for _ in 0..20 {
            let manager = manager.clone();
            tasks.spawn(async move { access(&manager).await.unwrap() });
        }
        assert_eq!(tasks.join_all().await, vec![format!("A{round}"); 20]);
        clock.pass(3601);
    }
    assert_eq!(client.server(|server| server.invalid_grants), 0);
}

/// Duende: the first caller's cancellation is everyone's.
#[tokio::test]
async fn duende_the_first_callers_cancellation_is_everyones() {
    let client = Client::new(&TestClock::new());
    client.server(|server| server.delay = Duration::from_millis(50));
    let (manager, _) = client.fresh();
    let first = tokio::spawn({
        let manager = manager.clone();
        async move { access(&manager).await }
    });
    sleep(Duration::from_millis(5)).await;
    let second = tokio::spawn(async move { access(&manager).await });
    sleep(Duration::from_millis(5)).await;
    first.abort();
    assert_eq!(second.await.unwrap().unwrap(), "A1");
    assert_eq!(client.server(|server| server.requests()), 1);
}

/// postman-runtime: the failure of a refresh is swallowed, and the token that is over is sent.
#[tokio::test]
async fn postman_runtime_swallows_the_failure() {
    let clock = TestClock::new();
    let client = Client::new(&clock);
    let (manager, _) = client.fresh();
    access(&manager).await.unwrap();
    clock.pass(3601);
    client.fail(RefusedKind::Denied);
    let refused = manager.token().await.unwrap_err();
    assert_eq!(refused.kind(), RefusedKind::Denied);
    assert_eq!(refused.to_string(), "the server refused");
}

/// AppAuth-JS: ten minutes are always taken off a lifetime, so a token that lasts no longer is fetched for each request.
#[tokio::test]
async fn appauth_short_tokens_are_never_valid() {
    let clock = TestClock::new();
    let client = Client::new(&clock);
    client.server(|server| server.lifetime = Duration::from_secs(600));
    let (manager, _) = client.fresh();
    for _ in 0..4 {
        assert_eq!(access(&manager).await.unwrap(), "A1");
        clock.pass(100);
    }
    assert_eq!(client.server(|server| server.requests()), 1);
}

/// yup-oauth2 and httpx_auth: the file is emptied and written in its place, by whatever mode the system gives.
#[cfg(unix)]
#[tokio::test]
async fn yup_oauth2_and_httpx_auth_write_in_place() {
    use std::os::unix::fs::MetadataExt;

    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("tokens");
    let clock = TestClock::new();
    let client = Client::new(&clock);
    let manager = client.manager(FileStore::new(&folder));
    let file = folder.join(client.key.id().hex() + ".json");
    access(&manager).await.unwrap();
    let before = std::fs::File::open(&file).unwrap();
    clock.pass(3601);
    assert_eq!(access(&manager).await.unwrap(), "A2");
    let (old, new) = (before.metadata().unwrap(), file.metadata().unwrap());
    assert_ne!(old.ino(), new.ino());
    assert_eq!(new.mode() & 0o777, 0o600);
    let whole = std::io::read_to_string(before).unwrap();
    assert!(whole.contains("A1") && whole.ends_with('}'));
}
