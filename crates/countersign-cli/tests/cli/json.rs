//! The JSON that scripts read.

use serde_json::{Value, json};

use crate::support::{MUFASA, RawServer, Serve, decoded, header, send, send_with};

/// Sorted, as their order is not agreed on.
fn keys(value: &Value) -> Vec<&str> {
    let members = value.as_object().unwrap().keys();
    let mut keys: Vec<&str> = members.map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

#[test]
fn it_has_the_agreed_shape() {
    let server = RawServer::start(&["201 Created\nX-A: 1\nX-A: 2\n\nbody"]);
    let run = send(&[
        "POST",
        &server.url("/p"),
        "-d",
        "data",
        "-H",
        "X-B: \u{e9}",
        "--json",
    ]);
    let json = run.json();
    assert_eq!(keys(&json), ["error", "legs", "outcome", "status"]);
    assert_eq!(json["status"], 201);
    assert_eq!(json["error"], Value::Null);
    let leg = &json["legs"][0];
    assert_eq!(keys(leg), ["request", "response"]);
    assert_eq!(keys(&leg["request"]), ["body", "headers", "method", "url"]);
    assert_eq!(keys(&leg["response"]), ["body", "headers", "status"]);
    assert_eq!(leg["request"]["method"], "POST");
    assert_eq!(leg["request"]["url"], server.url("/p"));
    assert_eq!(decoded(&leg["request"]["body"]), b"data");
    assert_eq!(decoded(&leg["response"]["body"]), b"body");
    assert_eq!(header(&leg["response"], "x-a"), ["1", "2"]);
    // UTF-8 on the wire, each byte as a character.
    assert_eq!(header(&leg["request"], "x-b"), ["\u{c3}\u{a9}"]);
}

#[test]
fn the_headers_are_those_on_the_wire() {
    let server = RawServer::start(&["200 OK"]);
    let run = send(&[
        "POST",
        &server.url("/"),
        "-d",
        "x",
        "-H",
        "B: 1",
        "-H",
        "A: 2",
        "--json",
    ]);
    let headers = run.json()["legs"][0]["request"]["headers"].clone();
    let written = server.requests().remove(0);
    let head = written.split("\r\n\r\n").next().unwrap();
    let lines = head
        .split("\r\n")
        .skip(1)
        .map(|line| line.split_once(": ").unwrap());
    assert_eq!(
        headers,
        lines
            .map(|(name, value)| json!([name, value]))
            .collect::<Value>()
    );
}

#[test]
fn every_leg_is_there_in_order() {
    let serve = Serve::login("digest");
    let run = send_with(
        &[
            &["POST", &serve.url("/a"), "--json", "-d", "-"],
            &MUFASA[..],
        ]
        .concat(),
        b"twice",
    );
    let json = run.json();
    let legs = json["legs"].as_array().unwrap();
    let statuses: Vec<_> = legs
        .iter()
        .map(|leg| leg["response"]["status"].as_u64().unwrap())
        .collect();
    assert_eq!(statuses, [401, 200]);
    assert!(
        legs.iter()
            .all(|leg| decoded(&leg["request"]["body"]) == b"twice")
    );
    assert_eq!(header(&legs[0]["request"], "authorization"), [""; 0]);
    assert_eq!(header(&legs[1]["request"], "authorization").len(), 1);
    let seen: Value = serde_json::from_slice(&decoded(&legs[1]["response"]["body"])).unwrap();
    assert_eq!(seen["principal"], "Mufasa");
}

#[test]
fn a_failure_is_told_in_it_too() {
    let run = send(&["GET", "http://127.0.0.1:1/", "--auth", "bearer", "--json"]);
    let json = run.json();
    assert_eq!(run.code, 2);
    assert_eq!(json["legs"], json!([]));
    assert_eq!(keys(&json["error"]), ["kind", "message"]);
    assert_eq!(json["error"]["kind"], "Configuration");
}
