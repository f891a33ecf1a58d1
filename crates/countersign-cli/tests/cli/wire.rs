//! What stands on the wire: what was asked for, and nothing else.

use serde_json::json;

use crate::support::{RawServer, send, send_with};

fn sent(args: &[&str]) -> String {
    let server = RawServer::start(&["200 OK"]);
    let run = send(&[&[args[0], &server.url("/p?q=1")], &args[1..]].concat());
    assert_eq!(run.code, 0, "{}", run.printed());
    server.requests().remove(0)
}

/// The request without the host's port, which is another in every run.
fn lines(request: &str) -> Vec<&str> {
    let head = request.split("\r\n\r\n").next().unwrap();
    head.split("\r\n")
        .map(|line| {
            if line.starts_with("host: ") {
                "host"
            } else {
                line
            }
        })
        .collect()
}

#[test]
fn a_plain_request_has_a_host_alone() {
    assert_eq!(lines(&sent(&["GET"])), ["GET /p?q=1 HTTP/1.1", "host"]);
    assert_eq!(
        lines(&sent(&["POST"])),
        ["POST /p?q=1 HTTP/1.1", "content-length: 0", "host"]
    );
    assert_eq!(lines(&sent(&["PURGE"])), ["PURGE /p?q=1 HTTP/1.1", "host"]);
}

#[test]
fn repeated_headers_keep_their_order() {
    let request = sent(&[
        "GET", "-H", "X-A: 2", "-H", "X-B: b", "-H", "x-a:1", "-H", "X-Empty:",
    ]);
    let values: Vec<_> = lines(&request)
        .into_iter()
        .filter(|line| line.starts_with("x-a"))
        .collect();
    assert_eq!(values, ["x-a: 2", "x-a: 1"]);
    assert!(request.contains("\r\nx-b: b\r\nx-empty: \r\n"), "{request}");
}

#[test]
fn a_body_goes_with_any_method_and_has_no_type() {
    for method in ["GET", "DELETE", "POST"] {
        let request = sent(&[method, "-d", "-text\n"]);
        assert_eq!(
            lines(&request)[1..],
            ["content-length: 6", "host"],
            "{request}"
        );
        assert!(request.ends_with("\r\n\r\n-text\n"));
    }
}

#[test]
fn a_form_is_encoded_and_typed() {
    let request = sent(&["POST", "--form", "a b=c&d", "--form", "é==", "--form", "e="]);
    assert!(request.contains("\r\ncontent-type: application/x-www-form-urlencoded\r\n"));
    assert!(
        request.ends_with("\r\n\r\na+b=c%26d&%C3%A9=%3D&e="),
        "{request}"
    );
    let own = sent(&["POST", "--form", "a=b", "-H", "Content-Type: text/x"]);
    assert!(own.contains("content-type: text/x\r\n") && !own.contains("urlencoded"));
}

#[test]
fn a_host_of_the_callers_own_is_kept() {
    let request = sent(&["GET", "-H", "Host: elsewhere"]);
    assert_eq!(request.matches("host: ").count(), 1);
    assert!(request.contains("host: elsewhere\r\n"));
}

#[test]
fn the_target_is_sent_byte_for_byte() {
    let server = RawServer::start(&["200 OK"]);
    let target = "/a/../b//c/%7e?x=%41&y='|^{}";
    let run = send(&["GET", &server.url(target)]);
    assert_eq!(run.code, 0, "{}", run.printed());
    assert!(server.requests()[0].starts_with(&format!("GET {target} HTTP/1.1\r\n")));
}

#[test]
fn a_scheme_replaces_a_header_of_the_same_name_and_says_so() {
    let server = RawServer::start(&["200 OK"]);
    let run = send(&[
        "GET",
        &server.url("/"),
        "-H",
        "Authorization: Bearer mine",
        "--auth",
        "bearer",
        "--set",
        "token=its",
    ]);
    assert!(
        run.stderr
            .contains("its own authorization in place of the request's"),
        "{}",
        run.stderr
    );
    let request = server.requests().remove(0);
    assert_eq!(request.matches("authorization").count(), 1);
    assert!(request.contains("authorization: Bearer its\r\n"));
}

#[test]
fn user_information_is_basic_unless_something_is_configured() {
    let server = RawServer::start(&["200 OK", "200 OK", "200 OK"]);
    let url = server
        .url("/")
        .replace("http://", "http://Aladdin:open%20sesame@");
    send(&["GET", &url]);
    send(&["GET", &url, "--auth", "bearer", "--set", "token=t"]);
    send(&["GET", &url, "--auth", "noauth"]);
    let requests = server.requests();
    assert!(requests[0].contains("authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n"));
    assert!(requests[1].contains("authorization: Bearer t\r\n"));
    assert!(!requests[2].contains("authorization"));
    assert!(requests.iter().all(|request| !request.contains("Aladdin")));
}

#[test]
fn a_switched_off_retry_hands_the_challenge_over() {
    let challenge = "401 No\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"";
    for is_json in [false, true] {
        let server = RawServer::start(&[challenge, "200 OK"]);
        let url = server.url("/");
        let mut args = vec!["GET", &url, "--auth", "digest", "--set", "username=u"];
        args.extend(["--set", "disableRetryRequest=true"]);
        args.extend(is_json.then_some("--json"));
        let run = send_with(&args, b"");
        assert_eq!((run.code, server.requests().len()), (4, 1));
        if is_json {
            let parameters = json!({"realm": "r", "nonce": "n", "qop": "auth"});
            let wanted = json!([{"scheme": "Digest", "parameters": parameters}]);
            assert_eq!(run.json()["challenges"], wanted);
        } else {
            let told = "\nchallenge: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\nnote: disableRetryRequest";
            assert!(run.stderr.contains(told), "{}", run.stderr);
        }
    }
}
