//! Rows of the catalogue of bad inputs that belong to OAuth 1.
#![allow(clippy::unwrap_used, clippy::panic)]

countersign_testkit::watched!();

#[path = "bad_inputs/client.rs"]
mod client;
#[path = "bad_inputs/server.rs"]
mod server;
mod support;

use serde_json::Value;

#[test]
fn every_row_ends_as_it_says() {
    let rows = include_str!("data/bad-inputs-oauth1.json");
    let rows: Vec<Value> = serde_json::from_str(rows).unwrap();
    assert_eq!(rows.len(), 23);
    for row in rows {
        let id = row["id"].as_str().unwrap();
        match row["side"].as_str().unwrap() {
            "client" => client::check(id, row["input"].as_str().unwrap()),
            _ => server::check(
                id,
                &line(&row),
                row["clock"].as_u64().unwrap_or(server::TIME),
            ),
        }
    }
}

fn line(row: &Value) -> String {
    match row["enc"].as_str().unwrap() {
        "rle" => row["input"].as_array().unwrap().iter().map(run).collect(),
        _ => row["input"].as_str().unwrap().to_owned(),
    }
}

fn run(run: &Value) -> String {
    let times = run[1].as_u64().unwrap() as usize;
    run[0].as_str().unwrap().repeat(times)
}
