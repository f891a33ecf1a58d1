//! The examples of the specifications.

use countersign_core::Payload;
use countersign_oauth1::{Credentials, OAuth1, OAuth1Builder, SignatureMethod};
use http::Request;
use http::header::CONTENT_TYPE;
use serde_json::Value;

use crate::support::{in_header, json, parameter, sign};

/// `None` where the method is not built in.
fn credentials(row: &Value) -> Option<Credentials> {
    let text = |name: &str| row[name].as_str();
    let key = text("consumer_key").unwrap();
    let credentials = match text("key") {
        None => Credentials::new(key, text("consumer_secret").unwrap()).unwrap(),
        Some(file) => with_key(key, file)?,
    };
    Some(match text("token") {
        None => credentials,
        Some(token) => credentials
            .token(token, text("token_secret").unwrap())
            .unwrap(),
    })
}

#[cfg(feature = "rsa")]
fn with_key(consumer_key: &str, file: &str) -> Option<Credentials> {
    let reader = countersign_oauth1::KeyReader::new().allow_weak_key(true);
    let key = reader.private(&crate::support::pem(file)).unwrap();
    Credentials::rsa(consumer_key, key).ok()
}

#[cfg(not(feature = "rsa"))]
fn with_key(_: &str, _: &str) -> Option<Credentials> {
    None
}

fn client(row: &Value) -> Option<OAuth1Builder> {
    let text = |name: &str| row[name].as_str().unwrap_or_default();
    let mut client = OAuth1::builder(credentials(row)?)
        .realm(text("realm"))
        .callback(text("callback"))
        .verifier(text("verifier"))
        .version(row["version"] == true)
        .nonce(text("nonce"))
        .timestamp(row["timestamp"].as_u64().unwrap());
    if let Some(method) = SignatureMethod::of(text("signature_method")) {
        client = client.method(method);
    }
    Some(client)
}

fn request(row: &Value) -> http::request::Builder {
    let text = |name: &str| row[name].as_str().unwrap();
    let request = Request::builder().method(text("method")).uri(text("url"));
    match row["form"].is_string() {
        true => request.header(CONTENT_TYPE, "application/x-www-form-urlencoded"),
        false => request,
    }
}

fn check_row(row: &Value) {
    let Some(client) = client(row) else { return };
    let oauth = client.build().unwrap();
    let name = row["name"].as_str().unwrap();
    let form = row["form"].as_str().unwrap_or_default();
    let (head, ()) = request(row).body(()).unwrap().into_parts();
    let body = Payload::whole(form.to_owned().into());
    let stages = oauth.explain(&head, &body).unwrap();
    if let Some(parameters) = row["parameters"].as_str() {
        assert_eq!(stages.parameters, parameters, "{name}");
        assert_eq!(stages.base_string, row["base_string"], "{name}");
    }
    let (head, _) = sign(&oauth, request(row), form.as_bytes()).unwrap();
    assert_eq!(
        parameter(&head, "oauth_signature").unwrap(),
        row["signature"],
        "{name}"
    );
    let realm = in_header(&head.headers["authorization"]).remove("realm");
    assert_eq!(realm.as_deref(), row["realm"].as_str(), "{name}");
}

pub(crate) fn check() {
    let rows = json("published.json");
    assert_eq!(rows.as_array().unwrap().len(), 7);
    rows.as_array().unwrap().iter().for_each(check_row);
}
