//! Fixed values of Postman through a collection, where its vectors lie beside the repository.

use std::path::Path;

use countersign::Options;
use countersign_postman::Variables;
use serde_json::{Value, json};

use crate::support::{collection, first, sent, text, try_prepare};

fn vectors() -> Option<Vec<Value>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(3)?;
    let file = std::fs::read(root.join("shared/reference/postman-vectors.json")).ok()?;
    let mut file: Value = serde_json::from_slice(&file).unwrap();
    Some(std::mem::take(file["vectors"].as_array_mut().unwrap()))
}

/// The vectors whose outcome needs neither a clock nor a nonce.
fn is_constant(vector: &Value) -> bool {
    let kinds = ["basic", "bearer"];
    kinds.iter().any(|kind| vector["auth"] == *kind) && vector.get("do_not_match").is_none()
}

fn header<'a>(vector: &'a Value, name: &str) -> Option<&'a str> {
    let headers = vector["expect"]["headers"].as_array()?.iter();
    let mut named = headers.filter(|pair| pair[0] == name);
    named.next().and_then(|pair| pair[1].as_str())
}

#[test]
fn they_come_out_the_same() {
    let Some(vectors) = vectors() else {
        println!(
            "skipped: there is no shared/reference/postman-vectors.json beside the repository"
        );
        return;
    };
    let mut compared = 0;
    for vector in vectors.iter().filter(|vector| is_constant(vector)) {
        let Some(expected) = header(vector, "Authorization") else {
            continue;
        };
        let (kind, mut request) = (vector["auth"].as_str().unwrap(), vector["request"].clone());
        request["auth"] = json!({"type": kind, kind: vector["params"]});
        request["url"] = "https://h.test/".into();
        let collection = collection(&json!({"item": [{"request": request}]}))
            .options(Options::new().lenient(true));
        let ours = sent(&collection, first(&collection), &Variables::new());
        assert!(ours.as_deref() == Some(expected), "{}", vector["id"]);
        compared += 1;
    }
    assert!(compared >= 4, "{compared}");
}

#[test]
fn urls_and_bodies_are_those_of_postman() {
    let Some(vectors) = vectors() else {
        println!(
            "skipped: there is no shared/reference/postman-vectors.json beside the repository"
        );
        return;
    };
    let mut compared = 0;
    for vector in vectors
        .iter()
        .filter(|vector| vector["auth"] == "basic" || vector["auth"] == "oauth1")
    {
        let mut request = vector["request"].clone();
        let Some(expected) = vector["expect"]["url"].as_str() else {
            continue;
        };
        let header = vector["params"]["addParamsToHeader"] == true;
        if !request["url"].is_object()
            || expected.is_empty()
            || !header
            || vector.get("do_not_match").is_some()
        {
            continue;
        }
        request["auth"] = Value::Null;
        request["header"] = Value::Null;
        let collection = collection(&json!({"item": [{"request": request}]}));
        let prepared = try_prepare(&collection, &Variables::new().keep_unresolved(true)).unwrap();
        let ours = prepared.request.uri().to_string();
        assert_eq!(ours, expected, "{}", vector["id"]);
        if request["body"]["mode"] == "raw" && prepared.request.method() == "POST" {
            assert_eq!(
                Some(text(prepared).as_str()),
                request["body"]["raw"].as_str()
            );
        }
        compared += 1;
    }
    assert!(compared >= 3, "{compared}");
}
