//! The fixed values of Postman, where its collection of vectors lies beside the repository.
#![allow(clippy::unwrap_used, clippy::panic)]

countersign_testkit::watched!();

#[path = "support/parties.rs"]
mod parties;

use countersign_hawk::{Algorithm, Credentials, Hawk, PayloadHash};
use countersign_testkit::postman_vectors;
use http::header::AUTHORIZATION;
use http::{Request, request};
use parties::{begin, head, prepare};
use serde_json::Value;

/// An attribute of a header.
fn attribute<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = line.split_once(&format!("{name}=\""))?;
    rest.split_once('"').map(|(value, _)| value)
}

/// `None` where no such client can be made. A delegation without an application is not sent, as with Postman.
fn client(params: &Value, theirs: &str) -> Option<Hawk> {
    let text = |name: &str| params[name].as_str().filter(|text| !text.is_empty());
    let algorithm = text("algorithm")?.parse::<Algorithm>().ok()?;
    let mut credentials = Credentials::new(text("authId")?, text("authKey")?, algorithm).ok()?;
    if let Some(app) = text("app") {
        credentials = credentials.app(app, text("delegation")).unwrap();
    }
    let payload = match params["includePayloadHash"] == true {
        true => PayloadHash::NonEmpty,
        false => PayloadHash::Omit,
    };
    let hawk = Hawk::new(credentials)
        .payload_hash(payload)
        .ext(text("extraData").unwrap_or_default())
        .unwrap();
    // Where Postman chose the time and the nonce itself, the same ones are given here.
    hawk.timestamp(attribute(theirs, "ts")?.parse().unwrap())
        .nonce(attribute(theirs, "nonce")?)
        .ok()
}

fn request(vector: &Value) -> request::Parts {
    let request = &vector["request"];
    let uri = vector["expect"]["url"].as_str().unwrap();
    let mut builder = Request::builder()
        .method(request["method"].as_str().unwrap())
        .uri(uri);
    for header in request["header"].as_array().into_iter().flatten() {
        let text = |name: &str| header[name].as_str().unwrap();
        if !text("key").eq_ignore_ascii_case("authorization") {
            builder = builder.header(text("key"), text("value"));
        }
    }
    head(builder)
}

#[test]
fn they_come_out_the_same() {
    let Some(vectors) = postman_vectors("hawk") else {
        return;
    };
    assert_eq!(vectors.len(), 12);
    for vector in &vectors {
        let headers = vector["expect"]["headers"].as_array().unwrap().iter();
        let mut lines = headers
            .filter(|pair| pair[0] == "Authorization")
            .map(|pair| &pair[1]);
        let theirs = lines.next().and_then(Value::as_str).unwrap_or_default();
        let body = vector["request"]["body"]["raw"].as_str();
        let body = body
            .filter(|_| vector["request"]["body"]["mode"] == "raw")
            .unwrap_or_default();
        let head = request(vector);
        match client(&vector["params"], theirs) {
            Some(hawk) => {
                let ours = prepare(&mut begin(&hawk, &head), &head, body.as_bytes());
                assert_eq!(ours.headers[AUTHORIZATION], theirs, "{}", vector["id"]);
            }
            // Postman sends an empty header or none: without a key, or for an algorithm that there is not.
            None => assert_eq!(theirs, "", "{}", vector["id"]),
        }
    }
}
