//! Settings and `auth` objects that are read from elsewhere.

use std::io::Write;

use tempfile::NamedTempFile;

use crate::support::{command, header, run, send};

const URL: &str = "http://127.0.0.1/";

fn file(text: &str) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

fn authorization(json: &serde_json::Value) -> String {
    header(&json["legs"][0]["request"], "authorization").concat()
}

#[test]
fn a_value_comes_from_a_file_or_a_variable_without_its_last_newline() {
    for (text, token) in [
        ("tok", "tok"),
        ("tok\n", "tok"),
        ("tok\r\n", "tok"),
        ("tok==", "tok=="),
    ] {
        let file = file(text);
        let from_file = format!("token=@file:{}", file.path().display());
        let args = [
            "send",
            "GET",
            URL,
            "--offline",
            "--raw",
            "--json",
            "--auth",
            "bearer",
            "--set",
        ];
        for setting in [&*from_file, "token=@env:TOKEN_OF_A_TEST"] {
            let run = run(
                command(&args).arg(setting).env("TOKEN_OF_A_TEST", text),
                b"",
            );
            assert_eq!(authorization(&run.json()), format!("Bearer {token}"));
        }
    }
}

#[test]
fn only_one_newline_is_dropped() {
    let file = file("tok\n\n");
    let run = send(&[
        "GET",
        URL,
        "--offline",
        "--auth",
        "bearer",
        "--set",
        &format!("token=@file:{}", file.path().display()),
    ]);
    assert_eq!(run.code, 2);
}

#[test]
fn an_auth_object_is_read_and_its_unknown_keys_are_noted() {
    let file = file(
        r#"{"type": "basic", "basic": [
            {"key": "username", "value": "Aladdin", "type": "string"},
            {"key": "password", "value": "wrong"}, {"key": "password", "value": "open sesame"},
            {"key": "password", "value": "disabled", "disabled": true},
            {"key": "showPassword", "value": false, "type": "boolean"},
            {"key": "colour", "value": "red"}
        ], "bearer": {"token": "other"}}"#,
    );
    let path = file.path().to_str().unwrap();
    let run = send(&[
        "GET",
        URL,
        "--offline",
        "--raw",
        "--json",
        "--auth-file",
        path,
    ]);
    assert_eq!(run.code, 0, "{}", run.printed());
    assert_eq!(
        authorization(&run.json()),
        "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
    );
    assert!(
        run.stderr.contains("\"colour\"") && !run.stderr.contains("showPassword"),
        "{}",
        run.stderr
    );
}

#[test]
fn an_auth_object_that_cannot_be_used_is_usage() {
    for text in [
        "",
        "[]",
        "null",
        "{}",
        r#"{"type": null}"#,
        r#"{"type": "kerberos"}"#,
        r#"{"type": "hawk"}"#,
        r#"{"type": "ntlm"}"#,
        r#"{"type": "bearer", "bearer": "hunter2"}"#,
        r#"{"type": "bearer", "bearer": [{"value": "hunter2"}]}"#,
    ] {
        let file = file(text);
        let run = send(&[
            "GET",
            URL,
            "--offline",
            "--auth-file",
            file.path().to_str().unwrap(),
        ]);
        assert_eq!(run.code, 2, "{text}: {}", run.printed());
        assert!(
            run.stderr.starts_with("error: ") && !run.printed().contains("hunter2"),
            "{}",
            run.stderr
        );
    }
}
