//! What cannot be used is exit 2, with a text that helps and shows no secret.

use crate::support::{command, run, send};

const URL: &str = "http://127.0.0.1:1/";

#[track_caller]
fn refuses(args: &[&str], help: &str) {
    let run = send(&[&["GET", URL], args].concat());
    assert_eq!(run.code, 2, "{}", run.printed());
    assert!(run.stderr.contains(help), "{}", run.stderr);
    assert!(!run.printed().contains("hunter2"), "{}", run.printed());
}

#[test]
fn settings_that_cannot_be_used() {
    refuses(&["--set", "token=hunter2"], "--auth");
    refuses(&["--auth", "bearer", "--set", "hunter2"], "KEY=VALUE");
    refuses(
        &["--auth", "bearer", "--set", "colour=hunter2"],
        "the parameters of bearer are token",
    );
    refuses(
        &["--auth", "noauth", "--set", "a=hunter2"],
        "noauth has no such parameter",
    );
    refuses(
        &["--auth", "bearer", "--set", "token=@env:NO_SUCH_VARIABLE"],
        "NO_SUCH_VARIABLE is not set",
    );
    refuses(
        &["--auth", "bearer", "--set", "token=@file:/no/such/file"],
        "/no/such/file",
    );
    refuses(&["--auth", "bearer"], "token");
    refuses(&["--auth", "ntlm"], "ntlm needs username");
    refuses(
        &[
            "--auth",
            "ntlm",
            "--set",
            "username=u",
            "--set",
            "ntHash=hunter2",
        ],
        "32 hexadecimal digits",
    );
    refuses(
        &[
            "--auth",
            "basic",
            "--set",
            "username=a:b",
            "--set",
            "password=hunter2",
        ],
        "colon",
    );
    refuses(
        &[
            "--auth",
            "apikey",
            "--set",
            "key=k",
            "--set",
            "value=hunter2",
            "--set",
            "in=body",
        ],
        "cookie",
    );
    refuses(
        &["--auth", "digest", "--set", "algorithm=SHA-1"],
        "SHA-512-256",
    );
    refuses(
        &["--auth", "digest", "--set", "disableRetryRequest=yes"],
        "true or false",
    );
    refuses(
        &["--auth", "digest", "--set", "nonceCount=+1"],
        "hexadecimal",
    );
}

#[test]
fn a_scheme_that_is_not_there() {
    refuses(&["--auth", "kerberos"], "noauth, apikey, bearer");
}

#[test]
fn arguments_that_do_not_go_together() {
    refuses(&["-d", "a", "--form", "b=c"], "cannot be used with");
    refuses(
        &["--auth-file", "f", "--auth", "noauth"],
        "cannot be used with",
    );
    refuses(
        &["--auth-file", "f", "--set", "a=hunter2"],
        "cannot be used with",
    );
    refuses(&["-k", "--cacert", "f"], "cannot be used with");
    refuses(&["--at", "soon"], "RFC 3339");
    refuses(&["--timeout=-1"], "--timeout");
    refuses(&["--form", "hunter2"], "NAME=VALUE");
    refuses(&["-H", "hunter2"], "Name: value");
    refuses(&["-H", "a b: hunter2"], "Name: value");
    refuses(&["-d", "@/no/such/file"], "/no/such/file");
    refuses(&["--cacert", "/no/such/file"], "/no/such/file");
}

#[test]
fn urls_that_cannot_be_used() {
    for url in [
        "example.com/",
        "ftp://example.com/",
        "http://",
        "http://u:hunter2@h:x/",
        "http://h/a b",
    ] {
        let run = send(&["GET", url, "--json"]);
        assert_eq!(run.code, 2, "{url}: {}", run.printed());
        assert_eq!(run.json()["outcome"], "failed");
        assert!(!run.printed().contains("hunter2"));
    }
    assert_eq!(send(&["G T", URL]).code, 2);
}

#[test]
fn servers_that_cannot_be_set_up() {
    let cases: [(&[&str], &str); 6] = [
        (&[], "--auth"),
        (
            &[
                "--auth",
                "ntlm",
                "--set",
                "username=u",
                "--set",
                "certificate=c",
            ],
            "in PEM",
        ),
        (&["--auth", "bearer"], "token"),
        (
            &["--auth", "basic", "--set", "colour=red"],
            "username, password",
        ),
        (&["--auth", "noauth", "--tls-cert", "f"], "--tls-key"),
        (
            &[
                "--auth",
                "noauth",
                "--tls-cert",
                "/no/such/f",
                "--tls-key",
                "g",
            ],
            "/no/such/f",
        ),
    ];
    for (args, help) in cases {
        let run = run(
            command(&["serve", "--listen", "127.0.0.1:0", "--for", "1"]).args(args),
            b"",
        );
        assert_eq!(run.code, 2, "{args:?}");
        assert!(run.stderr.contains(help), "{}", run.stderr);
        assert_eq!(run.text(), "");
    }
}

#[test]
fn help_is_there() {
    let run = run(&mut command(&["send", "--help"]), b"");
    assert_eq!(run.code, 0);
    for option in [
        "-H",
        "-d",
        "--form",
        "-L",
        "-k",
        "--cacert",
        "--http1.1",
        "--timeout",
        "--auth-file",
        "--offline",
    ] {
        assert!(run.text().contains(option), "{option}");
    }
}
