//! What a person does with the tokens in a store.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use std::sync::Arc;
use std::time::Duration;

use countersign_core::Sources;
use countersign_token::{
    Configuration, Entry, Existing, Key, MemoryStore, Sharing, Store, StoreErrorKind, Token, Tokens,
};
use serde_json::json;

use self::support::{Client, TestClock, access, text};

async fn put(store: &MemoryStore, entry: Entry) {
    let mut lease = store.lock(entry.id()).await.unwrap();
    lease.put(entry).await.unwrap();
}

fn key(environment: &str) -> Key {
    Key::builder()
        .server("https://login.test/token")
        .client_id("shop")
        .client_secret("secret-canary")
        .environment(environment)
        .build()
}

fn entry(environment: &str, name: &str, clock: &TestClock) -> Entry {
    let token = Token::new(format!("access-{environment}"), clock.time())
        .refresh(format!("refresh-{environment}"))
        .expires_in(Duration::from_secs(60));
    let made_by = Configuration::new(json!({"clientId": "shop"})).secrets("secret-canary");
    Entry::new(key(environment), token)
        .name(name)
        .configuration(made_by)
}

async fn two() -> (TestClock, MemoryStore, Tokens) {
    let (clock, store) = (TestClock::new(), MemoryStore::new());
    put(&store, entry("live", "beta", &clock)).await;
    put(&store, entry("test", "alpha", &clock)).await;
    let sources = Sources {
        clock: Arc::new(clock.clone()),
        ..Sources::default()
    };
    (
        clock,
        store.clone(),
        Tokens::new(store).with_sources(sources),
    )
}

#[tokio::test]
async fn they_are_listed_by_name() {
    let (_, _, tokens) = two().await;
    let names: Vec<_> = tokens.list().await.unwrap();
    let names: Vec<_> = names.iter().map(|entry| entry.name.as_deref()).collect();
    assert_eq!(names, [Some("alpha"), Some("beta")]);
}

#[tokio::test]
async fn one_is_found_by_its_name_or_by_the_beginning_of_its_fingerprint() {
    let (_, _, tokens) = two().await;
    let id = key("live").id();
    for which in ["beta", &id.to_string(), &id.hex(), &id.hex()[..6]] {
        assert_eq!(tokens.find(which).await.unwrap().id(), id);
    }
    for which in ["gamma", "", &id.hex()[..5]] {
        let error = tokens.find(which).await.unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::NotFound);
    }
}

#[tokio::test]
async fn of_two_with_one_name_neither_is_taken() {
    let (_, _, tokens) = two().await;
    tokens.rename("beta", "alpha").await.unwrap();
    let error = tokens.find("alpha").await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Ambiguous);
    assert!(error.to_string().contains(&key("live").to_string()));
}

#[tokio::test]
async fn the_last_one_selected_is_in_use() {
    let (_, _, tokens) = two().await;
    assert_eq!(tokens.selected().await.unwrap(), None);
    for name in ["alpha", "beta", "alpha"] {
        tokens.select(name).await.unwrap();
        let selected = tokens.selected().await.unwrap().unwrap();
        assert_eq!(selected.name.as_deref(), Some(name));
    }
}

#[tokio::test]
async fn a_refresh_keeps_what_a_person_chose() {
    let clock = TestClock::new();
    let mut client = Client::new(&clock);
    client.name = Some("first".to_owned());
    let (manager, store) = client.fresh();
    access(&manager).await.unwrap();
    let tokens = Tokens::new(store);
    tokens.rename("first", "mine").await.unwrap();
    tokens.select("mine").await.unwrap();
    let made_by = Configuration::new(json!({"a": 1}));
    tokens.configure("mine", made_by.clone()).await.unwrap();
    clock.pass(3601);
    access(&manager).await.unwrap();
    let entry = tokens.selected().await.unwrap().unwrap();
    assert_eq!(text(&entry.token.access), "A2");
    assert_eq!(entry.name.as_deref(), Some("mine"));
    assert_eq!(entry.configuration, Some(made_by));
}

#[tokio::test]
async fn deleting_is_not_revoking() {
    let (clock, _, tokens) = two().await;
    let client = Client::new(&clock);
    tokens.delete("alpha").await.unwrap();
    assert_eq!(tokens.list().await.unwrap().len(), 1);
    tokens.revoke("beta", &client).await.unwrap();
    assert_eq!(tokens.list().await.unwrap(), []);
    let revoked = client.server(|server| server.revoked.clone());
    assert_eq!(revoked, ["access-live"]);
}

#[tokio::test]
async fn only_what_is_of_no_more_use_is_pruned() {
    let (clock, store, tokens) = two().await;
    let mut over = entry("over", "over", &clock);
    over.token.refresh = None;
    put(&store, over).await;
    let mut refused = entry("refused", "refused", &clock);
    refused.refresh_refused = true;
    put(&store, refused).await;
    assert_eq!(tokens.prune().await.unwrap(), []);
    clock.pass(60);
    let mut pruned: Vec<_> = tokens.prune().await.unwrap();
    pruned.sort_by_key(|entry| entry.name.clone());
    let names: Vec<_> = pruned.iter().map(|entry| entry.name.as_deref()).collect();
    assert_eq!(names, [Some("over"), Some("refused")]);
    assert_eq!(tokens.list().await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_team_shares_a_token_without_the_clients_secret() {
    let (_, _, tokens) = two().await;
    tokens.select("alpha").await.unwrap();
    let export = tokens
        .export(&["alpha"], Sharing::AccessOnly)
        .await
        .unwrap();
    for secret in ["secret-canary", "refresh-test", "access-live"] {
        assert!(!text(&export).contains(secret), "{secret}");
    }
    let colleague = Tokens::new(MemoryStore::new());
    let import = colleague.import(export.expose(), Existing::Refuse).await;
    assert_eq!(import.unwrap().len(), 1);
    let entry = colleague.find("alpha").await.unwrap();
    assert_eq!(text(&entry.token.access), "access-test");
    assert_eq!(entry.token.refresh, None);
    assert_eq!(
        entry.configuration.unwrap().open,
        json!({"clientId": "shop"})
    );
    assert_eq!(colleague.selected().await.unwrap(), None);
}

#[tokio::test]
async fn refresh_tokens_are_shared_if_that_is_asked_for() {
    let (_, _, tokens) = two().await;
    let which = ["alpha", "beta"];
    let export = tokens.export(&which, Sharing::WithRefresh).await.unwrap();
    let colleague = Tokens::new(MemoryStore::new());
    let import = colleague.import(export.expose(), Existing::Refuse).await;
    let refresh = |entry: &Entry| entry.token.refresh.as_ref().map(text);
    let refresh: Vec<_> = import.unwrap().iter().filter_map(refresh).collect();
    assert_eq!(refresh, ["refresh-test", "refresh-live"]);
}

#[tokio::test]
async fn an_import_replaces_only_when_told_to() {
    let (clock, store, tokens) = two().await;
    let export = tokens.export(&["beta", "alpha"], Sharing::AccessOnly);
    let export = export.await.unwrap();
    tokens.delete("beta").await.unwrap();
    put(&store, entry("test", "changed", &clock)).await;
    let refused = tokens.import(export.expose(), Existing::Refuse).await;
    assert_eq!(refused.unwrap_err().kind(), StoreErrorKind::Exists);
    assert_eq!(tokens.list().await.unwrap().len(), 1);
    let replaced = tokens.import(export.expose(), Existing::Replace).await;
    assert_eq!(replaced.unwrap().len(), 2);
    assert!(tokens.find("changed").await.is_err());
}

#[tokio::test]
async fn what_is_no_export_is_not_imported() {
    let (_, _, tokens) = two().await;
    let (corrupt, foreign) = (StoreErrorKind::Corrupt, StoreErrorKind::Foreign);
    let cases = [
        ("", corrupt),
        (
            r#"{"format":"countersign-token-export","version":1}"#,
            corrupt,
        ),
        (r#"{"format":"countersign-token","version":1}"#, foreign),
        (
            r#"{"format":"countersign-token-export","version":9}"#,
            foreign,
        ),
    ];
    for (document, kind) in cases {
        let import = tokens.import(document.as_bytes(), Existing::Replace).await;
        assert_eq!(import.unwrap_err().kind(), kind, "{document}");
    }
}
