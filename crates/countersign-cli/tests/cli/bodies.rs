//! Bodies from arguments, files and standard input, small and large.

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::support::{MUFASA, Serve, decoded, send, send_with};

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn seen(run: &crate::support::Run) -> Value {
    assert_eq!(run.code, 0, "{}", run.stderr);
    let json = run.json();
    serde_json::from_slice(&decoded(
        &json["legs"].as_array().unwrap().last().unwrap()["response"]["body"],
    ))
    .unwrap()
}

#[test]
fn every_byte_arrives_through_a_challenge() {
    let body: Vec<u8> = (0..=255).cycle().take(700_001).collect();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), &body).unwrap();
    let serve = Serve::login("digest");
    let login = [&["--json"][..], &MUFASA].concat();
    let data = format!("@{}", file.path().display());
    let from_file = send(&[&["PUT", &serve.url("/"), "-d", &data], &login[..]].concat());
    assert_eq!(seen(&from_file)["body_sha256"], sha256(&body));
    let from_stdin = send_with(
        &[&["PUT", &serve.url("/"), "-d", "-"], &login[..]].concat(),
        &body,
    );
    assert_eq!(seen(&from_stdin)["body_sha256"], sha256(&body));
}

#[test]
fn what_is_larger_than_memory_is_streamed_where_one_leg_will_do() {
    let body = vec![b'x'; (64 << 20) + 12_345];
    let serve = Serve::login("basic");
    let run = send_with(
        &[
            "PUT",
            &serve.url("/"),
            "-d",
            "-",
            "--auth",
            "basic",
            "--set",
            "username=Mufasa",
            "--set",
            "password=Circle of Life",
        ],
        &body,
    );
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stderr
            .lines()
            .all(|line| !line.contains("content-length:") || line.starts_with('<'))
    );
    assert!(run.text().contains(&sha256(&body)), "{}", run.text());
}

#[test]
fn an_empty_standard_input_is_an_empty_body() {
    let serve = Serve::start(&["--auth", "noauth"]);
    let run = send(&["POST", &serve.url("/"), "--json", "-d", "-"]);
    assert_eq!(seen(&run)["body_sha256"], sha256(b""));
    assert_eq!(seen(&run)["principal"], "anonymous");
}
