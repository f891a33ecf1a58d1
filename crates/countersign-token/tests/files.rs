//! What a store of files does with what it finds.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use countersign_token::{Configuration, Entry, FileStore, Store, StoreErrorKind, Token};
use serde_json::json;
use tempfile::TempDir;

use self::support::{Client, TestClock, access, key};

fn entry() -> Entry {
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    let token = Token::new("access-canary", now)
        .token_type("Bearer")
        .refresh("refresh-canary")
        .id_token("id-canary")
        .scopes(["a", "b"])
        .expires_in(Duration::from_secs(60))
        .extra(json!({"more": [1, "two"]}).as_object().unwrap().clone());
    let configuration = Configuration::new(json!({"grant": "password"})).secrets("pass-canary");
    Entry::new(key("shop"), token)
        .name("mine")
        .configuration(configuration)
}

async fn put(store: &FileStore, entry: Entry) -> Result<(), StoreErrorKind> {
    let lease = store.lock(entry.id()).await;
    let mut lease = lease.map_err(|error| error.kind())?;
    lease.put(entry).await.map_err(|error| error.kind())
}

async fn get(store: &FileStore) -> Result<Option<Entry>, StoreErrorKind> {
    store
        .get(key("shop").id())
        .await
        .map_err(|error| error.kind())
}

/// A folder with one token, its file, and the store of it.
async fn stored() -> (TempDir, PathBuf, FileStore) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/tokens");
    let store = FileStore::new(&path);
    put(&store, entry()).await.unwrap();
    let file = path.join(key("shop").id().hex() + ".json");
    (folder, file, store)
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn everything_comes_back() {
    let (_folder, _, store) = stored().await;
    assert_eq!(get(&store).await, Ok(Some(entry())));
    assert_eq!(store.list().await.unwrap(), [entry()]);
}

#[tokio::test]
async fn nothing_is_made_by_looking() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tokens");
    let store = FileStore::new(&path);
    assert_eq!(get(&store).await, Ok(None));
    assert_eq!(store.list().await.unwrap(), []);
    assert!(!path.exists());
}

#[tokio::test]
async fn only_the_owner_may_read_or_enter() {
    let (_folder, file, _) = stored().await;
    assert_eq!(mode(file.parent().unwrap()), 0o700);
    assert_eq!(mode(&file), 0o600);
    assert_eq!(mode(&file.with_extension("lock")), 0o600);
    assert!(!file.with_extension("tmp").exists());
}

#[tokio::test]
async fn what_others_can_read_is_an_error() {
    let (_folder, file, store) = stored().await;
    fs::set_permissions(&file, Permissions::from_mode(0o640)).unwrap();
    assert_eq!(get(&store).await, Err(StoreErrorKind::Exposed));
    assert_eq!(put(&store, entry()).await, Err(StoreErrorKind::Exposed));
    fs::set_permissions(&file, Permissions::from_mode(0o600)).unwrap();
    assert!(get(&store).await.is_ok());
    let folder = file.parent().unwrap();
    fs::set_permissions(folder, Permissions::from_mode(0o755)).unwrap();
    assert_eq!(get(&store).await, Err(StoreErrorKind::Exposed));
    assert_eq!(put(&store, entry()).await, Err(StoreErrorKind::Exposed));
}

#[tokio::test]
async fn what_is_damaged_or_not_ours_is_an_error_and_stays() {
    let (_folder, file, store) = stored().await;
    let whole = fs::read_to_string(&file).unwrap();
    let later = whole.replace("\"version\": 1", "\"version\": 2");
    let other = whole.replace(&key("shop").id().hex(), &key("other").id().hex());
    let (corrupt, foreign) = (StoreErrorKind::Corrupt, StoreErrorKind::Foreign);
    let cases = [
        (&whole[..whole.len() / 2], corrupt),
        ("", corrupt),
        ("[1]", corrupt),
        (r#"{"format":"countersign-token","version":1}"#, corrupt),
        (r#"{"access_token":"theirs"}"#, foreign),
        (&later, foreign),
        (&other, foreign),
    ];
    for (content, kind) in cases {
        fs::write(&file, content).unwrap();
        assert_eq!(get(&store).await, Err(kind), "{content}");
        assert_eq!(put(&store, entry()).await, Err(kind), "{content}");
        assert!(store.list().await.is_err());
        assert_eq!(fs::read_to_string(&file).unwrap(), content);
    }
}

#[tokio::test]
async fn a_damaged_file_is_not_replaced_by_a_manager_either() {
    let (_folder, file, store) = stored().await;
    fs::write(&file, "damaged").unwrap();
    let client = Client {
        key: key("shop"),
        ..Client::new(&TestClock::new())
    };
    let refused = access(&client.manager(store)).await.unwrap_err();
    assert!(
        refused
            .to_string()
            .contains("is damaged and was left as it is")
    );
    assert_eq!(fs::read_to_string(&file).unwrap(), "damaged");
    assert_eq!(client.server(|server| server.requests()), 0);
}

#[tokio::test]
async fn symbolic_links_are_not_followed() {
    let (folder, file, store) = stored().await;
    let elsewhere = folder.path().join("elsewhere");
    fs::rename(&file, &elsewhere).unwrap();
    symlink(&elsewhere, &file).unwrap();
    assert_eq!(get(&store).await, Err(StoreErrorKind::Io));
    assert_eq!(put(&store, entry()).await, Err(StoreErrorKind::Io));
    fs::remove_file(&file).unwrap();
    for extension in ["tmp", "lock"] {
        let victim = folder.path().join(extension);
        fs::write(&victim, "untouched").unwrap();
        let _ = fs::remove_file(file.with_extension(extension));
        symlink(&victim, file.with_extension(extension)).unwrap();
        let done = put(&store, entry()).await;
        assert_eq!(done.is_ok(), extension == "tmp");
        assert_eq!(fs::read_to_string(&victim).unwrap(), "untouched");
    }
    let linked = folder.path().join("linked");
    symlink(file.parent().unwrap(), &linked).unwrap();
    let done = put(&FileStore::new(&linked), entry()).await;
    assert_eq!(done, Err(StoreErrorKind::Exposed));
}

#[tokio::test]
async fn a_draft_that_was_left_is_cleared_away() {
    let (_folder, file, store) = stored().await;
    let draft = file.with_extension("tmp");
    fs::write(&draft, "half a tok").unwrap();
    put(&store, entry()).await.unwrap();
    assert!(!draft.exists());
}

#[tokio::test]
async fn deleting_leaves_an_empty_folder_and_a_lock_that_works() {
    let (_folder, file, store) = stored().await;
    let waiting = {
        let mut lease = store.lock(key("shop").id()).await.unwrap();
        let other = store.clone();
        let waiting = tokio::spawn(async move { put(&other, entry()).await });
        tokio::time::sleep(Duration::from_millis(20)).await;
        lease.delete().await.unwrap();
        assert_eq!(fs::read_dir(file.parent().unwrap()).unwrap().count(), 0);
        waiting
    };
    waiting.await.unwrap().unwrap();
    let mut lease = store.lock(key("shop").id()).await.unwrap();
    assert!(lease.get().await.unwrap().is_some());
    lease.delete().await.unwrap();
    assert_eq!(get(&store).await, Ok(None));
}

#[tokio::test]
async fn a_lease_keeps_others_waiting_and_other_tokens_free() {
    let (_folder, _, store) = stored().await;
    let lease = store.lock(key("shop").id()).await.unwrap();
    let patience = Duration::from_millis(30);
    let second = tokio::time::timeout(patience, store.lock(key("shop").id()));
    assert!(second.await.is_err());
    let other = tokio::time::timeout(Duration::from_secs(5), store.lock(key("other").id()));
    assert!(other.await.unwrap().is_ok());
    drop(lease);
    assert!(store.lock(key("shop").id()).await.is_ok());
}

#[tokio::test]
async fn other_files_in_the_folder_are_none_of_ours() {
    let (_folder, file, store) = stored().await;
    fs::write(file.with_file_name("notes.json"), "[]").unwrap();
    assert_eq!(store.list().await.unwrap().len(), 1);
}

#[tokio::test]
async fn bytes_that_are_no_text_are_not_stored() {
    let (_folder, file, store) = stored().await;
    let before = fs::read(&file).unwrap();
    let token = Token::new(vec![0xff], SystemTime::now());
    let done = put(&store, Entry::new(key("shop"), token)).await;
    assert_eq!(done, Err(StoreErrorKind::Unfit));
    assert_eq!(fs::read(&file).unwrap(), before);
}
