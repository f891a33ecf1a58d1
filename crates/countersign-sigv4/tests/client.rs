//! What the client signs, and how it is told.
#![allow(clippy::unwrap_used)]

countersign_testkit::watched!();

#[path = "support/parties.rs"]
mod parties;
mod support;

use countersign_core::verify::{Reason, Verify};
use countersign_core::{ErrorKind, Payload, Sign};
use countersign_sigv4::{ContentSha256, SigV4Builder};
use http::header::HOST;
use http::{HeaderName, Request};
use parties::{client, credentials, fixed, judge, received, server, signed};
use support::ID;

fn get(uri: &str) -> http::request::Builder {
    Request::get(uri)
}

#[test]
fn the_host_is_signed_as_it_goes_on_the_wire() {
    let host = |uri: &str, header: Option<&str>| {
        let request = header
            .iter()
            .fold(get(uri), |request, host| request.header("host", *host));
        let (head, ()) = request.body(()).unwrap().into_parts();
        let explained = fixed(client("sqs")).explain(&head, &Payload::whole(Default::default()));
        let text = String::from_utf8(explained.unwrap().canonical_request).unwrap();
        let line = text.lines().find_map(|line| line.strip_prefix("host:"));
        line.unwrap().to_owned()
    };
    for (uri, header, expected) in [
        ("https://h.example/", None, "h.example"),
        ("https://H.example:443/", None, "H.example"),
        ("http://h.example:80/", None, "h.example"),
        ("http://h.example:443/", None, "h.example:443"),
        ("https://h.example:8443/", None, "h.example:8443"),
        ("https://u:p@h.example:8443/", None, "h.example:8443"),
        ("https://u:p@h.example/", None, "h.example"),
        ("https://[::1]:443/", None, "[::1]"),
        ("https://[::1]:8000/", None, "[::1]:8000"),
        ("https://proxy.example/", Some("h.example:1"), "h.example:1"),
        ("/", Some("h.example"), "h.example"),
    ] {
        assert_eq!(host(uri, header), expected, "{uri} {header:?}");
    }
}

#[test]
fn a_presigned_url_is_for_the_host_that_the_caller_set() {
    let sigv4 = fixed(client("s3").presigned(60));
    let request = get("https://proxy.example/k").header("host", "h.example");
    let head = signed(&sigv4, request, b"");
    let verifier = server("s3", credentials()).allow_presigned(true);
    let verifier = verifier.build().unwrap();
    assert_eq!(judge(&verifier, &head, b""), Ok(ID.to_owned()));
    let mut elsewhere = head.clone();
    let other = http::HeaderValue::from_static("proxy.example");
    elsewhere.headers.insert(HOST, other);
    assert_eq!(judge(&verifier, &elsewhere, b""), Err(Reason::Forbidden));
}

#[test]
fn the_caller_chooses_the_headers() {
    let names = |builder: SigV4Builder| {
        let request = get("https://h/")
            .header("content-type", "a/b")
            .header("range", "bytes=0-9");
        let request = request
            .header("x-amz-acl", "private")
            .header("te", "trailers");
        let (head, ()) = request.body(()).unwrap().into_parts();
        let body = Payload::whole(Default::default());
        fixed(builder)
            .explain(&head, &body)
            .unwrap()
            .signed_headers
            .join(";")
    };
    let range = [http::header::RANGE];
    assert_eq!(
        names(client("sqs")),
        "content-type;host;range;x-amz-acl;x-amz-date"
    );
    assert_eq!(
        names(client("sqs").sign_only(range.clone())),
        "host;range;x-amz-acl;x-amz-date"
    );
    assert_eq!(
        names(client("sqs").leave_unsigned(range)),
        "content-type;host;x-amz-acl;x-amz-date"
    );
    let all = [
        HOST,
        HeaderName::from_static("x-amz-acl"),
        HeaderName::from_static("x-amz-date"),
    ];
    let kept = "content-type;host;range;x-amz-acl;x-amz-date";
    assert_eq!(names(client("sqs").leave_unsigned(all)), kept);
    assert_eq!(
        names(client("sqs").sign_only([])),
        "host;x-amz-acl;x-amz-date"
    );
    assert_eq!(
        names(client("sqs").sign_only([http::header::TE])),
        "host;x-amz-acl;x-amz-date"
    );
}

#[test]
fn the_hash_of_the_body_is_sent_for_s3_and_when_asked() {
    let hash = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
    let sent = |builder| {
        let head = signed(&fixed(builder), Request::put("https://h/"), b"hello");
        head.headers.get("x-amz-content-sha256").cloned()
    };
    assert_eq!(sent(client("s3")).unwrap(), hash);
    assert_eq!(sent(client("sqs")), None);
    assert_eq!(
        sent(client("sqs").content_sha256(ContentSha256::Always)).unwrap(),
        hash
    );
    assert_eq!(
        sent(client("s3").content_sha256(ContentSha256::Never)),
        None
    );
    assert_eq!(
        sent(client("sqs").unsigned_payload(true)).unwrap(),
        "UNSIGNED-PAYLOAD"
    );
}

#[test]
fn the_hash_of_a_body_can_be_sent_where_there_is_one() {
    let sent = |service, body| {
        let sigv4 = fixed(client(service).content_sha256(ContentSha256::WithBody));
        let head = signed(&sigv4, Request::put("https://h/"), body);
        head.headers.contains_key("x-amz-content-sha256")
    };
    assert!(sent("sqs", b"hello"));
    assert!(!sent("sqs", b""));
    assert!(sent("s3", b""));
}

#[test]
fn what_is_signed_already_is_signed_anew_when_asked() {
    let request = |uri: &str| {
        let request = get(uri).header("authorization", "AWS4-HMAC-SHA256 old");
        let request = request.header("x-amz-date", "20150101T000000Z");
        request.header("x-amz-security-token", "old")
    };
    let stale = "https://h/?a=%20&X-Amz-Signature=0&b&X%2DAmz-Expires=60&x-amz-date=kept";
    let header = signed(&fixed(client("sqs").sign_anew(true)), request(stale), b"");
    let fresh = "https://h/?a=%20&b&x-amz-date=kept";
    assert_eq!(header.uri, "/?a=%20&b&x-amz-date=kept");
    assert_eq!(
        header.headers,
        signed(&fixed(client("sqs")), get(fresh), b"").headers
    );

    let presigned = fixed(client("sqs").presigned(300).sign_anew(true));
    let query = signed(&presigned, request(stale), b"");
    let expected = signed(&fixed(client("sqs").presigned(60)), get(fresh), b"");
    assert_eq!((query.uri, query.headers), (expected.uri, expected.headers));
    for expires in ["0", "604801", "1h", "", "-1"] {
        let (mut head, ()) = get(&format!("https://h/?X-Amz-Expires={expires}"))
            .body(())
            .unwrap()
            .into_parts();
        let error = presigned
            .sign(&mut head, &mut Payload::default())
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{expires}");
    }
}

#[test]
fn a_stream_is_sent_unsigned_or_with_a_hash_that_is_given() {
    let unsigned = fixed(client("s3").unsigned_payload(true));
    let (mut head, ()) = Request::put("https://h/").body(()).unwrap().into_parts();
    assert!(!unsigned.reads_body(&head));
    unsigned
        .sign(&mut head, &mut Payload::stream(None))
        .unwrap();
    let head = received(head);
    let strict = server("s3", credentials()).build().unwrap();
    assert_eq!(judge(&strict, &head, b"any"), Err(Reason::Forbidden));
    let lenient = server("s3", credentials())
        .allow_unsigned_payload(true)
        .build()
        .unwrap();
    assert!(!lenient.reads_body(&head));
    assert_eq!(judge(&lenient, &head, b"any"), Ok(ID.to_owned()));

    let hash = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
    for service in ["s3", "sqs"] {
        let sigv4 = fixed(client(service));
        let request = Request::put("https://h/").header("x-amz-content-sha256", hash);
        let (mut head, ()) = request.body(()).unwrap().into_parts();
        assert!(!sigv4.reads_body(&head));
        sigv4
            .sign(&mut head, &mut Payload::stream(Some(5)))
            .unwrap();
        let head = received(head);
        let verifier = server(service, credentials()).build().unwrap();
        assert!(verifier.reads_body(&head));
        assert_eq!(judge(&verifier, &head, b"hello"), Ok(ID.to_owned()));
        assert_eq!(judge(&verifier, &head, b"hellO"), Err(Reason::Forbidden));
    }
}
