//! Tokens that are kept.

use std::path::Path;

use super::{Store, countersign, files, get, named, secret, send_stored, token};
use crate::support::{CLIENT, Issuer, SECRET};

#[test]
fn a_stored_token_serves_many_requests() {
    let (issuer, store) = (Issuer::start(), Store::new());
    get(&store, &issuer, "client_credentials", "mine");
    for _ in 0..2 {
        let run = send_stored(&store, &issuer, &named("mine"));
        assert_eq!(run.code, 0, "{}", run.printed());
        assert!(
            !run.printed().contains("access-0f1e2d3c"),
            "{}",
            run.printed()
        );
    }
    assert_eq!(issuer.seen("/token").len(), 1);
}

#[test]
fn what_is_stored_is_shown_without_its_secrets() {
    let (issuer, store) = (Issuer::start(), Store::new());
    get(&store, &issuer, "device_code", "mine");
    let run = token(&store, &["show", "mine"], &[]);
    let one = &run.json()["tokens"][0];
    assert_eq!(one["about"]["client_id"], CLIENT);
    assert_eq!(
        (&one["access_token"], &one["refresh_token"]),
        (&"[redacted]".into(), &"[redacted]".into())
    );
    assert_eq!(
        (&one["expired"], &one["refreshable"]),
        (&false.into(), &true.into())
    );
    assert_eq!(one["configuration"]["grant_type"], "device_code");
    let person = countersign(&["token", "show", "mine", "--store", &store.path()], &[]);
    for shown in [run.printed(), person.printed()] {
        assert!(
            !shown.contains("-0f1e2d3c-") && !shown.contains(SECRET),
            "{shown}"
        );
    }
    let raw = token(&store, &["show", "mine", "--raw"], &[]);
    assert!(raw.text().contains("refresh-0f1e2d3c-"), "{}", raw.text());
}

#[cfg(unix)]
#[test]
fn only_its_owner_can_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let (issuer, store) = (Issuer::start(), Store::new());
    get(&store, &issuer, "client_credentials", "mine");
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let files = files(Path::new(&store.path()), "json");
    assert_eq!(files.len(), 1);
    assert_eq!(
        (mode(&files[0]), mode(Path::new(&store.path()))),
        (0o600, 0o700)
    );
    let text = std::fs::read_to_string(&files[0]).unwrap();
    assert!(
        !text.contains(SECRET) && text.contains("access-0f1e2d3c"),
        "{text}"
    );
}

#[test]
fn a_token_that_has_ended_is_renewed_and_its_successor_is_kept() {
    let (issuer, store) = (Issuer::lasting(0), Store::new());
    get(&store, &issuer, "device_code", "mine");
    let args = [named("mine"), secret()].concat();
    for _ in 0..2 {
        let run = send_stored(&store, &issuer, &args);
        assert_eq!(run.code, 0, "{}", run.printed());
        assert_eq!(run.json()["legs"].as_array().unwrap().len(), 1);
    }
    let grants: Vec<_> = issuer
        .seen("/token")
        .into_iter()
        .map(|form| form[0].1.clone())
        .collect();
    assert_eq!(grants[1..], ["refresh_token", "refresh_token"]);
}

#[test]
fn a_token_that_is_refused_is_renewed_once() {
    let (issuer, store) = (Issuer::start(), Store::new());
    get(&store, &issuer, "device_code", "mine");
    issuer.end_access();
    let run = send_stored(&store, &issuer, &[named("mine"), secret()].concat());
    assert_eq!(run.code, 0, "{}", run.printed());
    let json = run.json();
    let statuses = [0, 1].map(|leg| json["legs"][leg]["response"]["status"].as_u64());
    assert_eq!(statuses, [Some(401), Some(200)]);
}

#[test]
fn without_the_secret_the_server_refuses_to_renew() {
    let (issuer, store) = (Issuer::start(), Store::new());
    get(&store, &issuer, "device_code", "mine");
    let run = token(&store, &["refresh", "mine"], &[]);
    assert_eq!(run.code, 5, "{}", run.printed());
    assert_eq!(run.json()["error"]["kind"], "Denied");
    let run = token(
        &store,
        &["refresh", "mine"],
        &[secret().to_vec(), vec!["--keep-secrets".to_owned()]].concat(),
    );
    assert_eq!(run.code, 0, "{}", run.printed());
    let run = token(&store, &["refresh", "mine"], &[]);
    assert_eq!(run.code, 0, "{}", run.printed());
    assert!(!run.printed().contains(SECRET), "{}", run.printed());
}

#[test]
fn the_selected_token_is_the_one_where_none_is_told() {
    let (issuer, store) = (Issuer::start(), Store::new());
    assert_eq!(token(&store, &["show"], &[]).code, 2);
    assert_eq!(send_stored(&store, &issuer, &[]).code, 2);
    get(&store, &issuer, "client_credentials", "one");
    get(&store, &issuer, "device_code", "two");
    assert_eq!(token(&store, &["select", "two"], &[]).code, 0);
    let name = |args: &[&str]| token(&store, args, &[]).json()["tokens"][0]["name"].clone();
    assert_eq!(name(&["show"]), "two");
    for more in [&[][..], &secret()] {
        let run = send_stored(&store, &issuer, more);
        assert_eq!(run.code, 0, "{}", run.printed());
    }
    assert_eq!(token(&store, &["rename", "two", "three"], &[]).code, 0);
    assert_eq!(name(&["show"]), "three");
    let all = token(&store, &["list"], &[]).json();
    let named = [0, 1].map(|at| {
        (
            all["tokens"][at]["name"].clone(),
            all["tokens"][at]["selected"].clone(),
        )
    });
    assert_eq!(
        named,
        [("one".into(), false.into()), ("three".into(), true.into())]
    );
}

#[test]
fn a_revoked_token_is_gone_on_both_sides() {
    let (issuer, store) = (Issuer::start(), Store::new());
    get(&store, &issuer, "device_code", "mine");
    let run = token(&store, &["revoke", "mine"], &secret());
    assert_eq!(run.code, 0, "{}", run.printed());
    let form = issuer.seen("/revoke").remove(0);
    assert!(
        form.contains(&("token_type_hint".to_owned(), "refresh_token".to_owned())),
        "{form:?}"
    );
    assert_eq!(token(&store, &["show", "mine"], &[]).code, 2);
    assert_eq!(send_stored(&store, &issuer, &named("mine")).code, 2);
}

#[test]
fn what_has_ended_for_good_is_pruned() {
    let (issuer, store) = (Issuer::lasting(0), Store::new());
    get(&store, &issuer, "client_credentials", "over");
    get(&store, &issuer, "device_code", "renewable");
    let pruned = token(&store, &["prune"], &[]).json();
    assert_eq!(pruned["tokens"][0]["name"], "over");
    let left = token(&store, &["list"], &[]).json();
    assert_eq!(left["tokens"].as_array().unwrap().len(), 1);
    assert_eq!(token(&store, &["delete", "renewable"], &[]).code, 0);
    assert_eq!(
        token(&store, &["list"], &[]).json()["tokens"],
        serde_json::json!([])
    );
}

#[test]
fn a_stored_token_is_signed_with_offline() {
    let (issuer, store) = (Issuer::start(), Store::new());
    get(&store, &issuer, "client_credentials", "mine");
    let args = [&named("mine")[..], &secret(), &["--offline".to_owned()]].concat();
    let run = send_stored(&store, &issuer, &args);
    assert_eq!(run.code, 0, "{}", run.printed());
    assert_eq!(run.json()["outcome"], "offline");
    assert_eq!(issuer.seen("/api"), [[]; 0]);
}
