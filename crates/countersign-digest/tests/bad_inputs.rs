//! Every row of the catalogue of bad inputs that concerns Digest ends as it says there.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

#[path = "bad_inputs/client.rs"]
mod client;
#[path = "bad_inputs/server.rs"]
mod server;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

fn rows() -> Vec<Value> {
    let rows: Vec<Value> =
        serde_json::from_str(include_str!("data/bad-inputs-digest.json")).unwrap();
    assert_eq!(rows.len(), 63);
    rows
}

/// The row's input as bytes; a template stands as it is.
fn input(row: &Value) -> Vec<u8> {
    let text = row["input"].as_str().unwrap_or_default();
    match row["enc"].as_str().unwrap() {
        "base64" => STANDARD.decode(text).unwrap(),
        "rle" => runs(&row["input"]),
        "generator" => numbered(),
        _ => text.as_bytes().to_vec(),
    }
}

fn runs(runs: &Value) -> Vec<u8> {
    let run = |run: &Value| {
        run[0]
            .as_str()
            .unwrap()
            .repeat(run[1].as_u64().unwrap() as usize)
            .into_bytes()
    };
    runs.as_array().unwrap().iter().flat_map(run).collect()
}

fn numbered() -> Vec<u8> {
    let all: Vec<_> = (0..100_000).map(|n| format!("S{n} a=b")).collect();
    all.join(", ").into_bytes()
}

#[tokio::test]
async fn every_row_of_the_client() {
    for row in rows().iter().filter(|row| row["side"] == "client") {
        client::check(row["id"].as_str().unwrap(), &input(row)).await;
    }
}

#[tokio::test]
async fn every_row_of_the_server() {
    for row in rows().iter().filter(|row| row["side"] == "server") {
        server::check(row["id"].as_str().unwrap(), &input(row)).await;
    }
}
