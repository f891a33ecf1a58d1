//! Files of format 1.

use countersign_postman::{Collection, ErrorKind, Level, Limits, Variables};
use http::Method;
use serde_json::{Value, json};

use crate::support::{block_on, collection, sent, text};

/// Folders in a folder, authentication at each level and in each of its shapes.
fn file() -> Value {
    let basic = |user: &str| json!({"id": "basic", "username": user, "password": "p"});
    json!({
        "id": "c", "name": "old", "description": "all of it", "timestamp": 1,
        "order": ["r3", "gone"],
        "folders_order": ["f1"],
        "folders": [
            {"id": "f2", "name": "inner", "order": ["r1"], "folders_order": [], "folder": "f1",
                "currentHelper": "basicAuth", "helperAttributes": basic("inner").to_string()},
            {"id": "f1", "name": "outer", "order": ["r2"], "folders_order": ["f2"],
                "auth": {"type": "bearer", "bearer": [{"key": "token", "value": "outer"}]},
                "variables": [{"id": "host", "value": "h.test"}]},
            {"id": "f3", "name": "lost", "order": []},
        ],
        "requests": [
            {"id": "r1", "name": "one", "method": "GET", "url": "https://{{host}}/one", "currentHelper": null},
            {"id": "r2", "name": "two", "method": "GET", "url": "https://{{host}}/two", "currentHelper": "normal",
                "preRequestScript": "go()", "tests": ""},
            {"id": "r3", "name": "three", "method": "GET", "url": "https://{{name}}.test/",
                "currentHelper": "basicAuth", "helperAttributes": basic("three")},
            {"id": "r4", "name": "four", "folder": "f3", "method": "GET", "url": "https://h.test/", "x-own": 1},
        ],
        "auth": {"type": "basic", "basic": [{"key": "username", "value": "c"}, {"key": "password", "value": "p"}]},
        "variables": [{"key": "name", "value": "h", "type": "text"}],
    })
}

#[test]
fn folders_and_requests_come_in_their_order() {
    let collection = collection(&file());
    let paths: Vec<_> = collection
        .requests()
        .map(|item| [item.folders(), vec![item.name()]].concat().join("/"))
        .collect();
    assert_eq!(
        paths,
        ["outer/inner/one", "outer/two", "lost/four", "three"]
    );
    assert_eq!(collection.name(), "old");
}

#[test]
fn authentication_is_inherited_from_what_helpers_and_objects_say() {
    let collection = collection(&file());
    let table = [
        ("one", Level::Folder("inner"), "Basic aW5uZXI6cA=="),
        ("two", Level::Folder("outer"), "Bearer outer"),
        ("three", Level::Request, "Basic dGhyZWU6cA=="),
        ("four", Level::Collection, "Basic Yzpw"),
    ];
    for (name, level, expected) in table {
        let item = collection.request(name).unwrap();
        assert_eq!(
            item.effective_auth().unwrap().level(),
            Some(level),
            "{name}"
        );
        let value = sent(&collection, item, &Variables::new());
        assert_eq!(value.unwrap(), expected, "{name}");
    }
}

#[test]
fn scripts_and_what_is_not_known_are_kept() {
    let collection = collection(&file());
    let scripts = collection.scripts();
    assert_eq!(scripts.len(), 1);
    assert_eq!(
        (&*scripts[0].of, &*scripts[0].listen),
        ("two", "prerequest")
    );
    let text = collection.to_json();
    assert!(
        text.contains("x-own") && text.contains("all of it"),
        "{text}"
    );
    let again = Collection::parse(&text).unwrap();
    assert_eq!(again.as_value(), collection.as_value());
}

/// A file of this one request.
fn one(mut request: Value) -> Collection {
    request["id"] = "r".into();
    request["url"] = request
        .get("url")
        .cloned()
        .unwrap_or("https://h.test/".into());
    request["method"] = "POST".into();
    collection(&json!({"name": "c", "order": ["r"], "requests": [request]}))
}

fn prepared(request: Value) -> countersign_postman::Prepared {
    let collection = one(request);
    let item = collection.requests().next().unwrap();
    block_on(collection.prepare(item, &Variables::new())).unwrap()
}

#[test]
fn urls_have_their_parameters_beside_them() {
    let request = json!({
        "url": "https://h.test/:a/:b?old=1",
        "pathVariableData": [{"key": "a", "value": "x"}],
        "pathVariables": {"a": "no", "b": "y z"},
        "queryParams": [
            {"key": "q", "value": "1", "equals": true, "enabled": true},
            {"key": "off", "value": "1", "enabled": false},
            {"key": "bare", "value": "", "equals": false},
            {"key": "empty", "value": null, "equals": true},
        ],
    });
    let prepared = prepared(request);
    assert_eq!(
        prepared.request.uri(),
        "https://h.test/x/y%20z?q=1&bare&empty="
    );
    assert_eq!(prepared.request.method(), Method::POST);
}

#[test]
fn headers_are_a_text_or_a_list() {
    let request = json!({
        "headers": "X-One: 1\n//X-Off: 2\nX-Two: a:b\n",
        "headerData": [{"key": "X-One", "value": "listed"}, {"key": "//X-Also", "value": "off"}],
    });
    let prepared = prepared(request);
    let headers = prepared.request.headers();
    let shown: Vec<_> = headers
        .iter()
        .map(|(name, value)| (name.as_str(), value))
        .collect();
    assert_eq!(headers["x-one"], "listed");
    assert_eq!(headers["x-two"], "a:b");
    assert_eq!(shown.len(), 2, "{shown:?}");
}

#[test]
fn bodies_have_a_mode_or_tell_it() {
    let pairs = json!([{"key": "a", "value": "1"}, {"key": "off", "value": "2", "enabled": false}]);
    let raw = "text";
    let table = [
        (
            json!({"dataMode": "raw", "rawModeData": raw, "data": []}),
            "text",
        ),
        (json!({"dataMode": "raw", "rawModeData": [raw]}), "text"),
        (json!({"dataMode": "raw", "data": raw}), "text"),
        (json!({"rawModeData": raw}), "text"),
        (json!({"dataMode": "urlencoded", "data": pairs}), "a=1"),
        (
            json!({"dataMode": "graphql", "graphqlModeData": {"query": "{a}"}}),
            r#"{"query":"{a}"}"#,
        ),
        (json!({"dataMode": null, "data": pairs}), ""),
        (json!({"data": []}), ""),
        (
            json!({"dataMode": "raw", "rawModeData": "{} // c", "dataOptions": {"raw": {"language": "json"}}}),
            "{} ",
        ),
        (
            json!({"dataMode": "raw", "rawModeData": raw, "dataDisabled": true}),
            "",
        ),
    ];
    for (request, expected) in table {
        assert_eq!(text(prepared(request.clone())), expected, "{request}");
    }
    for request in [
        json!({"dataMode": "params", "data": pairs}),
        json!({"data": pairs}),
    ] {
        let sent = text(prepared(request));
        assert!(
            sent.contains("name=\"a\"") && !sent.contains("off"),
            "{sent}"
        );
    }
}

#[test]
fn files_of_a_body_are_read() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.txt"), "content").unwrap();
    let binary = json!({"dataMode": "binary", "rawModeData": "a.txt"});
    let part =
        json!({"dataMode": "params", "data": [{"key": "f", "type": "file", "value": "a.txt"}]});
    for request in [binary, part] {
        let collection = one(request).files(folder.path());
        let item = collection.requests().next().unwrap();
        let prepared = block_on(collection.prepare(item, &Variables::new())).unwrap();
        assert!(text(prepared).contains("content"));
    }
}

#[test]
fn a_mode_that_is_not_known_is_an_error() {
    let collection = one(json!({"dataMode": "telepathy", "data": "x"}));
    let item = collection.requests().next().unwrap();
    let error = block_on(collection.prepare(item, &Variables::new())).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Body);
}

#[test]
fn secrets_are_taken_out() {
    let secret = countersign_testkit::Canary::token();
    let attributes = json!({"username": "u", "password": secret.as_str()});
    let other = countersign_testkit::Canary::token();
    let theirs = json!({"username": "u", "password": other.as_str()}).to_string();
    let example = json!({"currentHelper": "basicAuth", "helperAttributes": theirs});
    let collection = one(json!({
        "currentHelper": "basicAuth", "helperAttributes": attributes.to_string(),
        "responses": [{"name": "e", "requestObject": example.to_string()}],
    }));
    let text = collection.without_secrets().to_json();
    assert!(!countersign_testkit::find_mark(text.as_bytes()), "{text}");
    let (moved, secrets) = collection.split_secrets("s");
    let with = Variables::new().environment(secrets);
    let value = |collection: &Collection, variables| {
        let item = collection.requests().next().unwrap();
        sent(collection, item, variables).unwrap()
    };
    assert!(!secret.is_in(moved.to_json().as_bytes()));
    assert!(value(&moved, &with) == value(&collection, &Variables::new()));
}

#[test]
fn odd_files_end() {
    let folder = |id: &str, within: &[&str]| json!({"id": id, "folders_order": within});
    let circle = json!({"requests": [], "folders": [folder("a", &["b"]), folder("b", &["a"])]});
    let own = json!({"requests": [], "folders": [folder("a", &["a"])]});
    for document in [circle, own] {
        let error = Collection::parse(document.to_string()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Shape);
    }
    let chain = |length: usize| {
        let next = |n: usize| folder(&n.to_string(), &[&(n + 1).to_string()]);
        let folders: Vec<_> = (0..length).map(next).collect();
        json!({"requests": [], "folders": folders}).to_string()
    };
    assert!(Collection::parse(chain(100)).is_ok());
    let error = Collection::parse(chain(10_000)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooDeep);
    let many = json!({"requests": vec![json!({"id": "same", "url": "h.test"}); 11]}).to_string();
    assert_eq!(Collection::parse(&many).unwrap().requests().len(), 11);
    let error = Collection::parse_within(&many, Limits::default().items(10)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooMany);
    for (document, path) in [
        (json!({"requests": {}}), "requests"),
        (json!({"requests": [1]}), "requests[0]"),
    ] {
        let error = Collection::parse(document.to_string()).unwrap_err();
        assert_eq!((error.kind(), error.path()), (ErrorKind::Shape, path));
    }
}

#[test]
fn a_wrapped_file_is_read() {
    let document = json!({"collection": file()});
    let collection = collection(&document);
    assert_eq!((collection.name(), collection.requests().len()), ("old", 4));
}
