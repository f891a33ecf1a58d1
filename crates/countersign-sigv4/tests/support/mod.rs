//! The vectors, read.
#![allow(dead_code, unreachable_pub)] // No test uses all of it.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use countersign_core::{FixedClock, Sources};
use serde_json::Value;

/// 2015-08-30T12:36:00Z.
pub const TIME: u64 = 1_440_938_160;
pub const ID: &str = "AKIDEXAMPLE";
pub const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

pub fn at(unix: u64) -> Sources {
    Sources {
        clock: Arc::new(FixedClock(Duration::from_secs(unix))),
        ..Sources::default()
    }
}

/// A request as typed, how it is signed, and what has to come out at each stage.
#[derive(Debug, Default)]
pub struct Case {
    pub name: String,
    pub method: String,
    pub scheme: String,
    pub host: String,
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    pub region: String,
    pub service: String,
    pub time: u64,
    pub token: Option<String>,
    pub unsigned_token: bool,
    pub content_sha256: bool,
    pub normalize: bool,
    /// Its path is encoded in the request, and not once more.
    pub encoded_once: bool,
    pub canonical_request: Option<String>,
    pub string_to_sign: Option<String>,
    pub signature: Option<String>,
    pub authorization: Option<String>,
    /// What the second signer gave, where there are two.
    pub second: Option<String>,
    pub disputed: bool,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors")
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

/// The generated vectors of a kind: `header` or `query`.
pub fn generated(kind: &str) -> Vec<Case> {
    let file = json(&fs::read_to_string(folder().join(kind).with_extension("json")).unwrap());
    let token = text(&file["meta"]["session_token"]).unwrap();
    let vectors = file["vectors"].as_array().unwrap();
    vectors.iter().map(|one| from_vector(one, &token)).collect()
}

fn from_vector(vector: &Value, token: &str) -> Case {
    let header = |pair: &Value| (text(&pair[0]).unwrap(), text(&pair[1]).unwrap());
    let service = text(&vector["service"]).unwrap();
    Case {
        name: text(&vector["id"]).unwrap(),
        method: text(&vector["method"]).unwrap(),
        scheme: text(&vector["scheme"]).unwrap(),
        host: text(&vector["authority"]).unwrap(),
        target: text(&vector["target"]).unwrap(),
        headers: vector["headers"]
            .as_array()
            .unwrap()
            .iter()
            .map(header)
            .collect(),
        body: body(&vector["body"]),
        region: "us-east-1".into(),
        content_sha256: service == "s3",
        normalize: service != "s3",
        encoded_once: false,
        service,
        time: TIME,
        token: (vector["session_token"] == true).then(|| token.to_owned()),
        unsigned_token: false,
        canonical_request: text(&vector["canonical_request"]),
        string_to_sign: text(&vector["string_to_sign"]),
        signature: text(&vector["signature"]),
        authorization: text(&vector["authorization"]),
        second: text(&vector["crt_signature"]),
        disputed: vector["disputed"] == true,
    }
}

fn body(value: &Value) -> Vec<u8> {
    match (value["b64"].as_str(), value["fill"].as_str()) {
        (Some(encoded), _) => STANDARD.decode(encoded).unwrap(),
        (_, Some(fill)) => fill
            .repeat(value["len"].as_u64().unwrap() as usize)
            .into_bytes(),
        _ => Vec::new(),
    }
}

/// The cases of AWS's test suite for a form: `header` or `query`.
pub fn suite(form: &str) -> Vec<Case> {
    let entries = fs::read_dir(folder().join("aws-signing-test-suite")).unwrap();
    let mut folders: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    folders
        .iter()
        .filter_map(|folder| from_folder(folder, form))
        .collect()
}

fn from_folder(folder: &Path, form: &str) -> Option<Case> {
    let read = |name: &str| fs::read_to_string(folder.join(name)).ok();
    let stage = |name: &str| read(&format!("{form}-{name}.txt"));
    let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
    let canonical_request = stage("canonical-request")?;
    let context = read("context.json")
        .map(|text| json(&text))
        .unwrap_or_else(|| old(&name));
    let request = read("request.txt").unwrap();
    let mut case = Case {
        region: text(&context["region"]).unwrap(),
        service: text(&context["service"]).unwrap(),
        time: context["unix"].as_u64().unwrap_or(TIME),
        token: text(&context["credentials"]["token"]),
        unsigned_token: context["omit_session_token"] == true,
        content_sha256: context["sign_body"] == true && form == "header",
        normalize: context["normalize"] == true,
        encoded_once: name == "get-space-normalized",
        canonical_request: Some(canonical_request),
        string_to_sign: stage("string-to-sign").map(|text| text.trim_end().to_owned()),
        signature: stage("signature").map(|text| text.trim_end().to_owned()),
        name,
        ..Case::default()
    };
    if case.signature.is_none() && case.string_to_sign.is_some() {
        let signed = stage("signed-request").unwrap();
        let signature = signed.trim_end().rsplit_once("Signature=").unwrap().1;
        case.signature = Some(signature.to_owned());
    }
    read_request(&mut case, &request);
    Some(case)
}

/// The two cases that come without a context.
fn old(name: &str) -> Value {
    let (region, service) = match name {
        "double-url-encode" => ("us-east-2", "lambda"),
        "double-encode-path" => ("us-east-1", "service"),
        _ => panic!("{name} has no context"),
    };
    serde_json::json!({
        "region": region, "service": service, "normalize": true, "unix": 1_620_747_645,
    })
}

fn read_request(case: &mut Case, request: &str) {
    let (head, body) = request
        .split_once("\n\n")
        .unwrap_or((request.trim_end(), ""));
    let (line, fields) = head.split_once('\n').unwrap();
    let (method, target) = line.split_once(' ').unwrap();
    case.method = method.to_owned();
    case.target = target.strip_suffix(" HTTP/1.1").unwrap().to_owned();
    case.body = body.as_bytes().to_vec();
    // A folded line is one value on the wire of today.
    for line in fields.replace("\n ", " ").lines() {
        let (name, value) = line.split_once(':').unwrap();
        match name.to_ascii_lowercase().as_str() {
            "host" => case.host = value.to_owned(),
            "x-amz-date" => {}
            _ => case.headers.push((name.to_owned(), value.to_owned())),
        }
    }
}
