//! What neither side takes.
#![allow(clippy::unwrap_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use countersign_core::verify::{Reason, Verdict, Verify};
use countersign_core::{Begin, ErrorKind, Payload, Result, Secret, Sign};
use countersign_sigv4::{AccessKeys, Credentials, KeyQuery, MemoryKeys, SigV4, SigV4Verifier};
use http::{HeaderName, Request, request};
use support::{ID, SECRET};

fn credentials() -> Credentials {
    Credentials::new(ID, SECRET).unwrap()
}

fn sign(request: http::request::Builder) -> Result<request::Parts> {
    let sigv4 = SigV4::new(credentials(), "us-east-1", "service").unwrap();
    let (mut head, ()) = request.body(()).unwrap().into_parts();
    sigv4.sign(&mut head, &mut Payload::whole(Default::default()))?;
    Ok(head)
}

/// Keys that cannot be asked.
struct Down;

impl AccessKeys for Down {
    fn find(&self, _: KeyQuery<'_>) -> Begin<Option<Credentials>> {
        Begin::failed(countersign_core::Error::new(ErrorKind::Fetch, "down"))
    }
}

#[tokio::test]
async fn keys_that_are_down_let_nobody_in() {
    let head = sign(Request::get("/").header("host", "h")).unwrap();
    let verifier = SigV4Verifier::builder("us-east-1", "service", Down)
        .build()
        .unwrap();
    let verdict = verifier
        .verify(&head, &Payload::whole(Default::default()))
        .await;
    assert_eq!(verdict.unwrap_err().kind(), ErrorKind::Fetch);
}

#[tokio::test]
async fn no_credentials_are_missing_and_not_wrong() {
    let (head, ()) = Request::get("/")
        .header("host", "h")
        .body(())
        .unwrap()
        .into_parts();
    let keys = MemoryKeys::new([credentials()]);
    let verifier = SigV4Verifier::builder("us-east-1", "service", keys)
        .build()
        .unwrap();
    assert!(!verifier.reads_body(&head));
    match verifier.verify(&head, &Payload::default()).await.unwrap() {
        Verdict::Refuse(refusal) => {
            assert_eq!(refusal.reason, Reason::Missing);
            assert_eq!(refusal.challenges, ["AWS4-HMAC-SHA256"]);
        }
        Verdict::Accept(_) => panic!("accepted"),
    }
}

#[test]
fn a_request_without_a_host_is_not_signed() {
    for request in [
        Request::get("/"),
        Request::get("/").header("host", ""),
        Request::get("/").header("host", "a").header("host", "b"),
    ] {
        let error = sign(request).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains("host") || error.to_string().contains("Host"));
    }
}

#[test]
fn what_cannot_be_configured() {
    let kind = |result: Result<SigV4>| result.unwrap_err().kind();
    for (region, service) in [
        ("", "s3"),
        ("us-east-1", ""),
        ("a/b", "s3"),
        ("a", "s,3"),
        ("\u{e9}", "s3"),
    ] {
        let result = SigV4::new(credentials(), region, service);
        assert_eq!(kind(result), ErrorKind::Configuration, "{region} {service}");
    }
    for expires in [0, 604_801] {
        let builder = SigV4::builder("r", "s3").presigned(expires);
        assert_eq!(
            kind(builder.credentials(credentials())),
            ErrorKind::Configuration
        );
    }
    let unsigned = SigV4::builder("r", "sqs")
        .presigned(1)
        .unsigned_payload(true);
    assert_eq!(
        kind(unsigned.credentials(credentials())),
        ErrorKind::Configuration
    );
    for id in ["", "a b", "a/b", "a,b", "\u{e9}"] {
        assert!(Credentials::new(id, "x").is_err(), "{id}");
    }
    assert!(Credentials::new("a", "").is_err());
    for token in ["", "a b", "a\n"] {
        assert!(credentials().session_token(token).is_err());
    }
}

#[test]
fn a_hash_that_is_none_and_a_body_that_is_not_there() {
    let hash = HeaderName::from_static("x-amz-content-sha256");
    for value in [
        "",
        "abc",
        "unsigned-payload",
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
    ] {
        let error = sign(Request::get("https://h/").header(&hash, value)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{value}");
    }
    let sigv4 = SigV4::new(credentials(), "us-east-1", "s3").unwrap();
    let (mut head, ()) = Request::put("https://h/").body(()).unwrap().into_parts();
    assert!(sigv4.reads_body(&head));
    let error = sigv4
        .sign(&mut head, &mut Payload::stream(None))
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BodyNotReplayable);
    let broken = sign(Request::get("https://h/?a=%zz")).unwrap_err();
    assert_eq!(broken.kind(), ErrorKind::Configuration);
}

#[test]
fn nothing_shows_a_secret() {
    let secret = Secret::from("CANARY");
    let temporary = Credentials::new("id", secret)
        .unwrap()
        .session_token("TOKEN")
        .unwrap();
    let sigv4 = SigV4::new(temporary.clone(), "us-east-1", "s3").unwrap();
    let (mut head, ()) = Request::put("https://h/").body(()).unwrap().into_parts();
    let explained = sigv4
        .explain(&head, &Payload::whole(Default::default()))
        .unwrap();
    sigv4
        .sign(&mut head, &mut Payload::whole(Default::default()))
        .unwrap();
    let keys = MemoryKeys::new([temporary.clone()]);
    let builder = SigV4Verifier::builder("us-east-1", "s3", keys.clone());
    let shown = format!("{temporary:?} {sigv4:?} {explained:?} {head:?} {keys:?} {builder:?}");
    let more = format!("{:?} {:?}", builder.build().unwrap(), sigv4.correct_clock());
    for text in ["CANARY", "TOKEN"] {
        assert!(
            !shown.contains(text) && !more.contains(text),
            "{shown} {more}"
        );
    }
}
