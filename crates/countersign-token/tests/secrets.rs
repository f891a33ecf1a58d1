//! No output shows a secret.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use std::error::Error;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use countersign_testkit::Canary;
use countersign_token::{
    Configuration, Entry, FileStore, Manager, MemoryStore, Store, StoreErrorKind, Token, Tokens,
};
use serde_json::json;

use self::support::{Client, TestClock, access, key};

static CANARIES: LazyLock<[Canary; 5]> = LazyLock::new(|| [(); 5].map(|()| Canary::new()));

fn token(clock: &TestClock) -> Token {
    let [access, refresh, id, extra, _] = CANARIES.each_ref().map(Canary::as_str);
    let extra = json!({"mac_key": extra});
    Token::new(access, clock.time())
        .refresh(refresh)
        .id_token(id)
        .expires_in(Duration::from_secs(3600))
        .extra(extra.as_object().unwrap().clone())
}

fn entry(clock: &TestClock) -> Entry {
    let made_by = Configuration::new(json!({})).secrets(CANARIES[4].as_str());
    Entry::new(key("shop"), token(clock)).configuration(made_by)
}

fn shows_none(shown: &str) {
    for canary in &*CANARIES {
        assert!(!canary.is_in(shown.as_bytes()), "a canary in {shown}");
    }
}

#[tokio::test]
async fn types_do_not() {
    let clock = TestClock::new();
    let told = Arc::new(Mutex::new(String::new()));
    let settings = clock.settings().on_change({
        let told = Arc::clone(&told);
        move |key, change| {
            told.lock()
                .unwrap()
                .push_str(&format!("{key:?} {change:?}"))
        }
    });
    let store = MemoryStore::new();
    let manager = Manager::with_settings(Client::new(&clock), store.clone(), settings);
    let held = manager.set(token(&clock)).await.unwrap();
    manager.refused(&held);
    clock.pass(3600);
    let refused = manager.token().await;
    shows_none(&format!("{refused:?}"));
    let entry = entry(&clock);
    let tokens = Tokens::new(store.clone());
    shows_none(&format!(
        "{entry:?} {entry:#?} {held:?} {manager:?} {store:?} {tokens:?}"
    ));
    let told = told.lock().unwrap();
    assert!(told.contains("Obtained") && told.contains("Rejected"));
    shows_none(&told);
}

#[tokio::test]
async fn errors_about_a_damaged_file_do_not() {
    let clock = TestClock::new();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tokens");
    let store = FileStore::new(&path);
    let entry = entry(&clock);
    let mut lease = store.lock(entry.id()).await.unwrap();
    lease.put(entry.clone()).await.unwrap();
    drop(lease);
    let file = path.join(entry.id().hex() + ".json");
    let whole = std::fs::read_to_string(&file).unwrap();
    for canary in CANARIES.each_ref().map(Canary::as_str) {
        assert!(whole.contains(canary));
        // The parser stumbles right at the secret.
        std::fs::write(&file, whole.replace(&format!("\"{canary}\""), canary)).unwrap();
        let error = store.get(entry.id()).await.unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::Corrupt);
        shows_none(&format!("{error} {error:?} {:?}", error.source()));
        let client = Client {
            key: key("shop"),
            ..Client::new(&clock)
        };
        let refused = access(&client.manager(store.clone())).await.unwrap_err();
        let error = countersign_core::Error::from(refused.clone());
        shows_none(&format!("{refused} {refused:?} {error} {error:?}"));
    }
}
