//! Fixed values of Postman through a collection, where its vectors lie beside the repository. What takes a challenge is
//! tested by the schemes themselves.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use countersign::{FixedClock, Options, Sources};
use countersign_postman::Variables;
use serde_json::{Value, json};

use crate::support::{block_on, collection, text, try_prepare};

/// Schemes of one leg, and how many of their vectors are compared.
const KINDS: [(&str, usize); 9] = [
    ("apikey", 2),
    ("awsv4", 17),
    ("basic", 4),
    ("bearer", 3),
    ("edgegrid", 12),
    ("hawk", 12),
    ("jwt", 2),
    ("oauth1", 26),
    ("oauth2", 11),
];

/// Vectors that come out otherwise, on purpose.
const DIFFERENT: [(&str, &str); 17] = [
    (
        "unit-oauth1-98b6cf6e",
        "a key that is missing is an error, and nothing is sent",
    ),
    (
        "unit-oauth1-299041e6",
        "a form that is not sent is not signed",
    ),
    ("unit-awsv4-43b19ccb", "a form of parts is hashed"),
    ("apikey-nonascii-key", "no header has such a name"),
    (
        "oauth1-core-example-HMAC-SHA384",
        "a method that is not known is an error",
    ),
    (
        "oauth1-form-GET-header",
        "a form that is not sent is not signed",
    ),
    (
        "oauth1-form-GET-bodyquery",
        "a form that is not sent is not signed",
    ),
    (
        "oauth1-form-DELETE-bodyquery",
        "parameters go into the form of any method",
    ),
    ("oauth1-empty-params-signed", "what is signed is sent"),
    (
        "oauth2-query",
        "a plus sign is encoded, as servers read it as a space",
    ),
    (
        "hawk-SHA256-upper",
        "an algorithm that is not known is an error",
    ),
    (
        "hawk-payload-noct",
        "the content type is the one that is sent",
    ),
    ("hawk-payload-formdata", "a form of parts is hashed"),
    ("aws-nocreds", "a key that is missing is an error"),
    ("aws-post-formdata", "a form of parts is hashed"),
    ("aws-s3-query-dup", "each duplicate is signed"),
    (
        "aws-path-s3",
        "a path to S3 is signed as it is sent, as AWS's own clients do",
    ),
];

fn field<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

/// The parameters of credentials, sorted and without quotes.
fn parts(value: &str) -> Vec<String> {
    let mut quoted = false;
    let pieces = value.split(|letter| {
        quoted ^= letter == '"';
        letter == ',' && !quoted
    });
    let mut parts: Vec<_> = pieces.map(|piece| piece.trim().replace('"', "")).collect();
    parts.sort();
    parts
}

/// What tells the outcome: the header, or the URL where there is none.
fn outcome(authorization: Option<&str>, url: &str) -> Vec<String> {
    match authorization {
        Some(value) => parts(value),
        None => {
            let url = url.replace("%7B", "{").replace("%7D", "}");
            let mut parts: Vec<_> = url.split(['?', '&']).map(str::to_owned).collect();
            parts.sort();
            parts
        }
    }
}

fn theirs(vector: &Value) -> Vec<String> {
    let headers = vector["expect"]["headers"].as_array();
    let mut headers = headers.into_iter().flatten();
    let found = headers.rfind(|pair| {
        let name = pair[0].as_str().unwrap_or_default();
        name.eq_ignore_ascii_case("authorization")
    });
    let url = field(&vector["expect"], "url");
    outcome(found.and_then(|pair| pair[1].as_str()), url)
}

/// What stands behind `name` in any of their forms.
fn chosen(theirs: &[String], name: &str) -> Option<String> {
    let parts = theirs.iter().flat_map(|part| part.split(';'));
    let mut values = parts.filter_map(|part| part.split_once(&format!("{name}=")));
    values.next().map(|(_, value)| value.to_owned())
}

fn ours(vector: &Value, keys: &Value, theirs: &[String]) -> Result<Vec<String>, String> {
    let kind = field(vector, "auth");
    let mut params = vector["params"].clone();
    // Where Postman chose it, the same is given here.
    if field(&params, "nonce").is_empty() {
        params["nonce"] = chosen(theirs, "nonce").unwrap_or_default().into();
    }
    let key = params["privateKey"].as_str();
    if let Some(key) = key.and_then(|key| key.strip_prefix("@keys.")) {
        params["privateKey"] = keys[key].clone();
    }
    let mut request = vector["request"].clone();
    request["auth"] = json!({"type": kind, kind: params});
    if field(&vector["expect"], "url").is_empty() {
        request["url"] = "https://h.test/".into();
    }
    let seconds = match field(vector, "id") {
        "aws-docs-presign-20130524" => 1_369_353_600,
        _ => 1_700_000_000,
    };
    let sources = Sources {
        clock: Arc::new(FixedClock(Duration::from_secs(seconds))),
        ..Sources::default()
    };
    let options = Options::new().lenient(true).allow_weak_key(true);
    let collection =
        collection(&json!({"item": [{"request": request}]})).options(options.sources(sources));
    let variables = Variables::new().keep_unresolved(true);
    let prepared = try_prepare(&collection, &variables).map_err(|error| error.to_string())?;
    let auth = prepared.auth;
    let (mut head, body) = prepared.request.into_parts();
    let given = request["header"].as_array().into_iter().flatten();
    if kind == "awsv4" && !given.clone().any(|header| header["key"] == "content-type") {
        // Postman adds it behind the signature.
        head.headers.remove("content-type");
    }
    let body = body.as_bytes().ok_or("a body with a file")?;
    let request = http::Request::from_parts(head, body);
    let settings = countersign::Settings::default().allow_cleartext(true);
    let preview = block_on(countersign::preview(&auth, &settings, request));
    let sent = preview.map_err(|error| error.to_string())?.request;
    let value = sent.headers().get("authorization");
    let value = value.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    Ok(outcome(value.as_deref(), &sent.uri().to_string()))
}

#[test]
fn they_come_out_the_same() {
    let Some(file) = countersign_testkit::postman() else {
        return;
    };
    let mut counts = BTreeMap::new();
    let mut different = Vec::new();
    for vector in file["vectors"].as_array().unwrap() {
        let kind = field(vector, "auth");
        let only_contains = vector["expect"]["header_contains"].is_object();
        if only_contains || !KINDS.iter().any(|(known, _)| *known == kind) {
            continue;
        }
        *counts.entry(kind).or_insert(0) += 1;
        let theirs = theirs(vector);
        let ours = ours(vector, &file["keys"], &theirs);
        let is_nothing = theirs == [""] && ours == Ok(vec!["https://h.test/".into()]);
        if ours.as_ref() != Ok(&theirs) && !is_nothing {
            println!("{}\n  theirs {theirs:?}\n  ours   {ours:?}", vector["id"]);
            different.push(field(vector, "id"));
        }
    }
    let expected: Vec<_> = DIFFERENT.iter().map(|(id, _)| *id).collect();
    assert_eq!(different, expected);
    assert_eq!(counts, BTreeMap::from(KINDS));
}

#[test]
fn urls_and_bodies_are_those_of_postman() {
    let Some(file) = countersign_testkit::postman() else {
        return;
    };
    let mut compared = 0;
    for vector in file["vectors"].as_array().unwrap() {
        let url = field(&vector["expect"], "url");
        let changes_url = vector["params"]["addParamsToHeader"] != true;
        let kind = field(vector, "auth");
        let is_plain = kind == "basic" || (kind == "oauth1" && !changes_url);
        if !is_plain || url.is_empty() || vector.get("do_not_match").is_some() {
            continue;
        }
        let mut request = vector["request"].clone();
        request["auth"] = Value::Null;
        request["header"] = Value::Null;
        let collection = collection(&json!({"item": [{"request": request}]}));
        let prepared = try_prepare(&collection, &Variables::new().keep_unresolved(true)).unwrap();
        let ours = prepared.request.uri().to_string();
        // Without the scheme where there is none, and without its own port.
        let ours = ours.trim_start_matches("http://");
        let url = url.trim_start_matches("http://").replace(":443/", "/");
        assert_eq!(ours, url, "{}", vector["id"]);
        if request["body"]["mode"] == "raw" && prepared.request.method() == "POST" {
            assert_eq!(text(prepared), field(&request["body"], "raw"));
        }
        compared += 1;
    }
    assert!(compared >= 3, "{compared}");
}
