//! Examples of RFC 6750, and the token in each place.
#![allow(clippy::unwrap_used)]

countersign_testkit::watched!();

use bytes::Bytes;
use countersign_bearer::{Bearer, BearerError};
use countersign_core::{ErrorKind, Payload, Sign};
use http::{Request, Response, request};

const TOKEN: &str = "mF_9.B5f-4.1JqM";
const FORM: &str = "application/x-www-form-urlencoded";

fn signed(bearer: &Bearer, request: request::Builder) -> request::Parts {
    let (mut head, ()) = request.body(()).unwrap().into_parts();
    bearer.sign(&mut head, &mut Payload::default()).unwrap();
    head
}

#[test]
fn in_the_header_it_replaces_what_is_there() {
    let bearer = Bearer::new(TOKEN).unwrap();
    let request = Request::get("/a?access_token=x").header("authorization", "Basic x");
    let head = signed(&bearer, request.header("authorization", "Basic y"));
    assert_eq!(head.headers.get_all("authorization").iter().count(), 1);
    assert_eq!(head.headers["authorization"], "Bearer mF_9.B5f-4.1JqM");
    assert_eq!(head.uri, "/a?access_token=x");
}

#[test]
fn a_prefix_is_trimmed_and_may_be_empty() {
    let rows = [
        ("Token", "Token t"),
        (" Zoho-oauthtoken ", "Zoho-oauthtoken t"),
        (" ", "t"),
    ];
    for (prefix, expected) in rows {
        let bearer = Bearer::new("t").unwrap().prefix(prefix).unwrap();
        assert_eq!(
            signed(&bearer, Request::get("/")).headers["authorization"],
            expected
        );
    }
    let error = Bearer::new("CANARY").unwrap().prefix("a\r\nb").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(!format!("{error:?}").contains("CANARY"));
}

#[test]
fn in_the_query_it_replaces_header_and_parameters() {
    let bearer = Bearer::any_token("a b&c").unwrap().in_query();
    let url = "https://h/p?access_token=1&x=%41&access%5Ftoken=2&Access_Token=3";
    let head = signed(
        &bearer,
        Request::get(url).header("authorization", "Basic x"),
    );
    assert_eq!(
        head.uri,
        "https://h/p?x=%41&Access_Token=3&access_token=a%20b%26c"
    );
    assert!(!head.headers.contains_key("authorization"));
}

#[test]
fn without_a_query_there_is_no_place_for_it() {
    let bearer = Bearer::new(TOKEN).unwrap().in_query();
    let (mut head, ()) = Request::options("*").body(()).unwrap().into_parts();
    let error = bearer.sign(&mut head, &mut Payload::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(!format!("{error:?}").contains(TOKEN));
}

fn post(url: &str, content_type: &str) -> request::Parts {
    let request = Request::post(url).header("content-type", content_type);
    request.body(()).unwrap().into_parts().0
}

#[test]
fn in_the_form_it_replaces_header_and_parameters() {
    let bearer = Bearer::new("a+/=").unwrap().in_form();
    let rows = [
        ("", "access_token=a%2B%2F%3D"),
        ("p=q", "p=q&access_token=a%2B%2F%3D"),
        (
            "access_token=1&p=%71+&&access%5Ftoken=2",
            "p=%71+&&access_token=a%2B%2F%3D",
        ),
    ];
    for (before, after) in rows {
        let mut head = post("/?access_token=3&k", &format!("{FORM} ; charset=utf-8"));
        head.headers
            .insert("authorization", "Basic x".parse().unwrap());
        let mut body = Payload::whole(Bytes::from_static(before.as_bytes()));
        assert!(bearer.reads_body(&head));
        bearer.sign(&mut head, &mut body).unwrap();
        assert_eq!(body.bytes().unwrap(), after.as_bytes());
        assert_eq!(head.uri, "/?k");
        assert_eq!(head.headers.keys().collect::<Vec<_>>(), ["content-type"]);
    }
}

#[test]
fn a_body_that_is_no_form_is_refused_and_left_alone() {
    let bearer = Bearer::new(TOKEN).unwrap().in_form();
    let mut get = post("/", FORM);
    get.method = http::Method::GET;
    let mut coded = post("/", FORM);
    coded
        .headers
        .insert("content-encoding", "gzip".parse().unwrap());
    let mut twice = post("/", FORM);
    twice
        .headers
        .append("content-type", "text/plain".parse().unwrap());
    let untyped = Request::post("/").body(()).unwrap().into_parts().0;
    let binary = Payload::whole(Bytes::from_static(b"\xff"));
    let rows = [
        (get, Payload::default()),
        (coded, Payload::whole("a=b".into())),
        (twice, Payload::whole("a=b".into())),
        (untyped, Payload::whole("a=b".into())),
        (
            post("/", "multipart/form-data"),
            Payload::whole("a=b".into()),
        ),
        (post("/", FORM), binary),
        (post("/", FORM), Payload::stream(None)),
    ];
    for (mut head, mut body) in rows {
        let before = (head.uri.clone(), body.bytes().map(<[u8]>::to_vec));
        let error = bearer.sign(&mut head, &mut body).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert_eq!((head.uri, body.bytes().map(<[u8]>::to_vec)), before);
    }
}

#[test]
fn why_a_token_was_refused_can_be_read() {
    let read = |challenge: &str| {
        let answer = Response::builder()
            .status(401)
            .header("www-authenticate", challenge);
        BearerError::from_response(&answer.body(()).unwrap().into_parts().0)
    };
    let error = read(
        r#"Basic error="no", bearer realm="example", error="invalid_token", error_description="it \"expired\"""#,
    );
    let error = error.unwrap();
    assert!(error.is_invalid_token());
    assert_eq!(error.description.as_deref(), Some(r#"it "expired""#));
    assert_eq!(error.scope, None);
    let error = read(r#"Bearer error=insufficient_scope, scope="a b""#).unwrap();
    assert!(!error.is_invalid_token());
    assert_eq!(
        (error.error.as_str(), error.scope.as_deref()),
        ("insufficient_scope", Some("a b"))
    );
    assert_eq!(read(r#"Bearer realm="example""#), None);
    assert_eq!(read(r#"Basic error="invalid_token""#), None);
}
