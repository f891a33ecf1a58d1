//! The vectors, read, and a client and a server that agree on the time.
#![allow(dead_code, unreachable_pub)] // No test uses all of it.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

pub struct Vector {
    pub json: Value,
    pub name: String,
    pub body: Option<Vec<u8>>,
}

impl Vector {
    pub fn text(&self, name: &str) -> Option<&str> {
        self.json[name].as_str()
    }

    pub fn number(&self, name: &str) -> u64 {
        self.json[name].as_u64().unwrap()
    }

    pub fn is(&self, name: &str) -> bool {
        self.json[name] == true
    }

    pub fn signed(&self, name: &str) -> &str {
        self.json["signed"][name].as_str().unwrap()
    }

    pub fn credential(&self, name: &str) -> &str {
        self.json["credentials"][name].as_str().unwrap()
    }

    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        let headers = self.json["headers"].as_array().unwrap().iter();
        headers.map(|pair| (pair[0].as_str().unwrap(), pair[1].as_str().unwrap()))
    }

    pub fn content_type(&self) -> &str {
        let mut headers = self.headers();
        let found = headers.find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        found.map_or("", |(_, value)| value)
    }

    /// The `ext` of the vector; an empty one is none.
    pub fn ext(&self) -> Option<&str> {
        self.text("ext").filter(|ext| !ext.is_empty())
    }
}

fn read(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

pub fn generated() -> Vec<Vector> {
    let file = read("tests/vectors/hawk.json");
    let vectors = file["vectors"].as_array().unwrap().iter();
    vectors
        .map(|json| Vector {
            name: json["id"].as_str().unwrap().to_owned(),
            body: body(&json["body"]),
            json: json.clone(),
        })
        .collect()
}

pub fn published() -> Vec<Value> {
    read("tests/vectors/published.json")
        .as_array()
        .unwrap()
        .clone()
}

pub fn bad_inputs() -> Vec<Value> {
    read("tests/data/bad-inputs-hawk.json")
        .as_array()
        .unwrap()
        .clone()
}

fn body(value: &Value) -> Option<Vec<u8>> {
    match (value["b64"].as_str(), value["fill"].as_str()) {
        (Some(encoded), _) => Some(STANDARD.decode(encoded).unwrap()),
        (_, Some(fill)) => Some(
            fill.repeat(value["len"].as_u64().unwrap() as usize)
                .into_bytes(),
        ),
        _ => None,
    }
}
