//! The fixed values of Postman's own tests, where its collection of vectors lies beside the repository.
#![allow(clippy::unwrap_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use std::collections::BTreeMap;

use countersign_core::Result;
use countersign_core::canonical::percent::{self, UNRESERVED};
use countersign_oauth1::{Credentials, OAuth1, OAuth1Builder, Placement, SignatureMethod};
use countersign_testkit::postman;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Request};
use serde_json::Value;
use support::{in_header, in_pairs, parameter, sign};

type Sent = BTreeMap<String, String>;

fn text<'a>(params: &'a Value, name: &str) -> &'a str {
    params[name].as_str().unwrap_or_default()
}

/// `None` where there are no credentials, or the key or the method is none, or is not built in.
fn credentials(params: &Value, keys: &Value) -> Option<Credentials> {
    let method = SignatureMethod::of(text(params, "signatureMethod"))?;
    let key = text(params, "consumerKey");
    let credentials = match (method.is_rsa(), params["consumerSecret"].as_str()) {
        (true, _) => rsa(key, text(params, "privateKey"), keys)?,
        (false, Some(secret)) if !secret.is_empty() => Credentials::new(key, secret).ok()?,
        _ => return None,
    };
    match text(params, "token") {
        "" => Some(credentials),
        token => credentials.token(token, text(params, "tokenSecret")).ok(),
    }
}

#[cfg(feature = "rsa")]
fn rsa(consumer_key: &str, key: &str, keys: &Value) -> Option<Credentials> {
    let pem = key
        .strip_prefix("@keys.")
        .map_or(key, |name| text(keys, name));
    let reader = countersign_oauth1::KeyReader::new().allow_weak_key(true);
    Credentials::rsa(consumer_key, reader.private(pem).ok()?).ok()
}

#[cfg(not(feature = "rsa"))]
fn rsa(_: &str, _: &str, _: &Value) -> Option<Credentials> {
    None
}

fn client(params: &Value, keys: &Value, nonce: &str) -> Option<OAuth1Builder> {
    let place = match params["addParamsToHeader"] == true {
        true => Placement::Header,
        false => Placement::FormOrQuery,
    };
    let timestamp = match &params["timestamp"] {
        Value::Number(unix) => unix.as_u64(),
        unix => Some(unix.as_str().unwrap_or("1700000000").parse().unwrap()),
    };
    let client = OAuth1::builder(credentials(params, keys)?)
        .method(SignatureMethod::of(text(params, "signatureMethod"))?)
        .placement(place)
        .realm(text(params, "realm"))
        .callback(text(params, "callback"))
        .verifier(text(params, "verifier"))
        .version(params["version"] == "1.0")
        .body_hash(params["includeBodyHash"] == true)
        .empty_parameters(params["addEmptyParamsToSign"] == true)
        .header_encoding(params["disableHeaderEncoding"] != true)
        .nonce(nonce)
        .timestamp(timestamp.unwrap());
    Some(client)
}

/// The pairs that are not switched off.
fn enabled(list: &Value) -> Vec<(String, String)> {
    let list = list.as_array().into_iter().flatten();
    let list = list.filter(|pair| pair["disabled"] != true);
    list.map(|pair| (text(pair, "key").to_owned(), text(pair, "value").to_owned()))
        .collect()
}

fn joined(pairs: &[(String, String)]) -> String {
    let encoded = |text: &str| percent::encoded(text.as_bytes(), UNRESERVED).into_owned();
    let pairs = pairs
        .iter()
        .map(|(name, value)| encoded(name) + "=" + &encoded(value));
    pairs.collect::<Vec<_>>().join("&")
}

fn url(request: &Value) -> String {
    let url = &request["url"];
    if let Some(url) = url.as_str() {
        return url.to_owned();
    }
    let parts = |name: &str, by: &str| {
        let parts = url[name].as_array().unwrap().iter();
        parts
            .map(|part| part.as_str().unwrap())
            .collect::<Vec<_>>()
            .join(by)
    };
    let query = joined(&enabled(&url["query"]));
    let mark = if query.is_empty() { "" } else { "?" };
    format!(
        "{}://{}/{}{mark}{query}",
        text(url, "protocol"),
        parts("host", "."),
        parts("path", "/")
    )
}

/// The request with its body. Postman takes the body from a GET before it sends it.
fn request(vector: &Value) -> (http::request::Builder, String) {
    let request = &vector["request"];
    let method = text(request, "method");
    let built = Request::builder().method(method).uri(url(request));
    let body = &request["body"];
    match text(body, "mode") {
        "urlencoded" if method != "GET" => {
            let form = joined(&enabled(&body["urlencoded"]));
            (
                built.header(CONTENT_TYPE, "application/x-www-form-urlencoded"),
                form,
            )
        }
        "raw" => (built, text(body, "raw").to_owned()),
        "graphql" => (built, graphql(&body["graphql"])),
        _ => (built, text(&vector["expect"], "body").to_owned()),
    }
}

/// A query as Postman sends it.
fn graphql(query: &Value) -> String {
    let variables: Value = serde_json::from_str(text(query, "variables")).unwrap();
    format!(
        "{{\"query\":{},\"operationName\":{},\"variables\":{variables}}}",
        query["query"], query["operationName"]
    )
}

fn protocol(pairs: impl IntoIterator<Item = (String, String)>) -> Sent {
    let own = |(name, _): &(String, String)| name.starts_with("oauth_") || name == "realm";
    pairs.into_iter().filter(own).collect()
}

/// What Postman sends of OAuth, as it stands in the header, or decoded. Empty if it does not sign.
fn theirs(expect: &Value) -> Sent {
    let headers = expect["headers"].as_array().unwrap().iter();
    let mut lines = headers.filter(|header| header[0] == "Authorization");
    if let Some(line) = lines.next() {
        return in_header(&HeaderValue::from_str(line[1].as_str().unwrap()).unwrap());
    }
    let query = text(expect, "url")
        .split_once('?')
        .map_or("", |(_, query)| query);
    protocol(
        in_pairs(query)
            .into_iter()
            .chain(enabled(&expect["body"]["urlencoded"])),
    )
}

fn ours(oauth: &OAuth1, vector: &Value) -> Result<Sent> {
    let (request, body) = request(vector);
    let (head, body) = sign(oauth, request, body.as_bytes())?;
    if let Some(line) = head.headers.get(AUTHORIZATION) {
        return Ok(in_header(line));
    }
    let query = in_pairs(head.uri.query().unwrap_or_default());
    let form = in_pairs(str::from_utf8(&body).unwrap());
    Ok(protocol(query.into_iter().chain(form)))
}

/// A GET with a form: Postman signs the form, and then takes it from the request.
fn is_pruned(vector: &Value) -> bool {
    let request = &vector["request"];
    text(request, "method") == "GET" && text(&request["body"], "mode") == "urlencoded"
}

/// Some rows say what the header holds, and no more.
fn check_contained(vector: &Value, expected: &str) -> &'static str {
    let client = client(&vector["params"], &Value::Null, "n").unwrap();
    let (request, body) = request(vector);
    let (head, _) = sign(&client.build().unwrap(), request, body.as_bytes()).unwrap();
    let line = head.headers[AUTHORIZATION].to_str().unwrap();
    assert!(line.contains(expected), "{line}");
    "the same"
}

fn check(vector: &Value, keys: &Value) -> &'static str {
    if let Some(part) = vector["expect"]["header_contains"]["Authorization"].as_str() {
        return check_contained(vector, part);
    }
    let (id, params) = (text(vector, "id"), &vector["params"]);
    let theirs = theirs(&vector["expect"]);
    let nonce = params["nonce"].as_str();
    let nonce = nonce.or(theirs.get("oauth_nonce").map(String::as_str));
    let Some(client) = client(params, keys, nonce.unwrap_or_default()) else {
        let is_rsa = text(params, "signatureMethod").starts_with("RSA");
        assert!(
            theirs.is_empty() || (is_rsa && !cfg!(feature = "rsa")),
            "{id}"
        );
        return "not signed";
    };
    let ours = ours(&client.clone().build().unwrap(), vector).unwrap();
    match vector["do_not_match"].as_str() {
        _ if is_pruned(vector) => check_pruned(client, vector, &ours, &theirs),
        None => assert_eq!(ours, theirs, "{id}"),
        Some("two Authorization headers on the wire") => {
            check_one_header(client, vector, &ours, &theirs)
        }
        Some("oauth_token= is signed but omitted from the header") => {
            check_sent_empty(ours, &theirs);
        }
        Some("by design non-conforming") => check_encoded(client, vector, &ours, &theirs),
        Some(other) => panic!("{id}: {other}"),
    }
    text_of(vector)
}

fn text_of(vector: &Value) -> &'static str {
    match vector["do_not_match"].is_string() || is_pruned(vector) {
        true => "different",
        false => "the same",
    }
}

/// We sign the form if it is sent, and not if it is not.
fn check_pruned(client: OAuth1Builder, vector: &Value, ours: &Sent, theirs: &Sent) {
    assert_ne!(ours["oauth_signature"], theirs["oauth_signature"]);
    let form = joined(&enabled(&vector["request"]["body"]["urlencoded"]));
    let request = Request::get(url(&vector["request"]));
    let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    let client = client.placement(Placement::Header).build().unwrap();
    let (head, _) = sign(&client, request, form.as_bytes()).unwrap();
    let sent = parameter(&head, "oauth_signature").unwrap();
    let theirs = theirs["oauth_signature"]
        .replace("%2B", "+")
        .replace("%3D", "=");
    assert_eq!(sent, theirs.replace("%2F", "/"));
}

/// We replace the caller's header, in whatever case it is.
fn check_one_header(client: OAuth1Builder, vector: &Value, ours: &Sent, theirs: &Sent) {
    assert_eq!(ours, theirs);
    let request = Request::get(url(&vector["request"])).header("authorization", "old");
    let (head, _) = sign(&client.build().unwrap(), request, b"").unwrap();
    assert_eq!(head.headers.get_all(AUTHORIZATION).iter().count(), 1);
    assert_eq!(in_header(&head.headers[AUTHORIZATION]), *theirs);
}

/// We send the empty token that both sign.
fn check_sent_empty(mut ours: Sent, theirs: &Sent) {
    assert_eq!(ours.remove("oauth_token").as_deref(), Some(""));
    assert_eq!(ours, *theirs);
}

/// We encode values in the header unless we are told not to.
fn check_encoded(client: OAuth1Builder, vector: &Value, ours: &Sent, theirs: &Sent) {
    assert_eq!(ours, theirs, "as it is told");
    let encoding = client.header_encoding(true).build().unwrap();
    let encoded = self::ours(&encoding, vector).unwrap();
    for name in ["oauth_consumer_key", "oauth_signature"] {
        assert_ne!(encoded[name], theirs[name], "{name}");
    }
}

#[test]
fn they_come_out_the_same() {
    let Some(file) = postman() else {
        return;
    };
    let vectors = file["vectors"].as_array().unwrap().iter();
    let vectors: Vec<_> = vectors
        .filter(|vector| vector["auth"] == "oauth1")
        .collect();
    assert!(vectors.len() > 20, "{}", vectors.len());
    let mut ends: BTreeMap<&str, usize> = BTreeMap::new();
    for vector in vectors {
        *ends.entry(check(vector, &file["keys"])).or_default() += 1;
    }
    let all = [("different", 6), ("not signed", 4), ("the same", 18)];
    let some = [("different", 6), ("not signed", 6), ("the same", 16)];
    let expected = if cfg!(feature = "rsa") { all } else { some };
    assert_eq!(ends, BTreeMap::from(expected));
}
