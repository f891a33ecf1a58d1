//! The fixed values of Postman, where its collection of vectors lies beside the repository.
#![allow(clippy::unwrap_used, clippy::panic)]

countersign_testkit::watched!();

#[path = "support/parties.rs"]
mod parties;

use countersign_edgegrid::{Credentials, EdgeGrid};
use countersign_testkit::postman_vectors;
use http::Request;
use http::header::AUTHORIZATION;
use parties::{head, sent};
use serde_json::Value;

/// A field of a header.
fn field<'a>(line: &'a str, name: &str) -> &'a str {
    let (_, rest) = line.split_once(name).unwrap();
    rest.split(';').next().unwrap()
}

fn client(params: &Value, theirs: &str) -> EdgeGrid {
    let text = |name: &str| params[name].as_str().filter(|text| !text.is_empty());
    let credentials = Credentials::new(
        text("clientToken").unwrap(),
        text("clientSecret").unwrap(),
        text("accessToken").unwrap(),
    );
    // Where Postman chose the time and the nonce itself, the same ones are given here.
    let mut edgegrid = EdgeGrid::new(credentials.unwrap())
        .timestamp(field(theirs, "timestamp="))
        .unwrap()
        .nonce(field(theirs, "nonce="))
        .unwrap();
    if let Some(url) = text("baseURL") {
        edgegrid = edgegrid.base_url(url).unwrap();
    }
    match params["maxBodySize"].as_u64() {
        Some(bytes) => edgegrid.max_body(bytes as usize),
        None => edgegrid,
    }
}

/// The body as Postman sends it.
fn body(body: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    match body["mode"].as_str() {
        None => String::new(),
        Some("raw") => text(&body["raw"]),
        Some("urlencoded") => {
            let pairs = body["urlencoded"].as_array().unwrap().iter();
            let pairs: Vec<_> = pairs
                .map(|pair| text(&pair["key"]) + "=" + &text(&pair["value"]))
                .collect();
            pairs.join("&")
        }
        Some("graphql") => {
            let graphql = &body["graphql"];
            let variables = text(&graphql["variables"]);
            let (query, name) = (&graphql["query"], &graphql["operationName"]);
            format!(r#"{{"query":{query},"operationName":{name},"variables":{variables}}}"#)
        }
        Some(mode) => panic!("{mode}: a body that nothing here expects"),
    }
}

#[test]
fn they_come_out_the_same() {
    let Some(vectors) = postman_vectors("edgegrid") else {
        return;
    };
    assert_eq!(vectors.len(), 12);
    for vector in &vectors {
        let headers = vector["expect"]["headers"].as_array().unwrap().iter();
        let theirs = headers
            .filter(|pair| pair[0] == "Authorization")
            .map(|pair| &pair[1])
            .next();
        let theirs = theirs.and_then(Value::as_str).unwrap();
        let request = &vector["request"];
        let uri = vector["expect"]["url"].as_str().unwrap();
        let head = head(
            Request::builder()
                .method(request["method"].as_str().unwrap())
                .uri(uri),
        );
        let body = body(&request["body"]);
        let ours = sent(&client(&vector["params"], theirs), head, body.as_bytes());
        assert_eq!(ours.headers[AUTHORIZATION], theirs, "{}", vector["id"]);
    }
}
