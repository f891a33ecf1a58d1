//! URLs and headers.

use countersign_postman::{ErrorKind, Variables};
use serde_json::{Value, json};

use crate::support::{failure, prepare};

fn uri(url: Value, variables: &Variables) -> String {
    prepare(json!({ "url": url }), variables)
        .request
        .uri()
        .to_string()
}

#[test]
fn the_parts_make_the_url() {
    let url = json!({
        "raw": "ignored",
        "protocol": "https",
        "host": ["api", "h", "test"],
        "port": "8443",
        "path": ["v1", ":id", "{{what}}", ":none", {"type": "string", "value": "last"}],
        "query": [
            {"key": "a", "value": "b c&d"},
            {"key": "off", "value": "x", "disabled": true},
            {"key": "flag", "value": null},
            {"key": "empty", "value": ""},
            {"key": "kept", "value": "%2C+"},
        ],
        "hash": "part",
        "variable": [
            {"key": "id", "value": "4 2?"},
            {"key": "id", "value": "x", "disabled": true},
            {"key": "none", "value": null},
        ],
    });
    let expected =
        "https://api.h.test:8443/v1/4%202%3F/items/:none/last?a=b%20c%26d&flag&empty=&kept=%2C+";
    assert_eq!(uri(url, &Variables::new().set("what", "items")), expected);
}

#[test]
fn a_variable_may_hold_the_whole_front() {
    let url = json!({"raw": "", "host": ["{{base}}"], "path": ["x", ""]});
    let base = Variables::new().set("base", "https://h.test/v2");
    assert_eq!(uri(url, &base), "https://h.test/v2/x/");
    assert_eq!(
        uri("{{base}}/y?z=1#f".into(), &base),
        "https://h.test/v2/y?z=1"
    );
    let raw = json!({"raw": "{{base}}/:id/{{a/b}}?q={{base}}", "variable": [{"key": "id", "value": "7"}]});
    let expected = "https://h.test/v2/7/c?q=https://h.test/v2";
    assert_eq!(uri(raw, &base.set("a/b", "c")), expected);
}

#[test]
fn a_name_in_several_pieces_is_no_way_around() {
    let url = json!({"host": ["h", "test"], "path": ["{{a", "b}}"]});
    let error = failure(json!({ "url": url }), &Variables::new());
    assert_eq!(
        (error.kind(), error.variable()),
        (ErrorKind::Unresolved, Some("a/b"))
    );
}

#[test]
fn short_forms_are_read() {
    let variables = Variables::new();
    assert_eq!(uri("h.test/a b".into(), &variables), "http://h.test/a%20b");
    assert_eq!(
        uri("h.test:81/?to=https://x/".into(), &variables),
        "http://h.test:81/?to=https://x/"
    );
    let texts = json!({"protocol": "http", "host": "h.test", "path": "/a/b", "port": 80});
    assert_eq!(uri(texts, &variables), "http://h.test/a/b");
    let alone = prepare("https://h.test".into(), &variables).request;
    assert_eq!(
        (alone.method().as_str(), alone.uri().to_string()),
        ("GET", "https://h.test/".into())
    );
    assert_eq!(
        uri("https://bücher.test/ü".into(), &variables),
        "https://xn--bcher-kva.test/%C3%BC"
    );
}

#[test]
fn what_is_no_url_is_refused() {
    for url in [
        "",
        "{{empty}}",
        "ftp://h.test/",
        "file:///etc/passwd",
        "https://",
        "https://h.test/{{line}}",
    ] {
        let variables = Variables::new().set("empty", "").set("line", "a\r\nb");
        let error = failure(json!({ "url": url }), &variables);
        assert_eq!(
            (error.kind(), error.path()),
            (ErrorKind::Request, "item[0].request.url"),
            "{url}"
        );
    }
    let error = failure(json!({ "url": 1 }), &Variables::new());
    assert_eq!(error.kind(), ErrorKind::Shape);
}

#[test]
fn headers_are_a_list_or_lines() {
    let list = json!([
        {"key": "X-{{n}}", "value": "{{v}}"},
        {"key": "X-1", "value": "again"},
        {"key": "X-Off", "value": "x", "disabled": true},
        {"key": "", "value": "nameless"},
        {"key": "Content-Length", "value": "5"},
    ]);
    let lines = "X-{{n}}: {{v}}\nX-1: again\n\nTransfer-Encoding: chunked";
    for header in [list, lines.into()] {
        let variables = Variables::new().set("n", "1").set("v", "värde");
        let prepared = prepare(
            json!({"url": "https://h.test/", "header": header}),
            &variables,
        );
        let values: Vec<_> = prepared.request.headers().get_all("x-1").iter().collect();
        assert_eq!(values, ["värde", "again"]);
        assert_eq!(prepared.request.headers().len(), 2);
    }
}

#[test]
fn no_variable_breaks_out_of_a_header_or_the_method() {
    let variables = Variables::new().set("evil", "x\r\nX-Evil: 1");
    for (key, value) in [("X", "{{evil}}"), ("{{evil}}", "x")] {
        let header = json!([{"key": key, "value": value}]);
        let error = failure(
            json!({"url": "https://h.test/", "header": header}),
            &variables,
        );
        assert_eq!(
            (error.kind(), error.path()),
            (ErrorKind::Request, "item[0].request.header[0]")
        );
    }
    let error = failure(
        json!({"url": "https://h.test/", "method": "{{evil}}"}),
        &variables,
    );
    assert_eq!(error.kind(), ErrorKind::Request);
}
