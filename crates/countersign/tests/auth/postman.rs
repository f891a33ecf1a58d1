//! The fixed values of Postman through `Auth`, where its collection of vectors lies beside the repository.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use countersign::canonical::percent::{self, Plus, UNRESERVED};
use countersign::challenge::parse_credentials;
use countersign::{Auth, AuthObject, Settings, preview};
use countersign_testkit::postman;
use http::{HeaderValue, Request};
use serde_json::{Value, json};

use super::{at, now};

/// Rows in which Postman is not followed; the schemes' own tests tell how.
const NOT_FOLLOWED: [&str; 4] = [
    "hawk-SHA256-upper",
    "oauth1-empty-params-signed",
    // A plus sign in a query is read as a space, so it is encoded.
    "oauth2-query",
    // A token that is missing is an error, and nothing is sent.
    "unit-oauth2-e082fc4b",
];

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

fn pairs(list: &Value) -> Vec<(String, String)> {
    let list = list.as_array().into_iter().flatten();
    let enabled = list.filter(|pair| pair["disabled"] != true);
    enabled
        .map(|pair| (text(pair, "key").to_owned(), text(pair, "value").to_owned()))
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
    let query = joined(&pairs(&url["query"]));
    let mark = if query.is_empty() { "" } else { "?" };
    format!(
        "{}://{}/{}{mark}{query}",
        text(url, "protocol"),
        parts("host", "."),
        parts("path", "/")
    )
}

/// As Postman sends it.
fn body(vector: &Value) -> String {
    let body = &vector["request"]["body"];
    match text(body, "mode") {
        "urlencoded" => joined(&pairs(&body["urlencoded"])),
        "raw" => text(body, "raw").to_owned(),
        // Postman signs none of it.
        "formdata" => String::new(),
        "graphql" => graphql(&body["graphql"], text(vector, "auth") == "oauth1"),
        _ => text(&vector["expect"], "body").to_owned(),
    }
}

fn graphql(query: &Value, compact: bool) -> String {
    let variables = text(query, "variables");
    let value: Value = serde_json::from_str(variables).unwrap();
    let variables = if compact {
        value.to_string()
    } else {
        variables.to_owned()
    };
    format!(
        r#"{{"query":{},"operationName":{},"variables":{variables}}}"#,
        query["query"], query["operationName"]
    )
}

fn request(vector: &Value) -> Request<Bytes> {
    let request = &vector["request"];
    let mut built = Request::builder()
        .method(text(request, "method"))
        .uri(url(request));
    for header in request["header"].as_array().into_iter().flatten() {
        built = built.header(text(header, "key"), text(header, "value"));
    }
    if text(&request["body"], "mode") == "urlencoded" {
        built = built.header("content-type", "application/x-www-form-urlencoded");
    }
    built.body(body(vector).into()).unwrap()
}

/// Protocol parameters of OAuth as they stand in a header, or decoded; the whole header or URL of another scheme.
fn shown(kind: &str, header: Option<&str>, url: &str, form: &str) -> BTreeMap<String, String> {
    let whole = |value: &str| BTreeMap::from([("whole".to_owned(), value.to_owned())]);
    match header.filter(|line| !line.is_empty()) {
        Some(line) if kind == "oauth1" => {
            let line = HeaderValue::from_str(line).unwrap();
            let credentials = parse_credentials(&line).unwrap();
            let params = credentials.params().iter();
            params
                .map(|param| (param.name().to_owned(), param.text().unwrap().to_owned()))
                .collect()
        }
        Some(line) if kind == "oauth2" => whole(&[line, " ", url].concat()),
        Some(line) => whole(line),
        None if kind == "oauth2" && url.contains("access_token") => whole(url),
        None if kind == "jwt" => whole(url),
        None => {
            let query = url.split_once('?').map_or("", |(_, query)| query);
            let pairs = query.split('&').chain(form.split('&'));
            let named = pairs.filter_map(|pair| pair.split_once('='));
            let protocol = named.filter(|(name, _)| name.starts_with("oauth_"));
            protocol
                .map(|(name, value)| (name.to_owned(), decoded(value)))
                .collect()
        }
    }
}

fn decoded(text: &str) -> String {
    let bytes = percent::decode(text.as_bytes(), Plus::Space).unwrap();
    String::from_utf8(bytes.into_owned()).unwrap()
}

fn theirs(vector: &Value) -> BTreeMap<String, String> {
    let expect = &vector["expect"];
    let mut headers = expect["headers"].as_array().into_iter().flatten();
    let header = headers.rfind(|header| header[0] == "Authorization");
    let form = joined(&pairs(&expect["body"]["urlencoded"]));
    shown(
        text(vector, "auth"),
        header.and_then(|header| header[1].as_str()),
        text(expect, "url"),
        &form,
    )
}

/// What stands behind `name` in any of their forms.
fn chosen(theirs: &BTreeMap<String, String>, name: &str) -> Option<String> {
    if let Some(value) = theirs.get(&format!("oauth_{name}")) {
        return Some(value.clone());
    }
    let (_, rest) = theirs.get("whole")?.split_once(&format!("{name}="))?;
    let value = rest.trim_start_matches('"').split(['"', ';']).next()?;
    Some(value.to_owned())
}

fn parameters(vector: &Value, keys: &Value, theirs: &BTreeMap<String, String>) -> AuthObject {
    let kind = text(vector, "auth");
    let object = json!({"type": kind, (kind): vector["params"]});
    let mut object = AuthObject::from_value(&object).unwrap();
    let named = object.parameters.text("privateKey").strip_prefix("@keys.");
    if let Some(key) = named.map(|name| text(keys, name).to_owned()) {
        object.parameters.insert("privateKey", key);
    }
    // Where Postman chose it, the same is given here.
    if object.parameters.given("nonce").is_none() {
        let nonce = chosen(theirs, "nonce").unwrap_or_default();
        object.parameters.insert("nonce", nonce);
    }
    object
}

fn ours(object: &AuthObject, vector: &Value) -> Option<BTreeMap<String, String>> {
    let options = at(1_700_000_000).allow_weak_key(true);
    let auth = Auth::from_parameters(object.kind, &object.parameters, &options).ok()?;
    let sent = now(preview(&auth, &Settings::default(), request(vector)))
        .unwrap()
        .request;
    let header = sent
        .headers()
        .get("authorization")
        .map(|line| line.to_str().unwrap());
    let form = String::from_utf8_lossy(sent.body());
    Some(shown(
        text(vector, "auth"),
        header,
        &sent.uri().to_string(),
        &form,
    ))
}

#[test]
fn they_come_out_the_same() {
    let Some(file) = postman() else {
        return;
    };
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut different = BTreeSet::new();
    for vector in file["vectors"].as_array().unwrap() {
        let (id, kind) = (text(vector, "id"), text(vector, "auth"));
        let asserted = vector["expect"]["header_contains"].is_object();
        if !["hawk", "edgegrid", "oauth1", "oauth2", "jwt"].contains(&kind) || asserted {
            continue;
        }
        let theirs = theirs(vector);
        let object = parameters(vector, &file["keys"], &theirs);
        *counts.entry(kind.to_owned()).or_default() += 1;
        match ours(&object, vector) {
            Some(ours) if ours == theirs => {}
            // Postman sends what it cannot sign as it is.
            None if theirs.is_empty() && !NOT_FOLLOWED.contains(&id) => {}
            _ => drop(different.insert(id)),
        }
    }
    assert_eq!(different, BTreeSet::from(NOT_FOLLOWED));
    let expected = [
        ("edgegrid", 12),
        ("hawk", 12),
        ("jwt", 2),
        ("oauth1", 26),
        ("oauth2", 11),
    ];
    assert_eq!(
        counts,
        expected
            .map(|(kind, count)| (kind.to_owned(), count))
            .into()
    );
}
