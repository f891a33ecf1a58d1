//! Bodies of every mode.

use countersign_postman::{ErrorKind, Prepared, Variables};
use http_body::Body as _;
use serde_json::{Value, json};

use crate::support::{body, collection, failure, of, prepare, text, try_prepare};

fn post(body: Value) -> Value {
    json!({"method": "POST", "url": "https://h.test/", "body": body})
}

fn built(body: Value) -> Prepared {
    prepare(
        post(body),
        &Variables::new().set("v", "1 &").set("q", "\"q\""),
    )
}

fn media_type(prepared: &Prepared) -> Option<&str> {
    prepared
        .request
        .headers()
        .get("content-type")
        .map(|value| value.to_str().unwrap())
}

#[test]
fn raw_text_has_the_type_of_its_language() {
    let table = [
        (
            json!({"mode": "raw", "raw": "{{v}} // kept"}),
            "text/plain",
            "1 & // kept",
        ),
        (
            json!({"mode": "raw", "raw": "<a/>", "options": {"raw": {"language": "xml"}}}),
            "application/xml",
            "<a/>",
        ),
        (
            json!({"mode": "raw", "raw": "{\"a\": {{q}}} // {{missing}}", "options": {"raw": {"language": "json"}}}),
            "application/json",
            "{\"a\": \"q\"} ",
        ),
    ];
    for (body, kind, expected) in table {
        let prepared = built(body);
        assert_eq!(media_type(&prepared), Some(kind));
        assert_eq!(text(prepared), expected);
    }
}

#[test]
fn the_callers_type_stays() {
    let mut request = post(json!({"mode": "raw", "raw": "x"}));
    request["header"] = json!([{"key": "content-type", "value": "a/b"}]);
    assert_eq!(
        media_type(&prepare(request, &Variables::new())),
        Some("a/b")
    );
}

#[test]
fn fields_are_encoded() {
    let fields = json!([
        {"key": "a b", "value": "{{v}}"},
        {"key": "off", "value": "x", "disabled": true},
        {"key": "~-._", "value": "邮"},
        {"key": "a b"},
    ]);
    let prepared = built(json!({"mode": "urlencoded", "urlencoded": fields}));
    assert_eq!(
        media_type(&prepared),
        Some("application/x-www-form-urlencoded")
    );
    assert_eq!(text(prepared), "a%20b=1%20%26&~-._=%E9%82%AE&a%20b=");
}

#[test]
fn graphql_is_json_with_the_variables_as_they_are() {
    let query = json!({"query": "query Test { hello }", "operationName": "Test", "variables": "{\"foo\":\"bar\"}"});
    let prepared = built(json!({"mode": "graphql", "graphql": query}));
    assert_eq!(media_type(&prepared), Some("application/json"));
    let expected =
        r#"{"query":"query Test { hello }","operationName":"Test","variables":{"foo":"bar"}}"#;
    assert_eq!(text(prepared), expected);
    let short = json!({"query": "\"{{v}}\"", "variables": ""});
    let prepared = built(json!({"mode": "graphql", "graphql": short}));
    assert_eq!(text(prepared), r#"{"query":"\"1 &\""}"#);
}

#[test]
fn some_methods_have_no_body_unless_told() {
    let raw = json!({"mode": "raw", "raw": "x"});
    let build = |method: &str, prune: Value| {
        let request = json!({"method": method, "url": "https://h.test/", "body": raw});
        let item = json!({"request": request, "protocolProfileBehavior": prune});
        try_prepare(&collection(&json!({"item": [item]})), &Variables::new()).unwrap()
    };
    for method in ["GET", "head", "COPY", "PURGE", "UNLOCK"] {
        let prepared = build(method, json!({}));
        assert_eq!(media_type(&prepared), None);
        assert_eq!(body(prepared).len(), 0);
        assert_eq!(
            text(build(method, json!({"disableBodyPruning": true}))),
            "x"
        );
    }
    assert_eq!(text(build("DELETE", Value::Null)), "x");
}

#[test]
fn what_is_switched_off_is_not_sent_and_what_is_unknown_is_told() {
    assert_eq!(
        text(built(json!({"mode": "raw", "raw": "x", "disabled": true}))),
        ""
    );
    assert_eq!(text(built(json!({"mode": "raw"}))), "");
    assert_eq!(text(built(Value::Null)), "");
    assert_eq!(text(built(json!({}))), "");
    for unknown in [
        json!({"mode": "smoke"}),
        json!({"mode": "smoke", "smoke": "x"}),
    ] {
        let error = failure(post(unknown), &Variables::new());
        assert_eq!(
            (error.kind(), error.path()),
            (ErrorKind::Body, "item[0].request.body.smoke")
        );
    }
}

const FIXED: &str = "multipart/form-data; boundary=XX";

fn form(fields: Value) -> Value {
    let mut request = post(json!({"mode": "formdata", "formdata": fields}));
    request["header"] = json!([{"key": "Content-Type", "value": FIXED}]);
    request
}

#[test]
fn parts_are_in_order_with_files_streamed() {
    let folder = tempfile::tempdir().unwrap();
    let content = "0123456789".repeat(20_000);
    std::fs::write(folder.path().join("big.txt"), &content).unwrap();
    let fields = json!([
        {"key": "a\"b", "value": "{{v}}", "type": "text"},
        {"key": "off", "value": "x", "disabled": true},
        {"key": "f", "type": "file", "src": "{{name}}.txt"},
        {"key": "g", "type": "file", "src": ["big.txt"], "fileName": "other", "contentType": "a/b"},
        {"key": "j", "value": "{}", "contentType": "application/json"},
    ]);
    let collection = of(form(fields)).files(folder.path());
    let variables = Variables::new().set("v", "1").set("name", "big");
    let prepared = try_prepare(&collection, &variables).unwrap();
    assert_eq!(media_type(&prepared), Some(FIXED));
    assert!(prepared.request.body().as_bytes().is_none());
    let expected = [
        "--XX\r\nContent-Disposition: form-data; name=\"a%22b\"\r\n\r\n1\r\n",
        "--XX\r\nContent-Disposition: form-data; name=\"f\"; filename=\"{{name}}.txt\"\r\n\
         Content-Type: text/plain\r\n\r\n",
        &content,
        "\r\n--XX\r\nContent-Disposition: form-data; name=\"g\"; filename=\"other\"\r\nContent-Type: a/b\r\n\r\n",
        &content,
        "\r\n--XX\r\nContent-Disposition: form-data; name=\"j\"\r\nContent-Type: application/json\r\n\r\n{}\r\n--XX--\r\n",
    ]
    .concat()
    .replace("{{name}}", "big");
    assert_eq!(
        prepared.request.body().size_hint().exact(),
        Some(expected.len() as u64)
    );
    assert!(text(prepared) == expected);
}

#[test]
fn a_boundary_is_made_where_there_is_none() {
    let fields = json!([{"key": "a", "value": "b"}]);
    let prepared = built(json!({"mode": "formdata", "formdata": fields}));
    let kind = media_type(&prepared).unwrap().to_owned();
    let boundary = kind.strip_prefix("multipart/form-data; boundary=").unwrap();
    assert!(text(prepared).starts_with(&format!("--{boundary}\r\n")));
}

#[test]
fn files_come_from_the_opened_folder_alone() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("inner");
    std::fs::create_dir(&inner).unwrap();
    std::fs::write(folder.path().join("outside"), "secret").unwrap();
    std::fs::write(inner.join("inside"), "content").unwrap();
    let file = |name: &str| of(post(json!({"mode": "file", "file": {"src": name}})));
    let send = |name: &str| try_prepare(&file(name).files(&inner), &Variables::new());
    assert_eq!(text(send("inside").unwrap()), "content");
    let absolute = folder.path().join("outside");
    for name in ["../outside", absolute.to_str().unwrap(), "missing", ".", ""] {
        assert_eq!(send(name).unwrap_err().kind(), ErrorKind::Body, "{name}");
    }
    let closed = try_prepare(&file("inside"), &Variables::new());
    assert_eq!(closed.unwrap_err().kind(), ErrorKind::Body);
    assert_eq!(
        text(built(json!({"mode": "file", "file": {"content": "{{v}}"}}))),
        "1 &"
    );
    let unchosen = form(json!([{"key": "f", "type": "file", "src": []}]));
    assert_eq!(failure(unchosen, &Variables::new()).kind(), ErrorKind::Body);
}

#[test]
fn a_file_that_became_shorter_is_an_error() {
    use http_body_util::BodyExt;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("f");
    std::fs::write(&file, "0123456789").unwrap();
    let collection = of(post(json!({"mode": "file", "file": {"src": "f"}}))).files(folder.path());
    let prepared = try_prepare(&collection, &Variables::new()).unwrap();
    std::fs::write(&file, "01234").unwrap();
    let collected = crate::support::block_on(prepared.request.into_body().collect());
    assert_eq!(
        collected.unwrap_err().kind(),
        std::io::ErrorKind::UnexpectedEof
    );
}
