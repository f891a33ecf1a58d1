//! Variables in every part of a request.

use serde_json::json;

use super::{Files, auth, collection, get};
use crate::support::RawServer;

#[test]
fn they_are_resolved_in_url_headers_body_and_auth() {
    let server = RawServer::start(&["200 OK"]);
    let request = json!({
        "name": "all", "request": {
            "method": "POST", "url": "{{host}}/{{path}}?q={{query}}",
            "header": [{"key": "X-{{name}}", "value": "{{value}}"}],
            "body": {"mode": "raw", "raw": "hello {{who}}"},
        }
    });
    let basic = auth(
        "basic",
        &json!({"username": "{{who}}", "password": "{{password}}"}),
    );
    let variable =
        json!([{"key": "path", "value": "collected"}, {"key": "who", "value": "nobody"}]);
    let files = Files::with(&collection(
        &[request],
        &json!({"auth": basic, "variable": variable}),
    ));
    let environment = json!({"values": [
        {"key": "who", "value": "Mufasa"}, {"key": "password", "value": "hakuna", "type": "secret"},
        {"key": "query", "value": "of the environment"}
    ]});
    let globals =
        json!({"values": [{"key": "name", "value": "Name"}, {"key": "who", "value": "all"}]});
    let environment = files.write("environment.json", &environment.to_string());
    let globals = files.write("globals.json", &globals.to_string());
    let host = format!("host={}", server.url(""));
    let run = files.run(&[
        "-e",
        &environment,
        "-g",
        &globals,
        "--var",
        &host,
        "--var",
        "value=v w",
        "--var",
        "query=1",
    ]);
    assert_eq!(run.code, 0, "{}", run.printed());
    let request = &server.requests()[0];
    assert!(
        request.starts_with("POST /collected?q=1 HTTP/1.1\r\n"),
        "{request}"
    );
    for part in [
        "x-name: v w\r\n",
        "authorization: Basic TXVmYXNhOmhha3VuYQ==\r\n",
        "\r\n\r\nhello Mufasa",
    ] {
        assert!(request.contains(part), "{part}: {request}");
    }
    assert!(!run.printed().contains("hakuna"));
}

#[test]
fn one_without_a_value_fails_its_request_and_nothing_of_it_is_sent() {
    let server = RawServer::start(&["200 OK"]);
    let bearer = auth("bearer", &json!({"token": "{{nowhere}}"}));
    let mut first = get("first", &server.url("/first"));
    first["request"]["auth"] = bearer;
    let files = Files::with(&collection(
        &[first, get("second", &server.url("/second"))],
        &json!({}),
    ));
    let (code, report) = files.report(&[]);
    assert_eq!(code, 2);
    assert_eq!(report["requests"][0]["error"]["kind"], "Unresolved");
    assert_eq!(report["requests"][1]["outcome"], "accepted");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_value_comes_from_where_it_is_kept() {
    let server = RawServer::start(&["200 OK"]);
    let files = Files::with(&collection(&[get("one", "{{host}}/{{path}}")], &json!({})));
    let path = files.write("path.txt", "kept\n");
    let (path, host) = (
        format!("path=@file:{path}"),
        format!("host={}", server.url("")),
    );
    assert_eq!(files.run(&["--var", &path, "--var", &host]).code, 0);
    assert!(server.requests()[0].starts_with("GET /kept "));
    let run = files.run(&["--var", "no-value"]);
    assert_eq!(
        (run.code, run.stderr.contains("--var needs KEY=VALUE")),
        (2, true)
    );
}

#[test]
fn one_with_white_space_around_it_is_the_likely_cause_of_a_refusal() {
    let server = RawServer::start(&["401 Unauthorized"]);
    let mut one = get("one", &server.url("/"));
    let login = json!({"username": "Mufasa", "password": "{{password}}"});
    one["request"]["auth"] = auth("basic", &login);
    let files = Files::with(&collection(&[one], &json!({})));
    let run = files.run(&["--var", "password=hakuna "]);
    assert_eq!(run.code, 4);
    let cause = "likely cause: the password of basic has white space around it";
    assert!(run.text().contains(cause), "{}", run.text());
}
