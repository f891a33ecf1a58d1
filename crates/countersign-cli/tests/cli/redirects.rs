//! Redirects: only with `-L`, signed anew on the same origin, without credentials on any other.

use crate::support::{RawServer, send};

const KEY: [&str; 6] = [
    "--auth",
    "apikey",
    "--set",
    "key=X-Key",
    "--set",
    "value=canary-key",
];

#[test]
fn without_l_the_redirect_is_the_answer() {
    let server = RawServer::start(&["302 Found\nLocation: {url}/b", "200 OK"]);
    let run = send(&["GET", &server.url("/a"), "--json"]);
    assert_eq!((run.code, &run.json()["status"]), (0, &302.into()));
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn on_the_same_origin_it_is_signed_anew() {
    let server = RawServer::start(&["307 There\nLocation: /b", "200 OK"]);
    let run = send(
        &[
            &["POST", &server.url("/a"), "-d", "body", "-L", "--json"],
            &KEY[..],
        ]
        .concat(),
    );
    assert_eq!(run.code, 0, "{}", run.printed());
    assert_eq!(run.json()["legs"].as_array().unwrap().len(), 2);
    let requests = server.requests();
    assert!(
        requests[1].starts_with("POST /b HTTP/1.1\r\n") && requests[1].ends_with("\r\n\r\nbody")
    );
    assert!(
        requests
            .iter()
            .all(|request| request.contains("x-key: canary-key\r\n"))
    );
}

#[test]
fn another_origin_sees_no_credential() {
    for place in ["in=header", "in=query", "in=cookie"] {
        let other = RawServer::start(&["200 OK"]);
        let server = RawServer::start(&[&format!("302 Found\nLocation: {}", other.url("/there"))]);
        let args = [
            "GET",
            &server.url("/"),
            "-L",
            "-H",
            "X-Own: stays",
            "--set",
            place,
        ];
        let run = send(&[&args, &KEY[..]].concat());
        assert_eq!(run.code, 0, "{}", run.printed());
        assert!(server.requests()[0].contains("canary-key"));
        let seen = other.requests().remove(0);
        assert!(
            seen.starts_with("GET /there HTTP/1.1\r\n") && !seen.contains("canary"),
            "{seen}"
        );
        assert!(seen.contains("x-own: stays"));
    }
}

#[test]
fn a_circle_ends() {
    let there = "302 Found\nLocation: {url}/";
    let server = RawServer::start(&[there; 12]);
    let run = send(&["GET", &server.url("/"), "-L", "--json"]);
    assert_eq!((run.code, &run.json()["status"]), (0, &302.into()));
    assert_eq!(server.requests().len(), 11);
}
