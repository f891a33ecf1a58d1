//! Rows of the catalogue of bad inputs that belong to API keys.
#![allow(clippy::unwrap_used, clippy::panic)]

countersign_testkit::watched!();

use countersign_apikey::{ApiKey, ApiKeyVerifier, Keys, MemoryKeys, Place};
use countersign_core::verify::{Reason, Verdict, Verify};
use countersign_core::{Begin, ErrorKind, Payload, Secret, Sign};
use http::{Request, request};
use serde_json::Value;

/// A row about redirects, which no scheme sees: the layer above removes what was added.
const OF_REDIRECTS: &str = "B170";

/// Keys that must not be asked for.
struct Unasked;

impl Keys for Unasked {
    fn find(&self, _: Secret) -> Begin<Option<String>> {
        panic!("this key must be refused before it is looked up");
    }
}

async fn reason<K: Keys>(
    keys: K,
    place: Place,
    name: &str,
    head: &request::Parts,
) -> Option<Reason> {
    let verifier = ApiKeyVerifier::new("r", place, name, keys).unwrap();
    match verifier.verify(head, &Payload::default()).await.unwrap() {
        Verdict::Accept(_) => None,
        Verdict::Refuse(refusal) => {
            assert_eq!(refusal.challenges, [r#"ApiKey realm="r""#]);
            Some(refusal.reason)
        }
    }
}

fn head(request: request::Builder) -> request::Parts {
    request.body(()).unwrap().into_parts().0
}

const PLACES: [Place; 3] = [Place::Header, Place::Query, Place::Cookie];

async fn row(id: &str, input: &str) {
    match id {
        "B164" => {
            for place in [Place::Header, Place::Cookie] {
                let error = ApiKey::new(place, input, "CANARY").unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Configuration);
                assert!(!format!("{error:?} {error}").contains("CANARY"));
            }
        }
        "B167" => {
            for place in PLACES {
                let error = ApiKey::new(place, "k", input).unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Configuration);
                assert!(!format!("{error:?} {error}").contains("chunked"));
            }
        }
        "B168" => {
            let mut head = head(Request::get("https://h/p"));
            let key = ApiKey::query("k", input).unwrap();
            key.sign(&mut head, &mut Payload::default()).unwrap();
            assert_eq!(head.uri, "https://h/p?k=a%26admin%3Dtrue%23frag");
        }
        "B172" => {
            let keys = || MemoryKeys::new([("SECRET-KEY", "billing")]);
            let with = |key: &str| head(Request::get("/").header("x-api-key", key));
            for key in [
                "SECRET-KE",
                "S",
                "",
                "SECRET-KEY1",
                "secret-key",
                "SECRET-KEZ",
            ] {
                let refused = reason(keys(), Place::Header, "X-Api-Key", &with(key)).await;
                assert_eq!(refused, Some(Reason::Rejected), "{key}");
            }
            assert_eq!(
                reason(keys(), Place::Header, "X-Api-Key", &with("SECRET-KEY")).await,
                None
            );
        }
        "B173" => {
            let twice = head(Request::get(format!("/?{input}")));
            let refused = reason(Unasked, Place::Query, "api_key", &twice).await;
            assert_eq!(refused, Some(Reason::Malformed));
        }
        _ => panic!("{id}: a row that nothing here expects"),
    }
}

#[tokio::test]
async fn every_row_ends_as_it_says() {
    let rows = include_str!("data/bad-inputs-apikey.json");
    let rows: Vec<Value> = serde_json::from_str(rows).unwrap();
    assert_eq!(rows.len(), 6);
    for one in rows {
        let (id, input) = (one["id"].as_str().unwrap(), one["input"].as_str().unwrap());
        if id != OF_REDIRECTS {
            row(id, input).await;
        }
    }
}

#[tokio::test]
async fn two_of_one_name_are_malformed_in_every_place() {
    let rows = [
        (
            Place::Header,
            Request::get("/").header("k", "a").header("K", "a"),
        ),
        (Place::Query, Request::get("/?k=a&%6b=a")),
        (Place::Query, Request::get("/?k=a&k")),
        (Place::Query, Request::get("/?k=%zz")),
        (
            Place::Cookie,
            Request::get("/").header("cookie", "k=a; k=a"),
        ),
        (
            Place::Cookie,
            Request::get("/")
                .header("cookie", "k=a")
                .header("cookie", "k=b"),
        ),
    ];
    for (place, request) in rows {
        assert_eq!(
            reason(Unasked, place, "k", &head(request)).await,
            Some(Reason::Malformed)
        );
    }
}

#[tokio::test]
async fn a_key_elsewhere_or_in_another_case_is_missing() {
    let rows = [
        (Place::Header, Request::get("/?k=a").header("cookie", "k=a")),
        (Place::Query, Request::get("/?K=a&kk=a").header("k", "a")),
        (
            Place::Cookie,
            Request::get("/?k=a").header("cookie", "K=a; kk=a"),
        ),
    ];
    for (place, request) in rows {
        assert_eq!(
            reason(Unasked, place, "k", &head(request)).await,
            Some(Reason::Missing)
        );
    }
}

#[tokio::test]
async fn a_huge_key_is_not_looked_up() {
    let huge = head(Request::get("/").header("k", "x".repeat(8193)));
    assert_eq!(
        reason(Unasked, Place::Header, "k", &huge).await,
        Some(Reason::TooLarge)
    );
}

#[test]
fn headers_that_frame_or_route_are_refused() {
    for name in [
        "Host",
        "Content-Length",
        "Transfer-Encoding",
        "Connection",
        "TE",
        "Trailer",
        "Upgrade",
        "Expect",
        "Keep-Alive",
        "Proxy-Authorization",
        "Proxy-Connection",
        "HTTP2-Settings",
        "Cookie",
        ":authority",
        "",
        "a\r\nb",
        "a\0",
        "\u{e4}",
    ] {
        let error = ApiKey::header(name, "v").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{name}");
    }
    assert!(ApiKey::header("Authorization", "v").is_ok());
    for name in ["", "a\r\nb", "a\0"] {
        assert!(ApiKey::query(name, "v").is_err());
    }
}

#[test]
fn what_a_place_cannot_carry_unchanged_is_refused() {
    let rows = [
        (
            Place::Header,
            [" v", "v ", "\t", "v\0", "v\x7f", "v\tw"].as_slice(),
        ),
        (Place::Query, ["v\r", "v\n", "v\0"].as_slice()),
        (
            Place::Cookie,
            ["a b", "a;b", "a,b", "a\"b", "\"a", "a\\b", "\u{e4}"].as_slice(),
        ),
    ];
    for (place, values) in rows {
        for value in values {
            assert!(
                ApiKey::new(place, "k", value).is_err(),
                "{place:?} {value:?}"
            );
        }
    }
    assert!(ApiKey::cookie("k", "\"quoted\"").is_ok());
}
