//! Cookies of `send`: from leg to leg, and from call to call in a file.

use crate::support::{RawServer, send};

const SETS: &str =
    "302 Found\nLocation: /there\nSet-Cookie: session=Pride-Rock; Path=/; Max-Age=3600";

fn cookie(request: &str) -> Option<&str> {
    let mut lines = request.lines();
    lines.find_map(|line| line.strip_prefix("cookie: "))
}

#[test]
fn they_go_with_the_next_hop_unless_they_are_off() {
    let args = [&[][..], &["--cookies", "off"]];
    for (args, expected) in args.into_iter().zip([Some("session=Pride-Rock"), None]) {
        let server = RawServer::start(&[SETS, "200 OK"]);
        let run = send(&[&["GET", &server.url("/"), "-L"], args].concat());
        assert_eq!(run.code, 0, "{}", run.printed());
        let requests = server.requests();
        assert_eq!(
            (cookie(&requests[0]), cookie(&requests[1])),
            (None, expected)
        );
        assert!(!run.printed().contains("Pride-Rock"), "{}", run.printed());
        let says = run
            .printed()
            .contains("the jar put its cookies into cookie");
        assert_eq!(says, expected.is_some(), "{}", run.printed());
        assert!(
            run.printed().contains("without credentials"),
            "{}",
            run.printed()
        );
    }
}

#[test]
fn a_file_carries_them_from_call_to_call() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["jar.txt", "jar.json"] {
        let path = folder.path().join(name);
        let jar = ["--cookie-jar", path.to_str().unwrap()];
        let server = RawServer::start(&[SETS, "200 OK"]);
        let call = |more: &[&str]| send(&[&["GET", &server.url("/")], &jar[..], more].concat());
        assert_eq!(call(&[]).code, 0);
        assert!(
            std::fs::read_to_string(&path)
                .unwrap()
                .contains("Pride-Rock")
        );
        let offline = call(&["--offline"]);
        assert!(
            offline.printed().contains("+ cookie: session=[redacted]"),
            "{}",
            offline.printed()
        );
        let raw = call(&["--offline", "--raw"]);
        assert!(
            raw.printed().contains("+ cookie: session=Pride-Rock"),
            "{}",
            raw.printed()
        );
        assert_eq!(call(&["-H", "Cookie: own=1"]).code, 0);
        let requests = server.requests();
        assert_eq!(
            cookie(&requests[1]),
            Some("own=1; session=Pride-Rock"),
            "{name}"
        );
    }
}

#[test]
fn a_file_that_is_no_jar_is_an_error_and_nothing_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("jar.txt");
    std::fs::write(
        &path,
        "a.example\tFALSE\t/\tFALSE\tnever\tname\tPride-Rock\n",
    )
    .unwrap();
    let args = [
        "GET",
        "http://127.0.0.1:1/",
        "--cookie-jar",
        path.to_str().unwrap(),
    ];
    for more in [&[][..], &["--offline"]] {
        let run = send(&[&args, more].concat());
        assert_eq!(run.code, 2, "{}", run.printed());
        assert!(
            run.printed().contains("line 1, expires: not a number"),
            "{}",
            run.printed()
        );
        assert!(!run.printed().contains("Pride-Rock"), "{}", run.printed());
    }
}

#[test]
fn a_jar_and_none_exclude_each_other() {
    let args = [
        "GET",
        "http://127.0.0.1:1/",
        "--cookies",
        "off",
        "--cookie-jar",
        "jar.txt",
    ];
    assert_eq!(send(&args).code, 2);
}
