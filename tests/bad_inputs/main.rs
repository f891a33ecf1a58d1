//! Hostile inputs for the loop, the redirects and the server's layer, each by its number in `data/bad-inputs.json`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod answers;
mod challenges;
mod redirects;
mod server;

use std::collections::BTreeMap;

use base64::Engine;
use countersign_testkit::Seen;
use serde_json::Value;

/// Rows that are tried elsewhere, and why.
const ELSEWHERE: &[(&str, &str)] = &[(
    "B029",
    "1.1 MB does not pass a client's own limit on fields; the parser's own tests feed it",
)];

/// Rows with a test of their own.
const ALONE: &[&str] = &["B028", "B481", "B483", "B484"];

fn rows() -> BTreeMap<String, Value> {
    let rows: Vec<Value> = serde_json::from_str(include_str!("../data/bad-inputs.json")).unwrap();
    rows.into_iter()
        .map(|row| (row["id"].as_str().unwrap().to_owned(), row))
        .collect()
}

fn input(row: &Value) -> Vec<u8> {
    match (row["enc"].as_str().unwrap(), &row["input"]) {
        ("text", Value::String(text)) => text.clone().into_bytes(),
        ("base64", Value::String(text)) => base64::engine::general_purpose::STANDARD
            .decode(text)
            .unwrap(),
        ("rle", Value::Array(runs)) => runs.iter().flat_map(run).collect(),
        other => panic!("{other:?} is not an input"),
    }
}

fn run(run: &Value) -> Vec<u8> {
    let count = usize::try_from(run[1].as_u64().unwrap()).unwrap();
    run[0].as_str().unwrap().repeat(count).into_bytes()
}

fn authorization(seen: &Seen) -> Option<String> {
    let mut fields = seen.request.headers.iter();
    let (_, value) = fields.find(|(name, _)| name.eq_ignore_ascii_case("authorization"))?;
    Some(String::from_utf8_lossy(value).into_owned())
}

#[test]
fn every_row_is_handled_and_every_handler_has_its_row() {
    let mut handled: Vec<&str> = challenges::CHALLENGES.iter().map(|(id, ..)| *id).collect();
    handled.extend(answers::ANSWERS.iter().map(|(id, ..)| *id));
    handled.extend(redirects::REDIRECTS.iter().map(|(id, ..)| *id));
    handled.extend(ELSEWHERE.iter().map(|(id, _)| *id));
    handled.extend(ALONE);
    handled.sort_unstable();
    handled.dedup();
    assert_eq!(handled, rows().keys().collect::<Vec<_>>());
}
