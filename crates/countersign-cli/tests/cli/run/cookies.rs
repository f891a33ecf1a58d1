//! Cookies of one request are there for the next.

use serde_json::json;

use super::{Files, collection, get};
use crate::support::RawServer;

const GIVES: &str =
    "200 OK\nSet-Cookie: session=Pride-Rock; Path=/\nSet-Cookie: kept=yes; Max-Age=3600";

fn cookie(request: &str) -> Option<&str> {
    let mut lines = request.lines();
    lines.find_map(|line| line.strip_prefix("cookie: "))
}

#[test]
fn they_are_kept_between_requests_unless_one_wants_none() {
    let server = RawServer::start(&[GIVES, "200 OK", "200 OK"]);
    let mut without = get("without", &server.url("/"));
    without["protocolProfileBehavior"] = json!({"disableCookies": true});
    let items = [
        get("first", &server.url("/")),
        without,
        get("last", &server.url("/")),
    ];
    let run = Files::with(&collection(&items, &json!({}))).run(&[]);
    assert_eq!(run.code, 0, "{}", run.printed());
    assert!(!run.printed().contains("Pride-Rock") && !run.text().contains("not obeyed"));
    let requests = server.requests();
    let cookies: Vec<_> = requests.iter().map(|request| cookie(request)).collect();
    assert_eq!(cookies[..2], [None, None]);
    let last = cookies[2].unwrap();
    assert!(
        last.contains("session=Pride-Rock") && last.contains("kept=yes"),
        "{last}"
    );
}

#[test]
fn a_file_carries_them_from_run_to_run() {
    let server = RawServer::start(&[GIVES, "200 OK"]);
    let files = Files::with(&collection(&[get("one", &server.url("/"))], &json!({})));
    let jar = files.path("cookies.txt");
    let jar = ["--cookie-jar", jar.to_str().unwrap()];
    assert_eq!(files.run(&jar).code, 0);
    assert!(files.read("cookies.txt").contains("\tkept\tyes"));
    let offline = files.run(&[&jar[..], &["--offline"]].concat()).text();
    assert!(
        offline.contains("cookie: ") && offline.contains("kept=[redacted]"),
        "{offline}"
    );
    assert_eq!(files.run(&jar).code, 0);
    assert!(cookie(&server.requests()[1]).unwrap().contains("kept=yes"));
}

#[test]
fn a_file_that_is_no_jar_is_an_error() {
    let files = Files::with(&collection(
        &[get("one", "http://127.0.0.1:1/")],
        &json!({}),
    ));
    let jar = files.write("jar", "no\tjar");
    let run = files.run(&["--cookie-jar", &jar]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.starts_with("error: --cookie-jar: "),
        "{}",
        run.stderr
    );
}
