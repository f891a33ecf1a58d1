//! The vectors, read.
#![allow(dead_code, unreachable_pub)] // No test uses all of it.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

/// A request as typed, how it is signed, and what has to come out at each stage.
pub struct Case {
    pub name: String,
    pub method: String,
    pub scheme: String,
    pub host: String,
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    pub client_token: String,
    pub secret: String,
    pub access_token: String,
    pub time: String,
    pub nonce: String,
    pub max_body: usize,
    pub signed: Vec<String>,
    pub signing_key: String,
    pub content_hash: Option<String>,
    /// The data to sign, up to the header.
    pub data: Option<String>,
    pub signature: String,
    pub disputed: bool,
}

pub fn read(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn pairs(value: &Value) -> Vec<(String, String)> {
    list(value)
        .iter()
        .map(|pair| (text(&pair[0]), text(&pair[1])))
        .collect()
}

fn body(value: &Value) -> Vec<u8> {
    match (value["b64"].as_str(), value["fill"].as_str()) {
        (Some(encoded), _) => STANDARD.decode(encoded).unwrap(),
        (_, Some(fill)) => fill
            .repeat(value["len"].as_u64().unwrap() as usize)
            .into_bytes(),
        _ => value.as_str().unwrap_or_default().into(),
    }
}

/// Akamai's own cases.
pub fn published() -> Vec<Case> {
    let file = read("tests/vectors/akamai.json");
    let case = |one: &Value| Case {
        name: text(&one["name"]),
        method: text(&one["method"]),
        scheme: "https".to_owned(),
        host: text(&file["host"]),
        target: text(&one["path"]),
        headers: pairs(&one["headers"]),
        body: body(&one["body"]),
        client_token: text(&file["client_token"]),
        secret: text(&file["client_secret"]),
        access_token: text(&file["access_token"]),
        time: text(&file["timestamp"]),
        nonce: text(&file["nonce"]),
        max_body: file["max_body"].as_u64().unwrap() as usize,
        signed: list(&file["headers_to_sign"]).iter().map(text).collect(),
        signing_key: text(&file["signing_key"]),
        content_hash: None,
        data: one["data"].as_str().map(str::to_owned),
        signature: text(&one["signature"]),
        disputed: false,
    };
    list(&file["cases"]).iter().map(case).collect()
}

/// Those of the reference client.
pub fn generated() -> Vec<Case> {
    let file = read("tests/vectors/edgegrid.json");
    let case = |one: &Value| {
        let data = text(&one["data_to_sign"]);
        let (data, _) = data.rsplit_once('\t').unwrap();
        let signature = text(&one["authorization"]);
        let (_, signature) = signature.split_once("signature=").unwrap();
        Case {
            name: text(&one["id"]),
            method: text(&one["method"]),
            scheme: text(&one["scheme"]),
            host: text(&one["authority"]),
            target: text(&one["target"]),
            headers: pairs(&one["headers"]),
            body: body(&one["body"]),
            client_token: text(&file["meta"]["client_token"]),
            secret: text(&file["meta"]["client_secret"]),
            access_token: text(&file["meta"]["access_token"]),
            time: text(&one["timestamp"]),
            nonce: text(&one["nonce"]),
            max_body: one["max_body"].as_u64().unwrap() as usize,
            signed: list(&one["headers_to_sign"]).iter().map(text).collect(),
            signing_key: text(&one["signing_key"]),
            content_hash: Some(text(&one["content_hash"])),
            data: Some(data.to_owned() + "\t"),
            signature: signature.to_owned(),
            disputed: one["disputed"] == true,
        }
    };
    list(&file["vectors"]).iter().map(case).collect()
}

pub fn bad_inputs() -> Vec<Value> {
    list(&read("tests/data/bad-inputs-edgegrid.json")).to_vec()
}
