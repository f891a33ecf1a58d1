//! What the server accepts, and what it does not.
#![allow(clippy::unwrap_used, clippy::panic)]

countersign_testkit::watched!();

#[path = "support/parties.rs"]
mod parties;
mod support;

use std::sync::Arc;

use countersign_core::verify::{AnyVerifier, Reason, Verdict, Verify, any_of};
use countersign_core::{MemoryGuard, Payload, Sign};
use countersign_sigv4::{Credentials, PathStyle};
use countersign_testkit::changed;
use http::header::HOST;
use http::{HeaderValue, Request, request};
use parties::{client, credentials, fixed, judge, now, server, signed, temporary};
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

/// A proxy may escape anew what it passes on: the key stays the same, and so does its signature.
#[test]
fn a_path_that_is_encoded_once_is_the_key_that_it_spells() {
    let client = || client("s3").path_style(PathStyle::EncodedOnce);
    let verifier = |style| {
        server("s3", credentials())
            .allow_presigned(true)
            .path_style(style)
    };
    let [once, sent] =
        [PathStyle::EncodedOnce, PathStyle::AsSent].map(|style| verifier(style).build().unwrap());
    let path = "/a//../b=c+d%20e/%C3%BC@$.txt";
    for builder in [client(), client().presigned(60)] {
        let signed = signed(&fixed(builder), get(&format!("https://h{path}")), b"");
        let at = |path: &str| {
            let query = signed.uri.query().map(|query| format!("?{query}"));
            let mut head = signed.clone();
            head.uri = format!("{path}{}", query.unwrap_or_default())
                .parse()
                .unwrap();
            head
        };
        assert_eq!(
            judge(&sent, &at(path), b""),
            Err(Reason::Forbidden),
            "S3's own clients escape a bare `=`"
        );
        for same in [
            path,
            "/a//../b%3Dc%2bd%20e/%c3%bc%40%24%2Etxt",
            "/a%2F%2f../b=c+d%20e/%C3%BC@$.txt",
        ] {
            assert_eq!(judge(&once, &at(same), b""), Ok(ID.to_owned()), "{same}");
        }
        for other in [
            "/a/../b=c+d%20e/%C3%BC@$.txt",
            "/b=c+d%20e/%C3%BC@$.txt",
            "/a//../b=c%20d%20e/%C3%BC@$.txt",
            "/a//../b%253Dc+d%20e/%C3%BC@$.txt",
        ] {
            assert_eq!(
                judge(&once, &at(other), b""),
                Err(Reason::Forbidden),
                "{other}"
            );
        }
        assert_eq!(
            judge(&once, &at("/a//../b=c+d%2/%C3%BC@$.txt"), b""),
            Err(Reason::Malformed)
        );
        for index in 1..path.len() {
            let Some(changed) = changed(path.as_bytes(), index) else {
                continue;
            };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(
                judge(&once, &at(&changed), b""),
                Err(Reason::Forbidden),
                "{changed}"
            );
        }
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

/// Whoever runs the server has to know why a signature that is right does not let in.
#[test]
fn a_refusal_by_a_setting_says_which() {
    let url = signed(&fixed(client("s3").presigned(60)), get("https://h/"), b"");
    let unsigned = signed(
        &fixed(client("s3").unsigned_payload(true)),
        get("https://h/"),
        b"x",
    );
    // One of several says it too.
    let [s3, sqs] = ["s3", "sqs"].map(|service| server(service, credentials()).build().unwrap());
    let sqs = AnyVerifier::new(sqs.map(|_| "sqs".to_owned()));
    let verifier = any_of([AnyVerifier::new(s3), sqs]);
    let advice = |head: &request::Parts| match now(verifier.verify(head, &Payload::default())) {
        Ok(Verdict::Refuse(refusal)) => (refusal.reason, refusal.advice.unwrap_or_default()),
        other => panic!("{other:?}"),
    };
    for (head, setting) in [
        (&url, "allow_presigned(true)"),
        (&unsigned, "allow_unsigned_payload(true)"),
    ] {
        let (reason, advice) = advice(head);
        assert_eq!(reason, Reason::Forbidden);
        assert!(advice.contains(setting), "{advice}");
    }
    let mut wrong = signed(&fixed(client("s3")), get("https://h/"), b"");
    wrong.headers.remove("x-amz-date");
    assert_eq!(advice(&wrong).1, "");
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
