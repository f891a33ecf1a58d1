//! The server: what it reports, refuses and how it stops.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{Serve, command, decoded, run, send};

fn raw(serve: &Serve, request: &str) -> String {
    let mut stream = TcpStream::connect(serve.url("").trim_start_matches("http://")).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn it_reports_what_it_saw() {
    let serve = Serve::login("basic");
    let request = "PATCH /a/../b?x=%41 HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 3\r\n\
                   Authorization: basic TXVmYXNhOkNpcmNsZSBvZiBMaWZl\r\n\r\nabc";
    let answer = raw(&serve, request);
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    let body: Value = serde_json::from_str(answer.split("\r\n\r\n").nth(1).unwrap()).unwrap();
    let expected = json!({
        "scheme": "basic", "principal": "Mufasa", "method": "PATCH", "target": "/a/../b?x=%41",
        "body_sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    });
    assert_eq!(body, expected);
}

#[test]
fn it_refuses_with_its_challenge_and_names_the_realm() {
    let args = [
        "--auth",
        "digest",
        "--set",
        "username=u",
        "--set",
        "realm=from set",
    ];
    let plain = "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
    let answer = raw(&Serve::start(&args), plain);
    assert!(
        answer.starts_with("HTTP/1.1 401 ") && answer.contains("realm=\"from set\""),
        "{answer}"
    );
    assert!(answer.contains("algorithm=SHA-256") && answer.contains("algorithm=MD5"));
    let answer = raw(
        &Serve::start(
            &[
                &args[..],
                &["--realm", "R", "--set", "algorithm=SHA-512-256"],
            ]
            .concat(),
        ),
        plain,
    );
    assert!(
        answer.contains("realm=\"R\"")
            && answer.contains("algorithm=SHA-512-256")
            && !answer.contains("MD5")
    );
}

#[test]
fn it_answers_400_to_what_is_malformed() {
    let serve = Serve::login("digest");
    let answer = raw(
        &serve,
        "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nAuthorization: Digest realm=\"\r\n\r\n",
    );
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
}

#[test]
fn every_scheme_lets_its_own_client_in() {
    let schemes: [&[&str]; 6] = [
        &["--auth", "noauth"],
        &["--auth", "bearer", "--set", "token=t0ken"],
        &[
            "--auth",
            "apikey",
            "--set",
            "key=X-Key",
            "--set",
            "value=k 1",
        ],
        &[
            "--auth",
            "apikey",
            "--set",
            "key=k",
            "--set",
            "value=k&1",
            "--set",
            "in=query",
        ],
        &[
            "--auth",
            "apikey",
            "--set",
            "key=k",
            "--set",
            "value=k1",
            "--set",
            "in=cookie",
        ],
        &[
            "--auth",
            "digest",
            "--set",
            "username=u",
            "--set",
            "password=p",
            "--set",
            "qop=auth-int",
        ],
    ];
    for scheme in schemes {
        let serve = Serve::start(scheme);
        let run = send(&[&["POST", &serve.url("/p"), "-d", "body", "--json"], scheme].concat());
        assert_eq!(run.code, 0, "{scheme:?}: {}", run.printed());
        let json = run.json();
        let last = json["legs"].as_array().unwrap().last().unwrap();
        let seen: Value = serde_json::from_slice(&decoded(&last["response"]["body"])).unwrap();
        assert_eq!(seen["scheme"], scheme[1]);
        if scheme[1] != "noauth" {
            assert_eq!(send(&["POST", &serve.url("/p"), "-d", "body"]).code, 4);
        }
    }
}

#[test]
fn a_nonce_is_as_old_as_at_says() {
    let login = [
        "--auth",
        "digest",
        "--set",
        "username=u",
        "--set",
        "password=p",
    ];
    let serve = Serve::start(&[&login[..], &["--at", "2020-01-01T00:00:00Z"]].concat());
    assert_eq!(
        send(&[&["GET", &serve.url("/")], &login[..]].concat()).code,
        0
    );
}

#[test]
fn it_stops_when_its_time_is_over() {
    let started = Instant::now();
    let run = run(
        &mut command(&[
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--auth",
            "noauth",
            "--for",
            "0.2",
        ]),
        b"",
    );
    assert_eq!(run.code, 0);
    assert!(run.text().starts_with("listening on http://127.0.0.1:"));
    assert!(started.elapsed() < Duration::from_secs(10));
}

#[cfg(unix)]
#[test]
fn it_stops_when_it_is_told_to() {
    for signal in ["-INT", "-TERM"] {
        let mut serve = Serve::start(&["--auth", "noauth"]);
        // A connection that waits for nothing does not hold it back.
        let idle = TcpStream::connect(serve.url("").trim_start_matches("http://")).unwrap();
        crate::support::signal(serve.child(), signal);
        assert_eq!(serve.child().wait().unwrap().code(), Some(0));
        drop(idle);
    }
}
