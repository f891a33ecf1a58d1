//! Reports for programs.

use roxmltree::{Document, Node};
use serde_json::{Value, json};

use super::{Files, auth, collection, get};
use crate::support::RawServer;

const SECRET: &str = "hakuna-matata";

/// Three requests: one is accepted, one refused, one cannot be made; with a script, and names that are no XML.
fn files(server: &RawServer) -> Files {
    let bearer = auth("bearer", &json!({"token": "{{token}}"}));
    let variable = json!([{"key": "token", "value": SECRET, "type": "secret"}]);
    let mut last = get("last", &server.url("/"));
    last["request"]["auth"] = auth("bearer", &json!({"token": "{{none}}"}));
    last["event"] = json!([{"listen": "test", "script": {"exec": "x"}}]);
    let folder =
        json!({"name": "a\"<&>\u{1b}[2J", "item": [get("first", &server.url("/hakuna-matata"))]});
    let items = [folder, get("second", &server.url("/")), last];
    Files::with(&collection(
        &items,
        &json!({"auth": bearer, "variable": variable}),
    ))
}

fn server() -> RawServer {
    let echo = format!("401 Unauthorized\nWWW-Authenticate: Basic realm=\"{SECRET}\"");
    RawServer::start(&["200 OK", &echo])
}

fn attributes(node: Node<'_, '_>) -> Vec<String> {
    let names = ["tests", "failures", "errors", "skipped"];
    names
        .map(|name| node.attribute(name).unwrap().to_owned())
        .to_vec()
}

#[test]
fn junit_is_xml_that_counts() {
    let server = server();
    let run = files(&server).run(&["--report", "junit"]);
    assert_eq!(run.code, 4);
    assert!(!run.printed().contains(SECRET), "{}", run.printed());
    let text = run.text();
    let document = Document::parse(&text).unwrap();
    let root = document.root_element();
    assert_eq!(attributes(root), ["4", "1", "1", "1"]);
    let suites: Vec<_> = root.children().filter(Node::is_element).collect();
    assert_eq!(attributes(suites[0]), ["1", "0", "0", "1"]);
    assert_eq!(attributes(suites[1]), ["3", "1", "1", "0"]);
    let cases: Vec<_> = suites[1].children().filter(Node::is_element).collect();
    assert_eq!(cases[0].attribute("classname"), Some("a\"<&>\u{fffd}[2J"));
    assert_eq!(cases[0].attribute("name"), Some("first"));
    assert_eq!(
        cases[1].first_element_child().unwrap().tag_name().name(),
        "failure"
    );
    let error = cases[2].first_element_child().unwrap();
    assert_eq!(error.attribute("type"), Some("Unresolved"));
    assert!(run.stderr.contains("3 requests in "), "{}", run.stderr);
}

#[test]
fn json_is_one_object_without_secrets() {
    let server = server();
    let run = files(&server).run(&["--report", "json"]);
    assert!(!run.printed().contains(SECRET), "{}", run.printed());
    let report = run.json();
    let first = &report["requests"][0];
    let origin = server.url("");
    let expected = json!({"type": "bearer", "level": "collection", "folder": null});
    assert_eq!(
        (&first["auth"], &first["origin"]),
        (&expected, &Value::from(origin))
    );
    assert_eq!((&first["status"], &first["sent"]), (&json!(200), &json!(1)));
    let summary = &report["summary"];
    let counts = ["accepted", "answered", "refused", "failed", "left"].map(|name| &summary[name]);
    assert_eq!(counts, [1, 0, 1, 1, 0].map(Value::from).each_ref());
}

#[test]
fn a_report_in_a_file_leaves_the_lines() {
    let server = server();
    let files = files(&server);
    let path = files.path("report.json");
    let run = files.run(&["--report", "json", "--report-file", path.to_str().unwrap()]);
    let report: Value = serde_json::from_str(&files.read("report.json")).unwrap();
    assert_eq!(report["summary"]["exit"], 4);
    let text = run.text();
    let lines: Vec<_> = text.lines().collect();
    assert!(lines[1].starts_with("200 "), "{text}");
    assert!(
        lines[1].ends_with(" ms  a\"<&>\u{fffd}[2J/first  bearer (collection)"),
        "{text}"
    );
    assert!(!text.contains('\u{1b}'), "{text}");
}

#[test]
fn a_report_that_cannot_be_written_is_an_error() {
    let server = RawServer::start(&[]);
    let run = files(&server).run(&["--report", "json", "--report-file", "/nowhere/report.json"]);
    assert_eq!(run.code, 2);
    assert_eq!(server.requests(), [""; 0]);
}
