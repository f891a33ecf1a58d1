//! Each place, before and after.
#![allow(clippy::unwrap_used)]

countersign_testkit::watched!();

use countersign_apikey::{ApiKey, Place};
use countersign_core::{ErrorKind, Payload, Sign};
use http::{HeaderMap, Request, request};

fn signed(key: &ApiKey, request: request::Builder) -> request::Parts {
    let (mut head, ()) = request.body(()).unwrap().into_parts();
    key.sign(&mut head, &mut Payload::default()).unwrap();
    head
}

fn values(headers: &HeaderMap, name: &str) -> Vec<String> {
    let values = headers.get_all(name).iter();
    values
        .map(|value| value.to_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_header_replaces_that_name_in_any_case_and_no_other() {
    let key = ApiKey::header("X-Api-Key", "new").unwrap();
    let request = Request::get("/")
        .header("x-API-key", "1")
        .header("X-Api-Key", "2");
    let head = signed(
        &key,
        request
            .header("X_Api_Key", "kept")
            .header("X-ApiKey", "kept"),
    );
    assert_eq!(values(&head.headers, "x-api-key"), ["new"]);
    assert_eq!(head.headers["x_api_key"], "kept");
    assert_eq!(head.headers["x-apikey"], "kept");
}

#[test]
fn a_parameter_replaces_all_of_exactly_that_name() {
    let rows = [
        ("https://h", "https://h/?key=v%20%2B%26"),
        ("https://h/p", "https://h/p?key=v%20%2B%26"),
        ("https://h/?", "https://h/?key=v%20%2B%26"),
        (
            "https://h/?key=1&a=%41&k%65y=2&key",
            "https://h/?a=%41&key=v%20%2B%26",
        ),
        (
            "https://h/?Key=1&KEY=2&keys=3",
            "https://h/?Key=1&KEY=2&keys=3&key=v%20%2B%26",
        ),
    ];
    let key = ApiKey::query("key", "v +&").unwrap();
    for (before, after) in rows {
        assert_eq!(signed(&key, Request::get(before)).uri, after);
    }
}

#[test]
fn a_cookie_joins_the_others_and_replaces_its_own_name() {
    let rows: [(&[&str], &str); 5] = [
        (&[], "sid=v"),
        (&["a=1"], "a=1; sid=v"),
        (&["a=1; sid=old ;b=2"], "a=1; b=2; sid=v"),
        (
            &["a=1;", "sid=old", "SID=x; sidx=y; sid"],
            "a=1; SID=x; sidx=y; sid=v",
        ),
        (&["bare; =x"], "bare; =x; sid=v"),
    ];
    let key = ApiKey::cookie("sid", "v").unwrap();
    for (before, after) in rows {
        let request = before
            .iter()
            .fold(Request::get("/"), |one, field| one.header("cookie", *field));
        let head = signed(&key, request);
        assert_eq!(values(&head.headers, "cookie"), [after]);
        assert!(head.headers["cookie"].is_sensitive());
    }
}

#[test]
fn several_go_at_once_and_never_into_the_same_place() {
    let header = || ApiKey::header("X-Key", "1").unwrap();
    let all = header().and(ApiKey::query("k", "2").unwrap()).unwrap();
    let all = all.and(ApiKey::cookie("k", "3").unwrap()).unwrap();
    let all = all.and(ApiKey::cookie("l", "4").unwrap()).unwrap();
    let head = signed(&all, Request::get("/"));
    assert_eq!(head.headers["x-key"], "1");
    assert_eq!(head.uri, "/?k=2");
    assert_eq!(head.headers["cookie"], "k=3; l=4");
    let error = all.and(ApiKey::header("x-KEY", "5").unwrap()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(header().and(ApiKey::query("X-Key", "5").unwrap()).is_ok());
}

#[test]
fn an_empty_value_is_sent_only_if_told_to() {
    for place in [Place::Header, Place::Query, Place::Cookie] {
        assert_eq!(
            ApiKey::new(place, "k", "").unwrap_err().kind(),
            ErrorKind::Configuration
        );
        let head = signed(&ApiKey::lenient(place, "k", "").unwrap(), Request::get("/"));
        match place {
            Place::Header => assert_eq!(head.headers["k"], ""),
            Place::Query => assert_eq!(head.uri, "/?k="),
            _ => assert_eq!(head.headers["cookie"], "k="),
        }
        assert!(ApiKey::lenient(place, "", "v").is_err());
    }
}

#[test]
fn without_a_query_there_is_no_place_for_it() {
    let (mut head, ()) = Request::options("*").body(()).unwrap().into_parts();
    let key = ApiKey::query("k", "CANARY").unwrap();
    let error = key.sign(&mut head, &mut Payload::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(!format!("{error:?}").contains("CANARY"));
}
