//! What fails a request, and what ends a run.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::Stdio;

use serde_json::{Value, json};

use super::{Files, auth, collection, get, outcomes};
use crate::support::{RawServer, Serve, command};

fn raw(answers: &[&str], more: &[Value]) -> (RawServer, Files) {
    let server = RawServer::start(answers);
    let own = (1..=answers.len()).map(|number| get(&number.to_string(), &server.url("/")));
    let items: Vec<_> = own.chain(more.iter().cloned()).collect();
    let files = Files::with(&collection(&items, &json!({})));
    (server, files)
}

#[test]
fn the_exit_code_is_the_worst_one() {
    let dead = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let dead = get("dead", &format!("http://{dead}/"));
    for (answers, more, code) in [
        (&["200 OK", "302 Found\nLocation: ftp://a/"][..], &[][..], 0),
        (&["404 Not Found", "200 OK"], &[], 1),
        (&["401 Unauthorized", "500 Broken"], &[], 4),
        (&["401 Unauthorized"], &[dead][..], 7),
    ] {
        let (server, files) = raw(answers, more);
        let (ended, report) = files.report(&[]);
        assert_eq!(ended, code, "{report}");
        assert_eq!(report["summary"]["exit"], code);
        assert_eq!(server.requests().len(), answers.len());
    }
}

#[test]
fn after_a_failure_it_goes_on_unless_told_otherwise() {
    let answers = ["200 OK", "404 Not Found", "200 OK"];
    let (_server, files) = raw(&answers, &[]);
    let (_, report) = files.report(&[]);
    assert_eq!(
        outcomes(&report),
        [("1", "accepted"), ("2", "answered"), ("3", "accepted")]
    );
    let (server, files) = raw(&answers, &[]);
    let (code, report) = files.report(&["--bail"]);
    assert_eq!((code, &report["summary"]["left"]), (1, &json!(1)));
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn what_cannot_be_done_is_told_and_not_sent() {
    let server = RawServer::start(&[]);
    let url = server.url("/");
    let mut kind = get("kind", &url);
    kind["request"]["auth"] = auth("quantum", &json!({}));
    let mut mode = get("mode", &url);
    mode["request"]["method"] = "POST".into();
    mode["request"]["body"] = json!({"mode": "carrier-pigeon", "carrier-pigeon": {}});
    let scheme = get("scheme", "ftp://127.0.0.1/");
    let files = Files::with(&collection(&[kind, mode, scheme], &json!({})));
    let (code, report) = files.report(&[]);
    assert_eq!(code, 2);
    let kinds = report["requests"].as_array().unwrap().iter();
    let kinds: Vec<_> = kinds
        .map(|one| one["error"]["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["Auth", "Body", "Request"]);
    assert_eq!(server.requests(), [""; 0]);
}

#[test]
fn a_silent_server_ends_its_request_or_all() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let slow = get("slow", &format!("http://{}/", silent.local_addr().unwrap()));
    let serve = Serve::start(&["--auth", "noauth"]);
    let files = Files::with(&collection(
        &[slow, get("next", &serve.url("/"))],
        &json!({}),
    ));
    let (code, report) = files.report(&["--timeout-request", "0.3"]);
    assert_eq!(code, 7);
    assert_eq!(
        outcomes(&report),
        [("slow", "failed"), ("next", "accepted")]
    );
    assert_eq!(report["requests"][0]["error"]["kind"], "Timeout");
    assert_eq!(report["requests"][0]["sent"], 1);

    let mut all = command(&["run", "--report", "json", "--timeout", "0.3"]);
    let run = crate::support::run(all.arg(files.path("collection.json")), b"");
    assert_eq!((run.code, &run.json()["summary"]["left"]), (7, &json!(1)));
}

#[test]
fn redirects_are_followed_unless_the_request_says_otherwise() {
    let redirect = "302 Found\nLocation: {url}/next";
    let server = RawServer::start(&[redirect, "404 Not Found"]);
    let files = Files::with(&collection(&[get("one", &server.url("/"))], &json!({})));
    assert_eq!(files.run(&[]).code, 1);

    let server = RawServer::start(&[redirect]);
    let mut one = get("one", &server.url("/"));
    one["protocolProfileBehavior"] = json!({"followRedirects": false});
    let files = Files::with(&collection(&[one], &json!({})));
    let (code, report) = files.report(&[]);
    assert_eq!((code, &report["requests"][0]["status"]), (0, &json!(302)));
}

#[test]
#[cfg(unix)]
fn an_interrupted_run_ends_with_its_summary() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let slow = get("slow", &format!("http://{}/", silent.local_addr().unwrap()));
    let serve = Serve::start(&["--auth", "noauth"]);
    let files = Files::with(&collection(
        &[get("first", &serve.url("/")), slow],
        &json!({}),
    ));
    let mut child = command(&["run", "--timeout", "20"])
        .arg(files.path("collection.json"))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.next().unwrap().unwrap().contains("first"));
    let connected = silent.accept().unwrap();
    crate::support::signal(&child, "-INT");
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let rest: Vec<_> = lines.map(Result::unwrap).collect();
    assert!(
        rest[0].starts_with("interrupted: 2 requests in "),
        "{rest:?}"
    );
    assert!(rest[0].ends_with(": 1 accepted, 1 left out"), "{rest:?}");
    drop(connected);
}

#[test]
fn a_refusal_names_its_cause() {
    let serve = Serve::login("basic");
    let mut one = get("one", &serve.url("/"));
    one["request"]["auth"] = auth(
        "digest",
        &json!({"username": "Mufasa", "password": "Circle of Life"}),
    );
    let run = Files::with(&collection(&[one], &json!({}))).run(&[]);
    assert_eq!(run.code, 4);
    assert!(
        run.text()
            .contains("likely cause: the server offers Basic, which digest is none of"),
        "{}",
        run.text()
    );
}
