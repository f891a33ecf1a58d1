//! The collection of the examples against the servers of the tour.

use std::path::Path;

use examples::tour::Tour;
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::support::{Run, command, run};

const COLLECTION: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../examples/collection.json"
);

fn visit(args: &[&str]) -> Run {
    let runtime = Runtime::new().unwrap();
    let tour = runtime.block_on(Tour::start()).unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), tour.environment().to_string()).unwrap();
    let mut visit = command(&["run", COLLECTION, "--timeout", "60", "-e"]);
    run(visit.arg(file.path()).args(args), b"")
}

fn request<'a>(report: &'a Value, name: &str) -> &'a Value {
    let mut requests = report["requests"].as_array().unwrap().iter();
    requests.find(|one| one["name"] == name).unwrap()
}

#[test]
fn every_type_is_let_in_at_every_level() {
    assert!(Path::new(COLLECTION).exists());
    let run = visit(&["--report", "json"]);
    assert_eq!(run.code, 0, "{}", run.printed());
    let report = run.json();
    let requests = report["requests"].as_array().unwrap();
    let kinds: std::collections::HashSet<_> = requests
        .iter()
        .map(|one| one["auth"]["type"].as_str().unwrap())
        .collect();
    let all = countersign::AuthType::ALL.map(|kind| kind.as_str());
    assert_eq!(kinds, all.into());
    for level in ["collection", "folder", "request"] {
        assert!(requests.iter().any(|one| one["auth"]["level"] == level));
    }
    for secret in [
        "Circle-of-Life",
        "PRIVATE KEY",
        "Pride-Rock",
        "access-",
        "refresh-",
    ] {
        assert!(!run.printed().contains(secret), "{secret}");
    }
}

#[test]
fn what_one_request_learns_the_next_one_uses() {
    let report = visit(&["--report", "json"]).json();
    let sent = |name: &str| request(&report, name)["sent"].as_u64().unwrap();
    assert_eq!(sent("Digest/A challenge"), 2);
    assert_eq!(sent("Digest/The nonce again"), 1);
    assert_eq!(sent("NTLM/A handshake"), 3);
    assert_eq!(sent("NTLM/The connection again"), 1);
    assert_eq!(
        sent("OAuth 2.0/Tokens that are good once/Refused and renewed"),
        2
    );
}
