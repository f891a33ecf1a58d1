//! Exports without secrets.

use countersign_postman::{Collection, Environment, Variables};
use countersign_testkit::Canary;
use serde_json::{Value, json};

use crate::support::{block_on, collection, sent};

/// A collection with a secret in every place that is known to have one.
fn full(secret: &dyn Fn() -> String) -> Value {
    let auth = |token: &str| {
        json!({
            "type": "bearer",
            "bearer": [{"key": "token", "value": token, "type": "string"}],
            "basic": {"username": "open user", "password": secret()},
            "quantum": [{"key": "spin", "value": secret()}],
        })
    };
    let shared = secret();
    let token = secret();
    let url = format!(
        "https://u:{}@h.test/a?access_token={token}&page=open",
        secret()
    );
    let request = json!({
        "method": "POST",
        "url": {"raw": url, "protocol": "https", "host": [format!("u:{}@h", secret()), "test"], "path": ["a"],
            "query": [{"key": "access_token", "value": token}, {"key": "page", "value": "open"}]},
        "header": [{"key": "X-Api-Key", "value": shared}, {"key": "Accept", "value": "open/type"}],
        "auth": auth(&secret()),
        "body": {"mode": "raw", "raw": format!("{{\"again\": \"{shared}\", \"other\": \"open text\"}}")},
    });
    let old = json!({
        "url": format!("https://h.test/?api_key={}", secret()),
        "header": format!("Cookie: {}\nAccept: open/lines", secret()),
        "currentHelper": "hawkAuth",
        "helperAttributes": {"hawk_id": "open id", "hawk_key": secret(), "algorithm": "sha256"},
    });
    let form = json!({"url": "https://h.test/", "body": {"mode": "urlencoded", "urlencoded": [
        {"key": "client_secret", "value": secret()}, {"key": "grant_type", "value": "open grant"}]}});
    json!({
        "info": {"name": "open name"},
        "item": [
            {"name": "one", "request": request, "response": [{"body": format!("echo {shared}")}]},
            {"name": "two", "request": old},
            {"name": "three", "request": form},
        ],
        "auth": auth("{{reference}}"),
        "variable": [
            {"key": "any", "value": secret(), "type": "secret"},
            {"key": "db_password", "value": secret()},
            {"key": "plain", "value": "open value"},
            {"key": "reference", "value": "open-reference"},
        ],
    })
}

fn canaries() -> Collection {
    collection(&full(&|| Canary::token().as_str().to_owned()))
}

const OPEN: [&str; 13] = [
    "open user",
    "open type",
    "open name",
    "open text",
    "open id",
    "open grant",
    "open value",
    "open-reference",
    "page=open",
    "open/type",
    "open/lines",
    "{{reference}}",
    "sha256",
];

#[test]
fn nothing_secret_is_left_and_nothing_else_is_gone() {
    let original = canaries();
    let (moved, secrets) = original.split_secrets("s");
    for text in [original.without_secrets().to_json(), moved.to_json()] {
        assert!(!countersign_testkit::find_mark(text.as_bytes()), "{text}");
        for open in OPEN.iter().filter(|open| **open != "open type") {
            assert!(text.contains(open), "{open} in {text}");
        }
    }
    assert!(secrets.to_json().contains("secret_password"));
}

#[test]
fn moved_secrets_make_the_same_requests() {
    let original = canaries();
    let (moved, secrets) = original.split_secrets("s");
    let with = Variables::new().environment(secrets);
    for (old, new) in original.requests().zip(moved.requests()) {
        let without = Variables::new();
        let head = |collection: &Collection, item, variables| {
            let prepared = block_on(collection.prepare(item, variables)).unwrap();
            let (head, body) = prepared.request.into_parts();
            (head.method, head.uri, head.headers, body.as_bytes())
        };
        assert_eq!(head(&original, old, &without), head(&moved, new, &with));
    }
    let first = |collection: &Collection, variables| {
        sent(collection, collection.requests().next().unwrap(), variables).unwrap()
    };
    assert!(first(&original, &Variables::new()) == first(&moved, &with));
}

#[test]
fn an_environment_is_emptied_too() {
    let secret = Canary::token();
    let values = json!([
        {"key": "token", "value": secret.as_str(), "initialValue": secret.as_str()},
        {"key": "x", "value": secret.as_str(), "type": "secret"},
        {"key": "host", "value": "h.test"},
    ]);
    let environment = Environment::parse(json!({"values": values}).to_string()).unwrap();
    let text = environment.without_secrets().to_json();
    assert!(!secret.is_in(text.as_bytes()));
    assert!(text.contains("h.test"));
}

#[test]
fn a_value_that_is_also_a_word_leaves_the_structure_alone() {
    let auth = json!({"type": "basic", "basic": [{"key": "password", "value": "password"}, {"key": "username", "value": "u"}]});
    let document = json!({"item": [{"name": "password", "request": {"url": "https://h.test/", "auth": auth}}]});
    let (moved, secrets) = collection(&document).split_secrets("s");
    let header = sent(
        &moved,
        moved.requests().next().unwrap(),
        &Variables::new().environment(secrets),
    );
    assert_eq!(header.unwrap(), "Basic dTpwYXNzd29yZA==");
    assert!(moved.to_json().contains("{{secret_password}}"));
}
