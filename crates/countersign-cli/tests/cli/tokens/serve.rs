//! A token against `serve`, and settings from a file.

use serde_json::json;

use super::{Store, countersign, send_stored, token};
use crate::support::{CLIENT, Issuer, RawServer, SECRET, Serve};

#[test]
fn serve_takes_the_token_that_it_is_given_where_it_is_put() {
    for set in [
        &[][..],
        &["headerPrefix=Token"],
        &["addTokenTo=queryParams"],
        &["addTokenTo=form"],
    ] {
        let args: Vec<&str> = set.iter().flat_map(|set| ["--set", set]).collect();
        let token = ["--auth", "oauth2", "--set", "accessToken=t0ken"];
        let serve = Serve::start(&[&token[..], &args].concat());
        let url = serve.url("/");
        let with = |token: &str| {
            let first = ["send", "POST", &url, "--form", "a=1", "--auth", "oauth2"];
            let token = ["--set", token];
            countersign(&[&first[..], &token, &args].concat(), &[])
        };
        let accepted = with("accessToken=t0ken");
        assert_eq!(accepted.code, 0, "{set:?} {}", accepted.printed());
        assert!(
            !accepted.printed().contains("t0ken"),
            "{}",
            accepted.printed()
        );
        assert_eq!(with("accessToken=other").code, 4, "{set:?}");
    }
}

/// Postman's `auth` object for client credentials, with a parameter of one's own.
fn file(issuer: &Issuer, store: &Store) -> String {
    let list = json!([{"key": "tenant", "value": "hunter2hunter2", "send_as": "request_header"}]);
    let set = json!({
        "grant_type": "client_credentials", "accessTokenUrl": issuer.url("/token"), "clientId": CLIENT,
        "clientSecret": SECRET, "client_authentication": "body", "tokenName": "mine", "useBrowser": true,
        "tokenRequestParams": list, "colour": "red"
    });
    let file = store.0.path().join("auth.json");
    std::fs::write(&file, json!({"type": "oauth2", "oauth2": set}).to_string()).unwrap();
    file.display().to_string()
}

#[test]
fn a_whole_auth_object_gets_a_token() {
    let (issuer, store) = (Issuer::start(), Store::new());
    let file = ["--auth-file".to_owned(), file(&issuer, &store)];
    let run = token(&store, &["get"], &file);
    assert_eq!(run.code, 0, "{}", run.printed());
    assert_eq!(
        send_stored(&store, &issuer, &[]).code,
        2,
        "none is selected"
    );
    assert_eq!(send_stored(&store, &issuer, &super::named("mine")).code, 0);
    let url = issuer.url("/api");
    let store = ["--store".to_owned(), store.path()];
    let run = countersign(&["send", "GET", &url], &[file, store].concat());
    assert_eq!(run.code, 0, "{}", run.printed());
    assert!(
        run.stderr.contains("\"colour\" is ignored"),
        "{}",
        run.stderr
    );
    assert_eq!(issuer.seen("/token").len(), 1);
}

#[test]
fn a_parameter_of_ones_own_is_a_secret() {
    let (issuer, store) = (Issuer::start(), Store::new());
    let echo = RawServer::start(&["200 OK\n\nfor hunter2hunter2"]);
    let url = echo.url("/");
    let file = file(&issuer, &store);
    let run = countersign(&["send", "GET", &url, "--auth-file", &file], &[]);
    assert_eq!(run.code, 0, "{}", run.printed());
    assert!(run.text().contains("for [redacted]"), "{}", run.text());
}
