//! What claims have to say: times to the nanosecond, issuer, audience, and the rest.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use std::sync::Arc;
use std::time::Duration;

use countersign_core::verify::{Reason, Verify};
use countersign_core::{Begin, MemoryGuard, ReplayGuard, Use, Used};
use countersign_jwt::{Algorithm, JwtVerifier, JwtVerifierBuilder};
use serde_json::json;
use support::{
    Hands, NOW, challenge, claiming, forged, get, hs256, judge, verifying, with_line, with_token,
};

const NANO: Duration = Duration::from_nanos(1);

async fn accepts(builder: JwtVerifierBuilder, claims: &str) -> bool {
    judge(&builder.build().unwrap(), &with_token(&claiming(claims)))
        .await
        .is_ok()
}

/// Whether `claims` are accepted just before, at and just after `time`, with a leeway of ten seconds.
async fn around(
    change: fn(JwtVerifierBuilder) -> JwtVerifierBuilder,
    claims: &str,
    time: u64,
) -> [bool; 3] {
    let hands = Hands::at(NOW);
    let builder = JwtVerifier::builder("r", verifying(Algorithm::Hs256)).sources(hands.sources());
    let verifier = change(builder.leeway(Duration::from_secs(10)))
        .build()
        .unwrap();
    let head = with_token(&claiming(claims));
    let time = Duration::from_secs(time);
    let mut found = [false; 3];
    for (found, time) in found.iter_mut().zip([time - NANO, time, time + NANO]) {
        hands.set(time);
        *found = judge(&verifier, &head).await.is_ok();
    }
    found
}

#[tokio::test]
async fn each_time_begins_and_ends_exactly() {
    let same = |builder| builder;
    assert_eq!(
        around(same, r#"{"exp":1000}"#, 1010).await,
        [true, false, false]
    );
    assert_eq!(
        around(same, r#"{"exp":1000.5}"#, 1010).await,
        [true, true, true]
    );
    assert_eq!(
        around(same, r#"{"exp":9999,"nbf":1000}"#, 990).await,
        [false, true, true]
    );
    assert_eq!(
        around(same, r#"{"exp":9999,"iat":1000}"#, 990).await,
        [false, true, true]
    );
    let aged = |builder: JwtVerifierBuilder| builder.max_age(Duration::from_secs(100));
    assert_eq!(
        around(aged, r#"{"exp":9999,"iat":1000}"#, 1110).await,
        [true, false, false]
    );
    assert_eq!(around(aged, r#"{"exp":9999}"#, 1000).await, [false; 3]);
}

#[tokio::test]
async fn the_leeway_is_a_minute_by_default() {
    assert!(accepts(hs256(), &json!({"exp": NOW - 59}).to_string()).await);
    assert!(!accepts(hs256(), &json!({"exp": NOW - 60}).to_string()).await);
}

#[tokio::test]
async fn a_time_is_a_number_that_is_not_negative() {
    let rows = [
        ("1e300", false),
        ("9e9", true),
        ("18446744073709551615", true),
        ("-1", false),
        ("\"1800000000\"", false),
        ("null", false),
        ("true", false),
        ("[1800000000]", false),
        ("1e999", false),
    ];
    for (exp, expected) in rows {
        assert_eq!(
            accepts(hs256(), &format!(r#"{{"exp":{exp}}}"#)).await,
            expected,
            "{exp}"
        );
    }
    for other in ["iat", "nbf"] {
        assert!(!accepts(hs256(), &format!(r#"{{"exp":1800000000,"{other}":"0"}}"#)).await);
    }
}

#[tokio::test]
async fn an_expiry_is_demanded_unless_told_otherwise() {
    assert!(!accepts(hs256(), "{}").await);
    assert!(accepts(hs256().allow_without_expiry(), "{}").await);
    assert!(!accepts(hs256().allow_without_expiry(), r#"{"exp":1}"#).await);
    assert!(!accepts(hs256().allow_without_expiry().require("scope"), "{}").await);
    assert!(
        accepts(
            hs256().allow_without_expiry().require("scope"),
            r#"{"scope":""}"#
        )
        .await
    );
}

#[tokio::test]
async fn issuers_and_audiences_are_compared_exactly() {
    let lasting = || hs256().allow_without_expiry();
    let two = || {
        lasting()
            .issuer("a")
            .issuer("b")
            .audience("x")
            .audience("y")
    };
    let rows = [
        (r#"{"iss":"a","aud":"x"}"#, true),
        (r#"{"iss":"b","aud":["z","y"]}"#, true),
        (r#"{"iss":"A","aud":"x"}"#, false),
        (r#"{"aud":"x"}"#, false),
        (r#"{"iss":["a"],"aud":"x"}"#, false),
        (r#"{"iss":"a"}"#, false),
        (r#"{"iss":"a","aud":"xx"}"#, false),
        (r#"{"iss":"a","aud":[]}"#, false),
        (r#"{"iss":"a","aud":["x",1]}"#, false),
        (r#"{"iss":"a","aud":{"x":1}}"#, false),
        (r#"{"iss":"a","aud":"x","sub":7}"#, false),
    ];
    for (claims, expected) in rows {
        assert_eq!(accepts(two(), claims).await, expected, "{claims}");
    }
    assert!(accepts(lasting(), "{}").await);
    assert!(
        !accepts(lasting(), r#"{"aud":"x"}"#).await,
        "meant for somebody else"
    );
    assert!(accepts(lasting().any_audience(), r#"{"aud":"x"}"#).await);
    assert!(!accepts(lasting().any_audience().audience("y"), r#"{"aud":"x"}"#).await);
}

#[tokio::test]
async fn the_kind_of_token_can_be_demanded() {
    let verifier = hs256()
        .allow_without_expiry()
        .kind("at+jwt")
        .build()
        .unwrap();
    for (kind, expected) in [
        (r#""at+jwt""#, true),
        (r#""AT+JWT""#, true),
        (r#""application/at+jwt""#, true),
        (r#""JWT""#, false),
        ("null", false),
    ] {
        let token = forged(
            support::SECRET.as_bytes(),
            format!(r#"{{"alg":"HS256","typ":{kind}}}"#),
            "{}",
        );
        assert_eq!(
            judge(&verifier, &with_token(&token)).await.is_ok(),
            expected,
            "{kind}"
        );
    }
    assert!(
        judge(&verifier, &with_token(&claiming("{}")))
            .await
            .is_err()
    );
}

#[tokio::test]
async fn the_challenges_are_those_of_bearer_tokens() {
    let verifier = hs256().allow_query("t").build().unwrap();
    let expired = with_token(&claiming(r#"{"exp":1}"#));
    let rows = [
        (get("/"), Reason::Missing, ""),
        (with_line(b"Basic eDp5"), Reason::Missing, ""),
        (with_line(b"Bearer"), Reason::Missing, ""),
        (
            with_line(b"Bearer a b"),
            Reason::Malformed,
            r#", error="invalid_request""#,
        ),
        (
            with_line(b"Bearer \xff"),
            Reason::Malformed,
            r#", error="invalid_request""#,
        ),
        (
            get("/?t=a&t=a"),
            Reason::Malformed,
            r#", error="invalid_request""#,
        ),
        (
            get("/?t=%zz"),
            Reason::Malformed,
            r#", error="invalid_request""#,
        ),
        (
            get("/?t="),
            Reason::Malformed,
            r#", error="invalid_request""#,
        ),
        (get("/?t=a"), Reason::Rejected, r#", error="invalid_token""#),
        (expired, Reason::Rejected, r#", error="invalid_token""#),
    ];
    for (head, reason, rest) in rows {
        let expected = (reason, format!(r#"Bearer realm="r"{rest}"#));
        assert_eq!(
            challenge(&verifier, &head).await,
            expected,
            "{:?}",
            head.uri
        );
    }
}

#[tokio::test]
async fn a_token_stands_in_one_place() {
    let token = claiming(r#"{"exp":1800000000}"#);
    let mut both = with_token(&token);
    both.uri = format!("/?token={token}").parse().unwrap();
    let mut query = both.clone();
    query.headers.clear();
    let header_alone = hs256().build().unwrap();
    assert!(judge(&header_alone, &both).await.is_ok());
    assert_eq!(judge(&header_alone, &query).await, Err(Reason::Missing));
    let either = hs256().allow_query("token").build().unwrap();
    assert_eq!(judge(&either, &both).await, Err(Reason::Malformed));
    assert!(judge(&either, &query).await.is_ok());
    let mut twice = with_token(&token);
    twice
        .headers
        .append("authorization", format!("Bearer {token}").parse().unwrap());
    assert_eq!(judge(&either, &twice).await, Err(Reason::Malformed));
}

#[tokio::test]
async fn another_word_before_the_token_can_be_chosen() {
    let verifier = hs256().scheme("JWT").build().unwrap();
    let token = claiming(r#"{"exp":1800000000}"#);
    assert!(
        judge(&verifier, &with_line(format!("jwt {token}").as_bytes()))
            .await
            .is_ok()
    );
    assert_eq!(
        challenge(&verifier, &with_token(&token)).await,
        (Reason::Missing, r#"JWT realm="r""#.into())
    );
}

#[tokio::test]
async fn a_token_is_no_longer_than_allowed() {
    let token = claiming(r#"{"exp":1800000000}"#);
    let with = |bytes| hs256().max_token(bytes).build().unwrap();
    assert!(judge(&with(token.len()), &with_token(&token)).await.is_ok());
    assert_eq!(
        judge(&with(token.len() - 1), &with_token(&token)).await,
        Err(Reason::TooLarge)
    );
}

/// A guard that cannot tell.
struct Down;

impl ReplayGuard for Down {
    fn record(&self, _: Use<'_>) -> Begin<Used> {
        Begin::ready(Used::Full)
    }
}

#[tokio::test]
async fn a_token_can_be_good_for_one_request() {
    let guard = Arc::new(MemoryGuard::default());
    let verifier = hs256()
        .once(Arc::clone(&guard) as Arc<dyn ReplayGuard>)
        .build()
        .unwrap();
    let with_id = |id| with_token(&claiming(&json!({"exp": NOW + 60, "jti": id}).to_string()));
    assert!(judge(&verifier, &with_id("a")).await.is_ok());
    assert_eq!(judge(&verifier, &with_id("a")).await, Err(Reason::Rejected));
    assert!(judge(&verifier, &with_id("b")).await.is_ok());
    let without = with_token(&claiming(&json!({"exp": NOW + 60}).to_string()));
    assert_eq!(judge(&verifier, &without).await, Err(Reason::Rejected));
    drop(verifier.verify(&with_id("c"), &countersign_core::Payload::default()));
    let expired = with_token(&claiming(&json!({"exp": 1, "jti": "d"}).to_string()));
    assert_eq!(judge(&verifier, &expired).await, Err(Reason::Rejected));
    assert_eq!(guard.len(), 2, "what was dropped or refused spent nothing");
    let full = hs256().once(Arc::new(Down)).build().unwrap();
    assert_eq!(judge(&full, &with_id("a")).await, Err(Reason::Unavailable));
}

#[test]
fn what_no_verifier_can_be() {
    assert!(
        JwtVerifier::builder("a\nb", verifying(Algorithm::Hs256))
            .build()
            .is_err()
    );
    assert!(hs256().scheme("a b").build().is_err());
    assert!(hs256().allow_query("").build().is_err());
}
