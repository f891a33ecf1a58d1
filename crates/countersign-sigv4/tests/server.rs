//! What the server accepts, and what it does not.
#![allow(clippy::unwrap_used)]

countersign_testkit::watched!();

#[path = "support/parties.rs"]
mod parties;
mod support;

use std::sync::Arc;

use countersign_core::verify::Reason;
use countersign_core::{MemoryGuard, Payload, Sign};
use countersign_sigv4::Credentials;
use http::header::HOST;
use http::{HeaderValue, Request};
use parties::{client, credentials, fixed, judge, server, signed, temporary};
use support::{ID, SECRET, TIME, at};

fn get(uri: &str) -> http::request::Builder {
    Request::get(uri)
}

#[test]
fn a_server_on_http_2_takes_the_authority() {
    let sigv4 = fixed(client("sqs"));
    let (mut head, ()) = get("https://h.example/").body(()).unwrap().into_parts();
    sigv4
        .sign(&mut head, &mut Payload::whole(Default::default()))
        .unwrap();
    let verifier = server("sqs", credentials()).build().unwrap();
    assert_eq!(judge(&verifier, &head, b""), Ok(ID.to_owned()));
    head.headers
        .insert(HOST, HeaderValue::from_static("H.example"));
    assert_eq!(
        judge(&verifier, &head, b""),
        Err(Reason::Forbidden),
        "it was signed in lower case"
    );
    head.headers
        .insert(HOST, HeaderValue::from_static("other.example"));
    assert_eq!(judge(&verifier, &head, b""), Err(Reason::Malformed));
    head.headers
        .append(HOST, HeaderValue::from_static("h.example"));
    assert_eq!(judge(&verifier, &head, b""), Err(Reason::Malformed));
}

#[test]
fn an_unknown_word_in_place_of_a_hash_is_refused() {
    let mut head = signed(&fixed(client("s3")), get("https://h/"), b"");
    let verifier = server("s3", credentials())
        .allow_unsigned_payload(true)
        .build()
        .unwrap();
    for word in [
        "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD",
        "STREAMING-UNSIGNED-PAYLOAD",
        "",
        "E3",
    ] {
        head.headers
            .insert("x-amz-content-sha256", HeaderValue::from_static(word));
        assert_eq!(
            judge(&verifier, &head, b""),
            Err(Reason::Forbidden),
            "{word}"
        );
    }
}

#[test]
fn a_session_token_belongs_to_its_key() {
    let with = |keys: Credentials| {
        let sigv4 = client("sqs").credentials(keys).unwrap();
        signed(&sigv4, get("https://h/"), b"")
    };
    let knows = |keys| server("sqs", keys).build().unwrap();
    let accepted = Ok(ID.to_owned());
    let refused = Err(Reason::Forbidden);
    assert_eq!(
        judge(&knows(temporary("a")), &with(temporary("a")), b""),
        accepted
    );
    assert_eq!(
        judge(&knows(temporary("a")), &with(temporary("b")), b""),
        refused
    );
    assert_eq!(
        judge(&knows(temporary("a")), &with(credentials()), b""),
        refused
    );
    assert_eq!(
        judge(&knows(credentials()), &with(temporary("a")), b""),
        refused
    );
    let ended = |unix| knows(temporary("a").expires_at(unix));
    assert_eq!(
        judge(&ended(TIME + 1), &with(temporary("a")), b""),
        accepted
    );
    assert_eq!(judge(&ended(TIME), &with(temporary("a")), b""), refused);
}

#[test]
fn an_unknown_key_and_a_wrong_secret_look_the_same() {
    let sign = |id: &str, secret: &str| {
        let sigv4 = client("sqs")
            .credentials(Credentials::new(id, secret).unwrap())
            .unwrap();
        signed(&sigv4, get("https://h/"), b"")
    };
    let verifier = server("sqs", credentials()).build().unwrap();
    assert_eq!(
        judge(&verifier, &sign(ID, "wrong"), b""),
        Err(Reason::Forbidden)
    );
    assert_eq!(
        judge(&verifier, &sign("AKIDOTHER", SECRET), b""),
        Err(Reason::Forbidden)
    );
    assert_eq!(judge(&verifier, &sign(ID, SECRET), b""), Ok(ID.to_owned()));
}

#[test]
fn a_replay_is_refused_where_it_is_asked_for() {
    let head = signed(&fixed(client("sqs")), get("https://h/"), b"");
    let url = signed(&fixed(client("sqs").presigned(60)), get("https://h/"), b"");
    let without = server("sqs", credentials()).allow_presigned(true);
    let guard = Arc::new(MemoryGuard::new(2));
    let guarded = server("sqs", credentials())
        .allow_presigned(true)
        .replay_guard(guard.clone());
    let (without, guarded) = (without.build().unwrap(), guarded.build().unwrap());
    for request in [&head, &url] {
        assert_eq!(judge(&without, request, b""), Ok(ID.to_owned()));
        assert_eq!(judge(&without, request, b""), Ok(ID.to_owned()));
        assert_eq!(judge(&guarded, request, b"x"), Err(Reason::Forbidden));
        assert_eq!(
            judge(&guarded, request, b""),
            Ok(ID.to_owned()),
            "what was refused is not spent"
        );
        assert_eq!(judge(&guarded, request, b""), Err(Reason::Forbidden));
    }
    assert_eq!(guard.len(), 2);
    let more = signed(&fixed(client("sqs")), get("https://h/more"), b"");
    assert_eq!(judge(&guarded, &more, b""), Err(Reason::Unavailable));
}

#[test]
fn a_presigned_url_ends() {
    let sigv4 = fixed(client("s3").presigned(604_800));
    let url = signed(&sigv4, get("https://h/a?b=c&b=&&d"), b"");
    let verdict = |clock| {
        let verifier = server("s3", credentials())
            .allow_presigned(true)
            .sources(at(clock));
        judge(&verifier.build().unwrap(), &url, b"")
    };
    let (accepted, refused) = (Ok(ID.to_owned()), Err(Reason::Forbidden));
    assert_eq!(verdict(TIME - 901), refused);
    assert_eq!(verdict(TIME - 900), accepted);
    assert_eq!(verdict(TIME + 604_800), accepted);
    assert_eq!(verdict(TIME + 604_801), refused);
    assert_eq!(
        judge(&server("s3", credentials()).build().unwrap(), &url, b""),
        refused
    );
}

#[test]
fn a_presigned_url_says_each_thing_once() {
    let url = signed(&fixed(client("s3").presigned(60)), get("https://h/"), b"");
    let verifier = server("s3", credentials())
        .allow_presigned(true)
        .build()
        .unwrap();
    let with = |query: &str| {
        let mut head = url.clone();
        head.uri = format!("{}&{query}", url.uri).parse().unwrap();
        judge(&verifier, &head, b"")
    };
    for twice in [
        "X-Amz-Expires=60",
        "X-Amz-Signature=00",
        "X-Amz-Credential=",
        "X-Amz-Date",
    ] {
        assert_eq!(with(twice), Err(Reason::Malformed), "{twice}");
    }
    assert_eq!(with("x-amz-expires=60"), Err(Reason::Forbidden));
    let mut head = url.clone();
    head.headers
        .insert("x-amz-acl", HeaderValue::from_static("public-read"));
    assert_eq!(
        judge(&verifier, &head, b""),
        Err(Reason::Forbidden),
        "it is not signed"
    );
}
