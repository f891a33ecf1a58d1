//! Signed and printed, and nothing sent: every URL here leads nowhere.

use crate::support::{header, send, send_with};

const DIGEST: [&str; 20] = [
    "--auth",
    "digest",
    "--raw",
    "--offline",
    "--set",
    "username=Mufasa",
    "--set",
    "password=Circle Of Life",
    "--set",
    "realm=testrealm@host.com",
    "--set",
    "nonce=dcd98b7102dd2f0e8b11d0f600bfb0c093",
    "--set",
    "clientNonce=0a4f113b",
    "--set",
    "nonceCount=00000001",
    "--set",
    "qop=auth",
    "--set",
    "opaque=5ccc069c403ebaf9f0171e9517f40e41",
];

#[test]
fn digest_signs_its_first_leg_from_what_is_given() {
    let run = send(
        &[
            &["GET", "http://www.nowhere.org/dir/index.html", "--json"],
            &DIGEST[..],
        ]
        .concat(),
    );
    assert_eq!(run.code, 0, "{}", run.printed());
    let json = run.json();
    assert_eq!(
        (&json["outcome"], &json["status"]),
        (&"offline".into(), &().into())
    );
    assert_eq!(json["legs"][0]["response"], serde_json::Value::Null);
    let authorization = header(&json["legs"][0]["request"], "authorization")[0];
    // RFC 2617 section 3.5.
    assert!(
        authorization.contains(r#"response="6629fae49393a05397450978507c4ef1""#),
        "{authorization}"
    );
    assert!(authorization.contains("nc=00000001"));
}

#[test]
fn the_count_and_the_client_nonce_are_those_given() {
    let args = [
        &[
            "GET",
            "http://nowhere.example/",
            "--set",
            "nonceCount=0000000a",
        ],
        &DIGEST[..],
    ]
    .concat();
    // A key that is given again takes the place of the earlier one.
    let run = send(&[&args[..], &["--set", "nonceCount=0000002b"]].concat());
    assert!(run.text().contains("nc=0000002b"), "{}", run.text());
    assert!(run.text().contains(r#"cnonce="0a4f113b""#));
}

#[test]
fn a_person_sees_the_request_as_it_would_be_written() {
    let run = send_with(
        &[
            "PUT",
            "https://nowhere.example:8443/a?b",
            "--offline",
            "-d",
            "-",
            "--auth",
            "apikey",
            "--set",
            "key=X-Key",
            "--set",
            "value=k1",
            "-H",
            "A: b",
        ],
        b"body",
    );
    let expected = "PUT /a?b HTTP/1.1\na: b\nx-key: [redacted]\ncontent-length: 4\nhost: nowhere.example:8443\n\nbody";
    assert_eq!(run.text(), expected);
    assert_eq!(run.code, 0);
}

#[test]
fn in_the_query_and_in_a_cookie_too() {
    let key = [
        "--offline",
        "--json",
        "--auth",
        "apikey",
        "--set",
        "key=k",
        "--set",
        "value=a b",
    ];
    let query = send(
        &[
            &["GET", "http://127.0.0.1/?x=1", "--raw", "--set", "in=query"],
            &key[..],
        ]
        .concat(),
    );
    assert_eq!(
        query.json()["legs"][0]["request"]["url"],
        "http://127.0.0.1/?x=1&k=a%20b"
    );
    let hidden = send(
        &[
            &["GET", "http://127.0.0.1/?x=1", "--set", "in=query"],
            &key[..],
        ]
        .concat(),
    );
    assert_eq!(
        hidden.json()["legs"][0]["request"]["url"],
        "http://127.0.0.1/?x=1&k=[redacted]"
    );
    let cookie = [
        "--offline",
        "--json",
        "--raw",
        "--auth",
        "apikey",
        "--set",
        "key=k",
        "--set",
        "value=ab",
        "--set",
        "in=cookie",
    ];
    let run = send(
        &[
            &["GET", "http://127.0.0.1/", "-H", "Cookie: c=d"],
            &cookie[..],
        ]
        .concat(),
    );
    let json = run.json();
    let cookies = header(&json["legs"][0]["request"], "cookie").join("; ");
    assert!(
        cookies.contains("c=d") && cookies.contains("k=ab"),
        "{cookies}"
    );
}

#[test]
fn clear_text_is_warned_of_and_signed() {
    let token = ["--offline", "--auth", "bearer", "--set", "token=t"];
    for (url, warns) in [
        ("http://example.com/", true),
        ("https://example.com/", false),
        ("http://[::1]/", false),
    ] {
        let run = send(&[&["GET", url], &token[..]].concat());
        assert_eq!(run.code, 0);
        assert_eq!(
            run.stderr.contains("warning: bearer over http://"),
            warns,
            "{url}"
        );
    }
}
