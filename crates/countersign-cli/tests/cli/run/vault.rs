//! The secrets of `{{vault:name}}`.

use serde_json::json;

use super::{Files, auth, collection, get};
use crate::support::RawServer;

/// A request with the secret `key`.
fn files(server: &RawServer) -> Files {
    let mut one = get("one", &server.url("/"));
    one["request"]["auth"] = auth("bearer", &json!({"token": "{{vault:key}}"}));
    Files::with(&collection(&[one], &json!({})))
}

fn vault(files: &Files, domain: &str) -> String {
    let token = files.write("token.txt", "t0k3n-of-the-vault\n");
    let entry = json!({"key": "vault:key", "value": format!("@file:{token}"), "domains": [domain]});
    files.write("vault.json", &json!({"values": [entry]}).to_string())
}

#[test]
fn a_secret_goes_to_its_domain_and_is_not_shown() {
    let server = RawServer::start(&["200 OK"]);
    let files = files(&server);
    let vault = vault(&files, &server.url("/any"));
    let run = files.run(&["--vault", &vault]);
    assert_eq!(run.code, 0, "{}", run.printed());
    assert!(server.requests()[0].contains("authorization: Bearer t0k3n-of-the-vault\r\n"));
    let shown = files.run(&["--vault", &vault, "--offline"]).printed();
    assert!(shown.contains("Bearer [redacted]") && !shown.contains("t0k3n"));
}

#[test]
fn without_it_or_elsewhere_nothing_is_sent() {
    let server = RawServer::start(&[]);
    let files = files(&server);
    let elsewhere = vault(&files, "https://api.example");
    let (code, report) = files.report(&["--vault", &elsewhere]);
    assert_eq!(code, 2);
    assert_eq!(report["requests"][0]["error"]["kind"], "SecretDomain");
    let (code, report) = files.report(&[]);
    let error = &report["requests"][0]["error"];
    assert_eq!((code, &error["kind"]), (2, &json!("Unresolved")));
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("vault:key") && message.contains("no vault has"));
    assert_eq!(server.requests(), [""; 0]);
}

#[test]
fn a_file_that_is_none_is_refused_without_showing_it() {
    let files = files(&RawServer::start(&[]));
    for (text, says) in [
        (
            r#"{"values": ["s3cret-s3cret"]}"#,
            "which it is not at line 1",
        ),
        (
            r#"{"values": [{"key": "k", "value": "@env:COUNTERSIGN_NOT_SET"}]}"#,
            "is not set",
        ),
        (
            r#"{"values": [{"key": "k", "value": "s3cret-s3cret", "domains": ["a*b"]}]}"#,
            "secret k",
        ),
    ] {
        let path = files.write("vault.json", text);
        let run = files.run(&["--vault", &path]);
        assert_eq!(run.code, 2);
        assert!(run.stderr.contains(says), "{}", run.stderr);
        assert!(!run.printed().contains("s3cret"));
    }
}
