//! `--to-curl` and `--dump`: requests as they went out.

use std::process::Command;

use crate::support::{MUFASA, RawServer, Serve, run, send};

/// What a shell made of these commands brought to a server.
fn replayed(text: &str, from: &str, answers: &[&str]) -> Vec<String> {
    let server = RawServer::start(answers);
    let text = text.replace(from, &server.url(""));
    let mut shell = Command::new("sh");
    let shown = run(shell.arg("-c").arg(&text), b"");
    assert_eq!(shown.code, 0, "{text}: {}", shown.stderr);
    server.requests()
}

/// A request without the name of its server, its lines in order.
fn bare(request: &str) -> (Vec<String>, String) {
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let lines = head
        .lines()
        .filter(|line| !line.to_ascii_lowercase().starts_with("host:"));
    // curl writes nothing, not even a space, behind the colon of an empty header.
    let lines = lines.map(|line| line.trim_end().to_ascii_lowercase());
    let mut lines: Vec<_> = lines.collect();
    lines[1..].sort();
    (lines, body.to_owned())
}

fn same(args: &[&str], path: &str) {
    let server = RawServer::start(&["200 OK"]);
    let (url, origin) = (server.url(path), server.url(""));
    let mut all = vec![args[0], url.as_str(), "--to-curl", "--raw"];
    all.extend(&args[1..]);
    let run = send(&all);
    assert_eq!(run.code, 0, "{}", run.printed());
    let (text, sent) = (run.text(), server.requests());
    let again = replayed(&text, &origin, &["200 OK"]);
    assert_eq!(bare(&again[0]), bare(&sent[0]), "{text}");
}

const LOGIN: [&str; 6] = [
    "--auth",
    "basic",
    "--set",
    "username=it's",
    "--set",
    "password=\"$HOME\"",
];

#[test]
fn curl_sends_the_same() {
    same(&[&["GET"], &LOGIN[..]].concat(), "/a/../b?x={1}&y=[2]");
    same(
        &[
            "POST",
            "-d",
            "it's $5 & \"more\"\n@x",
            "-H",
            "X-Empty:",
            "-H",
            "X-B: ü",
        ],
        "/",
    );
    same(&["POST"], "/");
    same(&["DELETE", "--form", "a=1 2"], "/");
    let file = tempfile::NamedTempFile::new().unwrap();
    let data = format!("@{}", file.path().display());
    for bytes in [&b"@no"[..], b"\0binary\xff'%d\\"] {
        std::fs::write(file.path(), bytes).unwrap();
        same(&["PUT", "-d", &data], "/");
    }
}

#[test]
fn every_leg_is_a_command_without_secrets() {
    let serve = Serve::login("digest");
    let args = ["POST", &serve.url("/x"), "-d", "a=1", "--to-curl"];
    let shown = send(&[&args[..], &MUFASA].concat());
    assert_eq!(shown.code, 0, "{}", shown.printed());
    let text = shown.text();
    let commands: Vec<_> = text.lines().collect();
    assert_eq!(commands.len(), 2, "{text}");
    assert!(
        commands
            .iter()
            .all(|command| command.starts_with("curl ") && command.contains("--request 'POST'"))
    );
    assert!(!commands[0].contains("authorization"));
    assert!(commands[1].contains("response=[redacted]"), "{text}");
}

#[test]
fn a_dump_shows_every_message() {
    let serve = Serve::login("digest");
    let url = serve.url("/x?y=1");
    for (how, hidden) in [("redacted", true), ("raw", false)] {
        let run = send(&[&["POST", &url, "-d", "hello", "--dump", how], &MUFASA[..]].concat());
        let text = run.text();
        let parts = [
            "POST /x?y=1 HTTP/1.1\n",
            "\n\nhello\n",
            "HTTP/1.1 401 Unauthorized\n",
            "www-authenticate: Digest ",
            "authorization: Digest ",
            "HTTP/1.1 200 OK\n",
            "\"principal\":\"Mufasa\"",
        ];
        let mut rest = text.as_str();
        for part in parts {
            let place = rest.find(part).unwrap_or_else(|| panic!("{part}: {text}"));
            rest = &rest[place..];
        }
        assert_eq!(text.contains("response=[redacted]"), hidden, "{text}");
    }
}

#[test]
fn a_scheme_of_one_leg_and_what_is_not_sent_are_shown_too() {
    let offline = [
        "POST",
        "http://127.0.0.1:1/",
        "--offline",
        "-d",
        "x",
        "--auth",
        "hawk",
        "--set",
        "authId=a",
        "--set",
        "authKey=key-of-hawk",
    ];
    let curl = send(&[&offline[..], &["--to-curl"]].concat()).text();
    assert!(
        curl.contains("authorization: Hawk id=\"a\"") && curl.contains("mac=[redacted]"),
        "{curl}"
    );
    let dump = send(&[&offline[..], &["--dump", "redacted"]].concat()).text();
    assert!(
        dump.starts_with("POST / HTTP/1.1\n") && dump.contains("mac=[redacted]"),
        "{dump}"
    );
}
