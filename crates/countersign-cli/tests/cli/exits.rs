//! Each exit code, and the outcome that goes with it.

use std::net::TcpListener;

use crate::support::{RawServer, Run, Serve, decoded, send};

const LOGIN: [&str; 4] = [
    "--set",
    "username=Mufasa",
    "--set",
    "password=Circle of Life",
];

fn ends(run: &Run, code: i32, outcome: &str) {
    assert_eq!(run.code, code, "{}", run.printed());
    assert_eq!(run.json()["outcome"], outcome);
}

fn login(scheme: &str, url: &str, password: &str) -> Run {
    let password = format!("password={password}");
    send(&[
        "GET",
        url,
        "--json",
        "--auth",
        scheme,
        "--set",
        "username=Mufasa",
        "--set",
        &password,
    ])
}

#[test]
fn right_credentials_are_accepted() {
    for scheme in ["basic", "digest"] {
        let serve = Serve::login(scheme);
        ends(
            &login(scheme, &serve.url("/"), "Circle of Life"),
            0,
            "accepted",
        );
    }
}

#[test]
fn wrong_credentials_are_refused() {
    for (scheme, legs) in [("basic", 1), ("digest", 2)] {
        let serve = Serve::login(scheme);
        let run = login(scheme, &serve.url("/"), "wrong");
        ends(&run, 4, "refused");
        assert_eq!(run.json()["legs"].as_array().unwrap().len(), legs);
        assert_eq!(run.json()["status"], 401);
    }
}

#[test]
fn a_status_says_how_it_ended() {
    let statuses = [
        ("204 No Content", 0, "accepted"),
        ("302 Found\nLocation: /", 0, "accepted"),
        ("404 Not Found", 1, "answered"),
        ("500 Broken", 1, "answered"),
        ("401 Unauthorized", 4, "refused"),
        ("403 Forbidden", 4, "refused"),
        ("407 Proxy Authentication Required", 4, "refused"),
    ];
    for (answer, code, outcome) in statuses {
        let server = RawServer::start(&[answer]);
        ends(&send(&["GET", &server.url("/"), "--json"]), code, outcome);
    }
}

#[test]
fn a_scheme_that_cannot_go_on_is_3_and_nothing_was_sent() {
    let file = tempfile::NamedTempFile::new().unwrap();
    file.as_file().set_len((64 << 20) + 1).unwrap();
    let server = RawServer::start(&["200 OK"]);
    let data = format!("@{}", file.path().display());
    let run = send(
        &[
            &[
                "PUT",
                &server.url("/"),
                "--json",
                "-d",
                &data,
                "--auth",
                "digest",
            ],
            &LOGIN[..],
        ]
        .concat(),
    );
    ends(&run, 3, "failed");
    assert_eq!(run.json()["error"]["kind"], "BodyNotReplayable");
    assert_eq!(run.json()["legs"], serde_json::json!([]));
    assert_eq!(server.requests(), [""; 0]);
}

#[test]
fn a_dead_server_is_7() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let run = send(&["GET", &url, "--json"]);
    ends(&run, 7, "failed");
    let json = run.json();
    assert_eq!(
        (&json["error"]["kind"], &json["status"]),
        (&"Transport".into(), &().into())
    );
}

#[test]
fn a_server_that_breaks_off_is_7_and_its_half_answer_is_shown() {
    let server = RawServer::start(&["200 OK\nContent-Length: 5\n\nabc"]);
    let run = send(&["GET", &server.url("/"), "--json"]);
    ends(&run, 7, "failed");
    let json = run.json();
    assert_eq!(json["status"], serde_json::Value::Null);
    assert_eq!(decoded(&json["legs"][0]["response"]["body"]), b"abc");
}

#[test]
fn a_silent_server_is_7_once_the_time_is_over() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let run = send(&["GET", &url, "--json", "--timeout", "0.3"]);
    ends(&run, 7, "failed");
    let json = run.json();
    assert_eq!(json["error"]["kind"], "Timeout");
    assert_eq!(json["legs"][0]["response"], serde_json::Value::Null);
}
