//! AWS Signature Version 4, which signs the whole request and is refused with 403.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::support::{Run, Serve, decoded, header, send};

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const TOKEN: &str = "AQoDYXdzEPT//wEXAMPLEtc764bNrC9SAPBSM22w==";

fn key<'a>(secret: &'a str, more: &[&'a str]) -> Vec<String> {
    let secret = format!("secretKey={secret}");
    let set = ["accessKey=AKIDEXAMPLE", &secret];
    let set = set.iter().chain(more).flat_map(|set| ["--set", set]);
    ["--auth", "awsv4"]
        .into_iter()
        .chain(set)
        .map(str::to_owned)
        .collect()
}

fn call(args: &[&str], key: &[String]) -> Run {
    let key = key.iter().map(String::as_str);
    send(&args.iter().copied().chain(key).collect::<Vec<_>>())
}

fn serve(more: &[&str]) -> Serve {
    let key = key(SECRET, more);
    Serve::start(&key.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn the_server_takes_what_the_client_signs() {
    let token = format!("sessionToken={TOKEN}");
    let table: [&[&str]; 9] = [
        &[],
        &["service=s3", "pathStyle=encodedOnce"],
        &[&token, "region=eu-west-1", "service=sqs"],
        &["service=s3"],
        &["service=s3", "unsignedPayload=true"],
        &["service=s3", "chunked=true"],
        &["service=s3", "chunked=true", "checksum=crc32c"],
        &[
            "service=s3",
            "chunked=true",
            "checksum=sha256",
            "unsignedPayload=true",
        ],
        &[&token, "addAuthDataToQuery=true", "expires=60"],
    ];
    for more in table {
        let serve = serve(more);
        let url = serve.url("/a%20b//c/../d?x=%7e&b=2&a=1+2&a");
        let args = [
            "POST",
            &url,
            "--json",
            "-d",
            "hello",
            "-H",
            "x-amz-meta-a:  b   c ",
        ];
        let run = call(&args, &key(SECRET, more));
        assert_eq!(run.code, 0, "{more:?} {}", run.printed());
        let seen = decoded(&run.json()["legs"][0]["response"]["body"]);
        let seen: serde_json::Value = serde_json::from_slice(&seen).unwrap();
        assert_eq!(
            (&seen["scheme"], &seen["principal"]),
            (&"sigv4".into(), &"AKIDEXAMPLE".into())
        );

        let run = call(&args, &key("wrong", more));
        assert_eq!(
            (run.code, &run.json()["status"]),
            (4, &403.into()),
            "{}",
            run.printed()
        );
        let late = ["--at", "1500000000"];
        let run = call(&[&args[..], &late].concat(), &key(SECRET, more));
        assert_eq!(
            (run.code, &run.json()["status"]),
            (4, &403.into()),
            "{}",
            run.printed()
        );
    }
}

#[test]
fn the_forms_of_the_body_are_those_that_were_chosen() {
    let table: [(&[&str], _); 4] = [
        (&["unsignedPayload=true"], "UNSIGNED-PAYLOAD"),
        (&["chunked=true"], "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"),
        (
            &["chunked=true", "checksum=sha1"],
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
        ),
        (
            &["chunked=true", "checksum=sha1", "unsignedPayload=true"],
            "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        ),
    ];
    for (more, value) in table {
        let args = ["PUT", "https://h/", "--offline", "--json", "-d", "hello"];
        let run = call(&args, &key(SECRET, &[&["service=s3"], more].concat()));
        let json = run.json();
        let hash = header(&json["legs"][0]["request"], "x-amz-content-sha256");
        assert_eq!(hash, [value], "{}", run.printed());
    }
    let serve = serve(&["service=s3"]);
    let args = ["PUT", &serve.url("/"), "-d", "hello"];
    let run = call(&args, &key(SECRET, &["service=s3", "unsignedPayload=true"]));
    assert_eq!(run.code, 4, "{}", run.printed());
    for wrong in [
        &["checksum=crc32"][..],
        &["chunked=true", "checksum=md5"],
        &["chunked=true", "unsignedPayload=true"],
    ] {
        let run = call(&args, &key(SECRET, &[&["service=s3"], wrong].concat()));
        assert_eq!(run.code, 2, "{wrong:?} {}", run.printed());
    }
}

#[test]
fn a_server_says_which_key_would_let_a_request_in() {
    let table = [
        ("addAuthDataToQuery=true", "a presigned URL"),
        ("unsignedPayload=true", "a body that is not signed"),
    ];
    for (key_of_both, what) in table {
        let serve = serve(&["service=s3"]);
        let url = serve.url("/a");
        for _ in 0..2 {
            let run = call(
                &["PUT", &url, "-d", "x"],
                &key(SECRET, &["service=s3", key_of_both]),
            );
            assert_eq!(run.code, 4, "{}", run.printed());
        }
        let said = serve.said();
        let (name, _) = key_of_both.split_once('=').unwrap();
        assert_eq!(said.lines().count(), 1, "{said}");
        assert!(
            said.starts_with("note: ") && said.contains(what) && said.contains(name),
            "{said}"
        );
    }
    let serve = serve(&[]);
    let run = call(&["GET", &serve.url("/")], &key("wrong", &[]));
    assert_eq!((run.code, serve.said().as_str()), (4, ""));
}

#[test]
fn keys_come_from_a_profile_where_one_is_named() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let text =
        format!("[tests]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = {SECRET}\n");
    std::fs::write(file.path(), text).unwrap();
    let serve = serve(&[]);
    let send = |profile: &str| {
        let args = [
            "send",
            "GET",
            &serve.url("/"),
            "--auth",
            "awsv4",
            "--set",
            profile,
        ];
        let mut command = crate::support::command(&args);
        command.env("AWS_SHARED_CREDENTIALS_FILE", file.path());
        crate::support::run(command.env("AWS_CONFIG_FILE", "/no/such/file"), b"")
    };
    let run = send("profile=tests");
    assert_eq!(run.code, 0, "{}", run.printed());
    assert!(!run.printed().contains(SECRET));
    assert_eq!(send("profile=other").code, 3);
}

#[test]
fn region_and_service_come_from_the_host_if_told() {
    let at = [
        "GET",
        "https://sqs.eu-west-1.amazonaws.com/",
        "--offline",
        "--at",
        "1440938160",
    ];
    let run = call(&at, &key(SECRET, &["inferScope=true"]));
    let scope = "Credential=AKIDEXAMPLE/20150830/eu-west-1/sqs/aws4_request";
    assert!(run.stderr.contains(scope), "{}", run.printed());
    let run = call(
        &["GET", "https://h.example/", "--offline"],
        &key(SECRET, &["inferScope=true"]),
    );
    assert_eq!(run.code, 3, "{}", run.printed());
    let run = call(&at, &key(SECRET, &["inferScope=true", "region=us-east-1"]));
    assert_eq!(run.code, 2, "{}", run.printed());
}

#[test]
fn a_refusal_that_shows_what_was_expected_is_explained() {
    let expected = "<CanonicalRequest>GET\n/other\n\nhost:h.example\n</CanonicalRequest>";
    let answer =
        format!("403 Forbidden\n\n<Error><Code>SignatureDoesNotMatch</Code>{expected}</Error>");
    let server = crate::support::RawServer::start(&[&answer]);
    let run = call(
        &["GET", &server.url("/ours"), "-H", "Host: h.example"],
        &key(SECRET, &[]),
    );
    assert_eq!(run.code, 4, "{}", run.printed());
    let note = "note: the canonical requests part in line 2 (path)";
    assert!(run.stderr.contains(note), "{}", run.stderr);
    server.requests();
}

#[test]
fn a_changed_body_or_target_is_refused() {
    let serve = serve(&[]);
    let authority = serve.url("").trim_start_matches("http://").to_owned();
    let url = serve.url("/a?b=c");
    let run = call(
        &["PUT", &url, "--json", "--raw", "--offline", "-d", "hello"],
        &key(SECRET, &[]),
    );
    let json = run.json();
    let request = &json["legs"][0]["request"];
    let status = |target: &str, body: &str| {
        let mut stream = TcpStream::connect(&authority).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(10)))
            .unwrap();
        write!(stream, "PUT {target} HTTP/1.1\r\nconnection: close\r\n").unwrap();
        for name in [
            "host",
            "x-amz-date",
            "x-amz-content-sha256",
            "authorization",
            "content-length",
        ] {
            write!(stream, "{name}: {}\r\n", header(request, name)[0]).unwrap();
        }
        write!(stream, "\r\n{body}").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.split(' ').nth(1).unwrap().to_owned()
    };
    assert_eq!(status("/a?b=c", "hello"), "200");
    assert_eq!(status("/a?b=c", "hellO"), "403");
    assert_eq!(status("/a?b=C", "hello"), "403");
    assert_eq!(status("/A?b=c", "hello"), "403");
}

#[test]
fn it_signs_offline_as_of_a_time() {
    let key = key(SECRET, &["region=us-east-1", "service=service"]);
    let args = [
        "GET",
        "https://example.amazonaws.com/",
        "--offline",
        "--json",
        "--at",
    ];
    let run = call(
        &[&args[..], &["2015-08-30T12:36:00Z", "--raw"]].concat(),
        &key,
    );
    let json = run.json();
    let request = &json["legs"][0]["request"];
    // `get-vanilla` of the AWS signing test suite.
    assert_eq!(header(request, "x-amz-date"), ["20150830T123600Z"]);
    assert_eq!(
        header(request, "authorization"),
        [
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, \
          SignedHeaders=host;x-amz-date, \
          Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
        ]
    );
}

#[test]
fn the_signature_and_the_token_are_secret_and_nothing_else_is() {
    let token = format!("sessionToken={TOKEN}");
    let at = [
        "PUT",
        "https://h.example/?a=b",
        "--offline",
        "-d",
        "hello",
        "--at",
        "1440938160",
    ];
    let show = |more: &[&str], raw: &[&str]| call(&[&at[..], raw].concat(), &key(SECRET, more));
    let shown = show(&[&token], &[]).printed();
    let open = [
        "Credential=AKIDEXAMPLE/20150830/us-east-1/execute-api/aws4_request, \
         SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token, Signature=[redacted]",
        "x-amz-security-token: [redacted]",
        "x-amz-date: 20150830T123600Z",
    ];
    assert!(open.iter().all(|open| shown.contains(open)), "{shown}");
    let query = [&token, "addAuthDataToQuery=true"];
    let shown_query = show(&query, &[]).printed();
    let open = "X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Fus-east-1%2Fexecute-api%2Faws4_request\
                &X-Amz-Date=20150830T123600Z&X-Amz-Expires=86400&X-Amz-Security-Token=[redacted]\
                &X-Amz-SignedHeaders=host&X-Amz-Signature=[redacted]";
    assert!(shown_query.contains(open), "{shown_query}");

    for (raw, shown) in [
        (show(&[&token], &["--raw"]), shown),
        (show(&query, &["--raw"]), shown_query),
    ] {
        let raw = raw.text();
        let (_, rest) = raw.split_once("Signature=").unwrap();
        for secret in [SECRET, TOKEN, &TOKEN.replace('/', "%2F"), &rest[..64]] {
            assert!(!shown.contains(secret), "{secret} shows: {shown}");
        }
    }
}

#[test]
fn what_is_missing_or_unknown_is_a_usage_error() {
    for (set, word) in [
        ("accessKey=a", "secretKey"),
        ("secretKey=s", "accessKey"),
        (
            "username=u",
            "accessKey, secretKey, sessionToken, region, service, addAuthDataToQuery, expires, unsignedPayload",
        ),
    ] {
        let run = send(&[
            "GET",
            "http://127.0.0.1:1/",
            "--auth",
            "awsv4",
            "--set",
            set,
        ]);
        assert_eq!(run.code, 2, "{}", run.printed());
        assert!(run.stderr.contains(word), "{}", run.stderr);
    }
}

#[test]
fn the_callers_signature_is_replaced_and_that_is_said() {
    let serve = serve(&[]);
    let (url, stale) = (serve.url("/"), "authorization: AWS4-HMAC-SHA256 stale");
    let run = call(
        &["GET", &url, "-H", stale, "-H", "x-amz-date: stale"],
        &key(SECRET, &[]),
    );
    assert_eq!(run.code, 0, "{}", run.printed());
    assert!(
        run.stderr
            .contains("its own authorization in place of the request's"),
        "{}",
        run.stderr
    );
}
