//! What the client builds and where it puts it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use std::sync::Arc;
use std::time::Duration;

use countersign_core::{ErrorKind, Payload, Random, Result, Sign, Sources};
use countersign_jwt::{Algorithm, Jwt, JwtBuilder};
use http::{Request, request};
use serde_json::json;
use support::{Hands, NOW, get, parts_of, signed, signing, token_of};

fn hs256() -> JwtBuilder {
    Jwt::builder(signing(Algorithm::Hs256))
}

fn built(builder: JwtBuilder) -> (String, String) {
    parts_of(
        builder
            .build()
            .unwrap()
            .token()
            .unwrap()
            .expose_str()
            .unwrap(),
    )
}

#[test]
fn members_keep_their_order_and_their_text() {
    let header = "\n { \"typ\" : \"JWT\",\r\n \"b\":[ 1, 2 ], \"alg\":\"none\", \"a\":\"x y\" }\t";
    let payload = r#"{ "z":1.0, "y":1e2, "big":123456789012345678901234567890, "e":"\u00e9 \" \\", "o":{ "b" : 1, "a":2 } }"#;
    let (header, payload) = built(hs256().header(header).payload(payload));
    assert_eq!(header, r#"{"typ":"JWT","b":[1,2],"alg":"HS256","a":"x y"}"#);
    let text = r#"{"z":1.0,"y":1e2,"big":123456789012345678901234567890,"e":"\u00e9 \" \\","o":{"b":1,"a":2}}"#;
    assert_eq!(payload, text);
}

#[test]
fn a_header_without_an_algorithm_is_given_the_keys_first() {
    for nothing in ["", " \n", "{}", "null"] {
        let (header, payload) = built(hs256().header(nothing).payload(nothing));
        assert_eq!(
            (header.as_str(), payload.as_str()),
            (r#"{"alg":"HS256"}"#, "{}")
        );
    }
    let (header, _) = built(
        hs256()
            .header(r#"{"typ":"JWT"}"#)
            .key_id("k1")
            .header_member("alg", "none"),
    );
    assert_eq!(header, r#"{"alg":"HS256","typ":"JWT","kid":"k1"}"#);
}

#[test]
fn values_are_taken_in_the_order_in_which_they_list_their_members() {
    let value = json!({"b": 1, "a": {"d": [1, null], "c": "x"}});
    let (header, payload) = built(
        hs256()
            .header_value(&json!({"kid": "k"}))
            .payload_value(&value),
    );
    assert_eq!(header, r#"{"alg":"HS256","kid":"k"}"#);
    assert_eq!(payload, value.to_string());
    let (_, payload) = built(
        hs256()
            .payload_value(&json!(null))
            .claim("a", true)
            .claim("b", json!([1]))
            .claim("a", 2),
    );
    assert_eq!(payload, r#"{"a":2,"b":[1]}"#);
}

#[test]
fn what_is_no_object_is_an_error() {
    for text in [
        "[]",
        "1",
        "\"a\"",
        "{",
        "{}{}",
        "{'a':1}",
        r#"{"a":1,"a":2}"#,
        r#"{"a":1,"\u0061":2}"#,
        "{//\n}",
    ] {
        for builder in [hs256().header(text), hs256().payload(text)] {
            let error = builder.build().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Configuration, "{text}");
            assert!(error.to_string().contains("JSON object"));
        }
    }
}

#[test]
fn built_claims_are_fresh_for_each_request() {
    let hands = Hands::at(NOW);
    let jwt = hs256()
        .payload(r#"{"exp":1,"sub":"a"}"#)
        .random_id()
        .issued_at()
        .not_before();
    let jwt = jwt
        .expires_in(Duration::from_millis(61_900))
        .sources(hands.sources())
        .build()
        .unwrap();
    let claims = || {
        let (_, payload) = parts_of(&token_of(&signed(&jwt, "/")));
        assert!(payload.starts_with(r#"{"exp":"#), "in its place");
        serde_json::from_str::<serde_json::Value>(&payload).unwrap()
    };
    let first = claims();
    hands.set(Duration::from_secs(NOW + 100));
    let second = claims();
    for (claims, now) in [(&first, NOW), (&second, NOW + 100)] {
        assert_eq!(
            (&claims["iat"], &claims["nbf"], &claims["exp"]),
            (&json!(now), &json!(now), &json!(now + 61))
        );
    }
    assert_ne!(first["jti"], second["jti"]);
}

/// Randomness that is all ones.
#[derive(Debug)]
struct Ones;

impl Random for Ones {
    fn fill(&self, out: &mut [u8]) -> Result<()> {
        out.fill(0xff);
        Ok(())
    }
}

/// No randomness.
#[derive(Debug)]
struct Dry;

impl Random for Dry {
    fn fill(&self, _: &mut [u8]) -> Result<()> {
        Err(countersign_core::Error::new(ErrorKind::Random, "dry"))
    }
}

#[test]
fn an_id_is_a_uuid_of_version_4() {
    let with = |random: Arc<dyn Random>| {
        hs256().random_id().sources(Sources {
            random,
            ..Sources::default()
        })
    };
    let (_, payload) = built(with(Arc::new(Ones)));
    assert_eq!(payload, r#"{"jti":"ffffffff-ffff-4fff-bfff-ffffffffffff"}"#);
    let jwt = with(Arc::new(Dry)).build().unwrap();
    let mut head = get("/");
    let error = jwt.sign(&mut head, &mut Payload::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Random);
    assert!(head.headers.is_empty(), "no request goes without its token");
}

#[test]
fn a_prefix_is_sent_as_it_is() {
    for (prefix, expected) in [
        ("JWT", "JWT eyJ"),
        ("Bearer ", "Bearer  eyJ"),
        ("", "eyJ"),
        ("a b", "a b eyJ"),
    ] {
        let jwt = hs256().prefix(prefix).build().unwrap();
        let head = signed(&jwt, "/");
        assert!(
            head.headers["authorization"]
                .to_str()
                .unwrap()
                .starts_with(expected)
        );
        assert!(head.headers["authorization"].is_sensitive());
    }
    for prefix in ["a\r\nb", "\0"] {
        assert_eq!(
            hs256().prefix(prefix).build().unwrap_err().kind(),
            ErrorKind::Configuration
        );
        assert!(hs256().issued_at().prefix(prefix).build().is_err());
    }
}

fn request(uri: &str) -> request::Parts {
    let request = Request::get(uri)
        .header("authorization", "Basic x")
        .header("authorization", "Basic y");
    request.body(()).unwrap().into_parts().0
}

#[test]
fn in_the_header_it_replaces_what_is_there() {
    let mut head = request("/?token=x");
    hs256()
        .build()
        .unwrap()
        .sign(&mut head, &mut Payload::default())
        .unwrap();
    assert_eq!(head.headers.get_all("authorization").iter().count(), 1);
    assert_eq!(head.uri, "/?token=x");
}

#[test]
fn in_the_query_it_replaces_header_and_parameters() {
    let jwt = hs256().in_query("a b").build().unwrap();
    let mut head = request("https://h/p?x=%41&a%20b=1&a+b=2&A%20b=3");
    jwt.sign(&mut head, &mut Payload::default()).unwrap();
    let token = jwt.token().unwrap();
    let expected = format!(
        "https://h/p?x=%41&A%20b=3&a%20b={}",
        token.expose_str().unwrap()
    );
    assert_eq!(head.uri, expected.as_str());
    assert!(head.headers.is_empty());
    let mut star = get("*");
    let error = jwt.sign(&mut star, &mut Payload::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert_eq!(
        hs256().in_query("").build().unwrap_err().kind(),
        ErrorKind::Configuration
    );
}

#[test]
fn a_token_that_never_changes_is_signed_once() {
    let jwt = Jwt::builder(signing(Algorithm::Es256))
        .payload(r#"{"sub":"a"}"#)
        .build()
        .unwrap();
    let first = token_of(&signed(&jwt, "/"));
    assert_eq!(
        first,
        token_of(&signed(&jwt, "/")),
        "a second signature would be another one"
    );
    assert_eq!(jwt.token().unwrap().expose(), first.as_bytes());
    let mut head = get("/");
    head.headers.reserve(4);
    let cost =
        allocation_counter::measure(|| jwt.sign(&mut head, &mut Payload::default()).unwrap());
    assert_eq!(cost.count_total, 0);
}

#[test]
fn a_token_that_is_built_takes_two_heap_calls() {
    for algorithm in [Algorithm::Hs256, Algorithm::Hs384, Algorithm::Hs512] {
        let builder = Jwt::builder(signing(algorithm));
        let builder = builder.payload(r#"{"iss":"alice","iat":0,"aud":"example"}"#);
        let builder = builder.issued_at().not_before().random_id();
        let jwt = builder.expires_in(Duration::from_secs(60)).build().unwrap();
        let mut head = get("/");
        head.headers.reserve(8);
        jwt.sign(&mut head.clone(), &mut Payload::default())
            .unwrap();
        let cost =
            allocation_counter::measure(|| jwt.sign(&mut head, &mut Payload::default()).unwrap());
        assert_eq!(cost.count_total, 2, "{algorithm}");
    }
}
