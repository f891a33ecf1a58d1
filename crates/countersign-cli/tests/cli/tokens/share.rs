//! Export and import.

use super::{Store, get, named, send_stored, token};
use crate::support::Issuer;

#[test]
fn an_export_is_never_shown_unasked() {
    let (issuer, store) = (Issuer::start(), Store::new());
    get(&store, &issuer, "device_code", "mine");
    let run = token(&store, &["export", "mine"], &[]);
    assert_eq!(run.code, 2, "{}", run.printed());
    assert!(!run.printed().contains("-0f1e2d3c-"), "{}", run.printed());
    let run = token(&store, &["export", "mine", "--raw"], &[]);
    assert!(
        run.text().contains("access-0f1e2d3c-") && !run.text().contains("refresh-0f1e2d3c-"),
        "{}",
        run.text()
    );
    let run = token(&store, &["export", "mine", "--raw", "--with-refresh"], &[]);
    assert!(run.text().contains("refresh-0f1e2d3c-"), "{}", run.text());
}

#[test]
fn a_team_shares_a_token() {
    let (issuer, mine, theirs) = (Issuer::start(), Store::new(), Store::new());
    get(&mine, &issuer, "device_code", "ours");
    let file = mine.0.path().join("export.json").display().to_string();
    let run = token(&mine, &["export", "ours", "--output", &file], &[]);
    assert_eq!(run.code, 0, "{}", run.printed());
    assert!(!run.printed().contains("-0f1e2d3c-"), "{}", run.printed());
    is_private(&file);
    assert_eq!(
        token(&mine, &["export", "ours", "--output", &file], &[]).code,
        2
    );
    assert_eq!(token(&theirs, &["import", &file], &[]).code, 0);
    let run = send_stored(&theirs, &issuer, &named("ours"));
    assert_eq!(run.code, 0, "{}", run.printed());
    assert_eq!(issuer.seen("/token").len(), 1);
    let again = token(&theirs, &["import", &file], &[]);
    assert_eq!(
        (again.code, &again.json()["error"]["kind"]),
        (2, &"Exists".into())
    );
    assert_eq!(token(&theirs, &["import", &file, "--replace"], &[]).code, 0);
}

#[cfg(unix)]
#[track_caller]
fn is_private(file: &str) {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[cfg(not(unix))]
fn is_private(_: &str) {}
