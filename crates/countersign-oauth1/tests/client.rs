//! What the client sends, switch by switch.
#![allow(clippy::unwrap_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use bytes::Bytes;
use countersign_core::{ErrorKind, Payload, Sign};
use countersign_oauth1::{Credentials, OAuth1, OAuth1Builder, Placement, SignatureMethod};
use http::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HOST};
use http::{Request, request};
use support::{at, in_header, in_pairs, parameter, sign};

const TIME: u64 = 1_191_242_096;
const FORM: &str = "application/x-www-form-urlencoded";

fn credentials() -> Credentials {
    Credentials::new("ck", "cs").unwrap()
}

fn client() -> OAuth1Builder {
    OAuth1::builder(credentials()).sources(at(TIME))
}

fn get(client: OAuth1Builder) -> request::Parts {
    sign(
        &client.build().unwrap(),
        Request::get("https://h/a?b=c"),
        b"",
    )
    .unwrap()
    .0
}

fn names(text: &str) -> Vec<String> {
    in_pairs(text).into_iter().map(|(name, _)| name).collect()
}

#[test]
fn the_parameters_are_in_their_order() {
    let client = client()
        .callback("oob")
        .verifier("v")
        .parameter("x_y", "ü")
        .placement(Placement::Query);
    let head = get(client);
    let expected = [
        "b",
        "oauth_consumer_key",
        "oauth_signature_method",
        "oauth_timestamp",
        "oauth_nonce",
        "oauth_version",
        "oauth_callback",
        "oauth_verifier",
        "x_y",
        "oauth_signature",
    ];
    assert_eq!(names(head.uri.query().unwrap()), expected);
    assert!(head.uri.query().unwrap().contains("&x_y=%C3%BC&"));
    assert!(!head.headers.contains_key(AUTHORIZATION));
}

#[test]
fn the_header_is_sensitive_and_replaces_another() {
    let request = Request::get("https://h/").header("authorization", "Basic eA==");
    let (head, _) = sign(&client().build().unwrap(), request, b"").unwrap();
    let lines: Vec<_> = head.headers.get_all(AUTHORIZATION).iter().collect();
    assert_eq!(lines.len(), 1);
    assert!(lines[0].is_sensitive());
    assert_eq!(
        parameter(&head, "oauth_consumer_key").as_deref(),
        Some("ck")
    );
}

#[test]
fn a_fresh_nonce_goes_with_every_request() {
    let oauth = client().build().unwrap();
    let nonce = || {
        let (head, _) = sign(&oauth, Request::get("https://h/"), b"").unwrap();
        parameter(&head, "oauth_nonce").unwrap()
    };
    assert_ne!(nonce(), nonce());
    assert_eq!(nonce().len(), 32);
    let preset = get(client().nonce("n&1").timestamp(7));
    assert_eq!(parameter(&preset, "oauth_nonce").unwrap(), "n&1");
    assert_eq!(parameter(&preset, "oauth_timestamp").unwrap(), "7");
}

#[test]
fn any_method_with_a_form_takes_the_parameters_into_it() {
    let oauth = client().placement(Placement::FormOrQuery).build().unwrap();
    for method in ["POST", "PUT", "PATCH", "DELETE", "PURGE"] {
        let request = Request::builder().method(method).uri("https://h/a");
        let request = request.header(
            CONTENT_TYPE,
            "Application/X-WWW-Form-Urlencoded; charset=utf-8",
        );
        let (head, body) = sign(&oauth, request, b"a=1").unwrap();
        assert!(head.uri.query().is_none(), "{method}");
        assert!(body.starts_with(b"a=1&oauth_consumer_key=ck&"), "{method}");
    }
    let (head, body) = sign(&oauth, Request::post("https://h/a"), b"a=1").unwrap();
    assert!(
        head.uri
            .query()
            .unwrap()
            .starts_with("oauth_consumer_key=ck&")
    );
    assert_eq!(body, "a=1");
    let empty = Request::post("https://h/a").header(CONTENT_TYPE, FORM);
    let (_, body) = sign(&oauth, empty, b"").unwrap();
    assert!(body.starts_with(b"oauth_consumer_key=ck&"));
}

#[test]
fn a_form_placement_needs_a_form() {
    let oauth = client().placement(Placement::Form).build().unwrap();
    let encoded = Request::post("https://h/")
        .header(CONTENT_TYPE, FORM)
        .header(CONTENT_ENCODING, "gzip");
    for request in [Request::post("https://h/"), encoded] {
        let error = sign(&oauth, request, b"a=1").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
    }
}

#[test]
fn what_an_earlier_signature_left_is_taken_out() {
    let earlier = "https://h/?oauth_nonce=old&a=1&oauth%5Fsignature=old&oauth_x=1";
    for (place, extra) in [(Placement::Header, 0), (Placement::Query, 6)] {
        let oauth = client().placement(place).build().unwrap();
        let request = Request::post(earlier).header(CONTENT_TYPE, FORM);
        let (head, body) = sign(&oauth, request, b"oauth_token=secret&foo=bar").unwrap();
        assert_eq!(body, "foo=bar");
        let query = head.uri.query().unwrap();
        assert!(query.starts_with("a=1&oauth_x=1"), "{query}");
        assert_eq!(names(query).len(), 2 + extra);
    }
    let alone = Request::get("https://h/p?oauth_token=x");
    let (head, _) = sign(&client().build().unwrap(), alone, b"").unwrap();
    assert_eq!(head.uri, "https://h/p");
}

#[test]
fn an_empty_token_is_sent_where_it_is_signed() {
    assert_eq!(parameter(&get(client()), "oauth_token"), None);
    let oauth = client()
        .empty_parameters(true)
        .callback("")
        .verifier("")
        .realm("");
    let head = get(oauth.clone());
    assert_eq!(parameter(&head, "oauth_token").as_deref(), Some(""));
    let sent = in_header(&head.headers[AUTHORIZATION]);
    let absent = ["oauth_callback", "oauth_verifier", "realm"];
    assert!(absent.iter().all(|name| !sent.contains_key(*name)));
    let (head, ()) = Request::get("https://h/").body(()).unwrap().into_parts();
    let stages = oauth
        .build()
        .unwrap()
        .explain(&head, &Payload::default())
        .unwrap();
    assert!(
        stages.parameters.contains("oauth_token=&"),
        "{}",
        stages.parameters
    );
}

#[test]
fn the_version_is_optional() {
    assert_eq!(
        parameter(&get(client()), "oauth_version").as_deref(),
        Some("1.0")
    );
    assert_eq!(
        parameter(&get(client().version(false)), "oauth_version"),
        None
    );
}

#[test]
fn values_stand_raw_in_the_header_only_when_told_to() {
    let key = || OAuth1::builder(Credentials::new("foo!bar", "cs").unwrap()).realm("a b");
    let line = |client| in_header(&get(client).headers[AUTHORIZATION]);
    let (encoded, raw) = (line(key()), line(key().header_encoding(false)));
    assert_eq!(encoded["oauth_consumer_key"], "foo%21bar");
    assert_eq!(raw["oauth_consumer_key"], "foo!bar");
    assert!(encoded["oauth_signature"].ends_with("%3D"));
    assert!(raw["oauth_signature"].ends_with('='));
    assert_eq!(
        (&encoded["realm"], &raw["realm"]),
        (&"a b".to_owned(), &"a b".to_owned())
    );
}

#[test]
fn a_raw_value_that_no_header_can_carry_is_refused() {
    let oauth = OAuth1::builder(Credentials::new("a\nb", "cs").unwrap());
    assert_eq!(
        parameter(&get(oauth.clone()), "oauth_consumer_key").as_deref(),
        Some("a\nb")
    );
    let raw = oauth.header_encoding(false).build().unwrap();
    let error = sign(&raw, Request::get("https://h/"), b"").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
}

#[test]
fn the_body_hash_is_left_out_where_it_must_not_be() {
    let hash = |client: OAuth1Builder, kind: &str| {
        let request = Request::post("https://h/").header(CONTENT_TYPE, kind);
        let (head, _) = sign(&client.build().unwrap(), request, b"Hello World!!").unwrap();
        parameter(&head, "oauth_body_hash")
    };
    let hashing = || client().body_hash(true);
    let sha1 = Some("pqfIFYs01VSVSkySGxRPgtddtoM=".to_owned());
    assert_eq!(hash(hashing(), "text/plain"), sha1);
    assert_eq!(
        hash(hashing().callback("").verifier(""), "text/plain"),
        sha1
    );
    assert_eq!(hash(client(), "text/plain"), None);
    assert_eq!(hash(hashing(), FORM), None);
    assert_eq!(hash(hashing().callback("oob"), "text/plain"), None);
    assert_eq!(hash(hashing().verifier("v"), "text/plain"), None);
    assert_eq!(
        hash(hashing().method(SignatureMethod::Plaintext), "text/plain"),
        None
    );
    let empty = parameter(&get(hashing()), "oauth_body_hash");
    assert_eq!(empty.as_deref(), Some("2jmj7l5rSw0yVb/vlWAYkK/YBwk="));
}

#[test]
fn a_body_is_read_only_if_it_is_signed() {
    let head = |kind: &str| {
        let request = Request::post("https://h/").header(CONTENT_TYPE, kind);
        request.body(()).unwrap().into_parts().0
    };
    let (plain, hashing) = (
        client().build().unwrap(),
        client().body_hash(true).build().unwrap(),
    );
    assert!(!plain.reads_body(&head("text/plain")) && plain.reads_body(&head(FORM)));
    assert!(hashing.reads_body(&head("text/plain")));
    plain
        .sign(&mut head("text/plain"), &mut Payload::stream(None))
        .unwrap();
    let error = hashing.sign(&mut head("text/plain"), &mut Payload::stream(None));
    assert_eq!(error.unwrap_err().kind(), ErrorKind::BodyNotReplayable);
}

#[test]
fn plaintext_reveals_its_secret_and_no_other_method_does() {
    for method in [SignatureMethod::HmacSha1, SignatureMethod::HmacSha512] {
        assert!(!client().method(method).build().unwrap().reveals());
    }
    let plain = client().method(SignatureMethod::Plaintext);
    assert!(plain.clone().build().unwrap().reveals());
    assert_eq!(
        parameter(&get(plain), "oauth_signature").as_deref(),
        Some("cs&")
    );
}

#[test]
fn the_host_that_is_sent_is_the_one_that_is_signed() {
    let base = |uri: &str, host: Option<&str>| {
        let request = Request::get(uri);
        let request = host
            .into_iter()
            .fold(request, |request, host| request.header(HOST, host));
        let (head, ()) = request.body(()).unwrap().into_parts();
        let stages = client()
            .build()
            .unwrap()
            .explain(&head, &Payload::default());
        stages.map(|stages| stages.base_string.split('&').nth(1).unwrap().to_owned())
    };
    let encoded = |uri| Some(base(uri, None).unwrap());
    assert_eq!(encoded("https://H:443/"), Some("https%3A%2F%2Fh%2F".into()));
    assert_eq!(
        encoded("https://h:80/"),
        Some("https%3A%2F%2Fh%3A80%2F".into())
    );
    assert_eq!(
        encoded("http://h:443/x"),
        Some("http%3A%2F%2Fh%3A443%2Fx".into())
    );
    assert_eq!(encoded("https://u:p@h"), Some("https%3A%2F%2Fh%2F".into()));
    let front = base("https://backend:8443/", Some("Front.example:443")).unwrap();
    assert_eq!(front, "https%3A%2F%2Ffront.example%2F");
    for broken in [
        base("/relative", Some("h")),
        base("https://h/", Some("h:99999")),
    ] {
        assert_eq!(broken.unwrap_err().kind(), ErrorKind::Configuration);
    }
}

#[test]
fn a_query_that_cannot_be_decoded_is_refused() {
    let request = Request::get("https://h/?a=%zz");
    let error = sign(&client().build().unwrap(), request, b"").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
}

#[test]
fn a_configuration_that_cannot_be_sent_is_refused() {
    let builders = [
        client().method(SignatureMethod::RsaSha256),
        client().realm("a\r\nb"),
        client().timestamp(0),
        client().parameter("", "x"),
        client().parameter("oauth_nonce", "x"),
        client().parameter("realm", "x"),
    ];
    for builder in builders {
        assert_eq!(
            builder.build().unwrap_err().kind(),
            ErrorKind::Configuration
        );
    }
    assert!(Credentials::new("", "cs").is_err());
    assert!(credentials().token("", "ts").is_err());
}

#[test]
fn names_of_methods_are_found_in_any_case() {
    for method in SignatureMethod::ALL {
        assert_eq!(
            SignatureMethod::of(&method.name().to_lowercase()),
            Some(method)
        );
    }
    assert_eq!(SignatureMethod::of("HMAC-SHA384"), None);
}

#[test]
fn explaining_changes_nothing() {
    let oauth = client()
        .placement(Placement::Form)
        .nonce("n")
        .build()
        .unwrap();
    let request = Request::post("https://h/?oauth_token=x").header(CONTENT_TYPE, FORM);
    let (head, ()) = request.body(()).unwrap().into_parts();
    let body = Payload::whole(Bytes::from_static(b"a=1"));
    let stages = oauth.explain(&head, &body).unwrap();
    assert!(
        stages
            .parameters
            .starts_with("a=1&oauth_consumer_key=ck&oauth_nonce=n&")
    );
    assert_eq!(body.bytes(), Some(&b"a=1"[..]));
    assert_eq!(head.uri, "https://h/?oauth_token=x");
}
