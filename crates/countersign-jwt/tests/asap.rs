//! ASAP, client and server.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use countersign_core::verify::{Reason, Verify};
use countersign_core::{ErrorKind, MemoryGuard, Payload, ReplayGuard, Sign};
use countersign_jwt::{
    Algorithm, Asap, AsapBuilder, AsapVerifier, AsapVerifierBuilder, Jwt, Keys, VerifyingKey,
};
use serde_json::{Value, json};
use support::{
    Hands, NOW, challenge, get, judge, now, parts_of, pem, signed, signing, token_of, verifying,
    with_token,
};

const KID: &str = "shop/service/k1";

fn client() -> AsapBuilder {
    Asap::builder("shop/service", "api", KID, pem("rsa.pkcs8")).sources(now())
}

fn of(keys: impl Keys) -> AsapVerifierBuilder {
    AsapVerifier::builder("r", "api", keys).sources(now())
}

fn server() -> AsapVerifierBuilder {
    of(verifying(Algorithm::Rs256).key_id(KID))
}

fn payload(builder: AsapBuilder) -> String {
    parts_of(&token_of(&signed(&builder.build().unwrap(), "/"))).1
}

#[test]
fn the_token_has_the_claims_of_the_profile() {
    let asap = client().build().unwrap();
    let (header, payload) = parts_of(asap.token().unwrap().expose_str().unwrap());
    assert_eq!(header, r#"{"alg":"RS256","kid":"shop/service/k1"}"#);
    let claims: Value = serde_json::from_str(&payload).unwrap();
    let jti = claims["jti"].as_str().unwrap();
    let expected = format!(
        r#"{{"iat":{NOW},"iss":"shop/service","sub":"shop/service","jti":"{jti}","aud":"api","exp":{}}}"#,
        NOW + 3600
    );
    assert_eq!(payload, expected);
    assert_eq!((jti.len(), asap.name(), asap.reveals()), (36, "asap", true));
}

#[test]
fn given_claims_come_first_and_win() {
    let text = payload(
        client()
            .subject("s")
            .expires_in(60)
            .claims(r#"{"role": "r", "iss": "other", "jti": "j"}"#),
    );
    let expected = format!(
        r#"{{"role":"r","iss":"other","jti":"j","iat":{NOW},"sub":"s","aud":"api","exp":{}}}"#,
        NOW + 60
    );
    assert_eq!(text, expected);
    let text = payload(client().claims(r#"{"iss":"other","exp":5,"aud":["a","b"]}"#));
    assert!(text.starts_with(r#"{"iss":"other","exp":5,"aud":["a","b"],"iat":"#));
    assert!(
        text.contains(r#""sub":"other""#),
        "the subject is the issuer, whoever that is"
    );
}

#[test]
fn a_lifetime_is_a_number_of_seconds() {
    for text in ["2h", "1.5", "", "0", "-1", "3601", "3600s", "1e3", "60 min"] {
        let error = client().expires_in_text(text).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{text}");
        assert!(error.to_string().contains("seconds"));
    }
    let claims: Value = serde_json::from_str(&payload(client().expires_in_text(" 60 "))).unwrap();
    assert_eq!(claims["exp"], NOW + 60);
    assert!(client().expires_in(3600).build().is_ok());
}

#[test]
fn what_is_missing_or_does_not_fit_is_told() {
    let with = |issuer: &str, audience: &str, kid: &str| {
        Asap::builder(issuer, audience, kid, pem("rsa.pkcs8"))
    };
    let rows = [
        with("", "api", KID),
        with("shop", "", KID),
        with("shop", "api", ""),
        client().subject(""),
        client().claims("[]"),
        client().claims(r#"{"a":1,"a":1}"#),
        client().algorithm(Algorithm::Hs256),
        client().algorithm(Algorithm::Es256),
        Asap::builder("shop", "api", KID, "no key"),
    ];
    for builder in rows {
        assert_eq!(
            builder.build().unwrap_err().kind(),
            ErrorKind::Configuration
        );
    }
}

#[tokio::test]
async fn the_key_may_be_a_data_url_that_names_it() {
    let der = STANDARD.encode(pem::parse(pem("rsa.pkcs8")).unwrap().into_contents());
    let url = format!("data:application/pkcs8;kid={KID};base64,{der}");
    let with = |kid: &str, url: &str| {
        Asap::builder("shop/service", "api", kid, url)
            .sources(now())
            .build()
    };
    for url in [url.clone(), format!("\"{url}\"\n"), url.replace('+', "%2B")] {
        let asap = with(KID, &url).unwrap();
        assert!(
            judge(&server().build().unwrap(), &signed(&asap, "/"))
                .await
                .is_ok()
        );
    }
    let error = with("shop/service/k2", &url).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(error.to_string().contains("kid"));
}

#[tokio::test]
async fn the_server_accepts_each_token_of_the_client_once() {
    for algorithm in Algorithm::ALL
        .into_iter()
        .filter(|algorithm| !algorithm.is_symmetric())
    {
        let name = support::key_name(algorithm).unwrap();
        let asap = Asap::builder("shop/service", "api", KID, pem(&format!("{name}.pkcs8")));
        let asap = asap.algorithm(algorithm).sources(now()).build().unwrap();
        let verifier = of(verifying(algorithm).key_id(KID))
            .issuer("shop/service")
            .build()
            .unwrap();
        let (first, second) = (signed(&asap, "/"), signed(&asap, "/"));
        assert_eq!(
            judge(&verifier, &first).await.unwrap().issuer(),
            Some("shop/service")
        );
        assert_eq!(
            judge(&verifier, &first).await,
            Err(Reason::Rejected),
            "{algorithm}"
        );
        assert!(judge(&verifier, &second).await.is_ok());
    }
}

/// A token of other header members and claims than the client would write.
fn other(kid: &str, claims: &Value) -> http::request::Parts {
    let jwt = Jwt::builder(signing(Algorithm::Rs256))
        .key_id(kid)
        .payload_value(claims);
    signed(&jwt.build().unwrap(), "/")
}

#[tokio::test]
async fn every_rule_of_the_profile_is_checked() {
    let right =
        json!({"iss": "shop/service", "aud": "api", "iat": NOW, "exp": NOW + 3600, "jti": "j"});
    let with = |name: &str, value: Value| {
        let mut claims = right.clone();
        claims[name] = value;
        claims
    };
    let without = |name: &str| {
        let mut claims = right.clone();
        claims.as_object_mut().unwrap().remove(name);
        claims
    };
    let verifier = of(verifying(Algorithm::Rs256))
        .issuer("shop/service")
        .issuer("shop")
        .build()
        .unwrap();
    let rows = [
        (KID, with("exp", (NOW + 3601).into())),
        (KID, with("aud", "other".into())),
        (KID, with("iss", "evil".into())),
        (KID, with("iss", "shop/servic".into())),
        (KID, with("iss", "".into())),
        (KID, without("iss")),
        (KID, without("aud")),
        (KID, without("iat")),
        (KID, without("exp")),
        (KID, without("jti")),
        (KID, with("iat", (NOW - 5000).into())),
        ("evil/k1", right.clone()),
        ("shop/service", right.clone()),
        ("shop/service/", right.clone()),
        ("shop/service2/k1", right.clone()),
        ("shop/service/../evil/k1", right.clone()),
        ("shop/service//k1", right.clone()),
    ];
    for (kid, claims) in rows {
        assert_eq!(
            judge(&verifier, &other(kid, &claims)).await,
            Err(Reason::Rejected),
            "{kid} {claims}"
        );
    }
    let anyone = of(verifying(Algorithm::Rs256)).build().unwrap();
    let nobody = other("/k1", &with("iss", "".into()));
    assert_eq!(judge(&anyone, &nobody).await, Err(Reason::Rejected));
    let unnamed = Jwt::builder(signing(Algorithm::Rs256))
        .payload_value(&right)
        .build()
        .unwrap();
    assert_eq!(
        judge(&verifier, &signed(&unnamed, "/")).await,
        Err(Reason::Rejected)
    );
    assert!(judge(&verifier, &other(KID, &right)).await.is_ok());
    assert!(
        judge(
            &verifier,
            &other("shop/service/a/b", &with("jti", "k".into()))
        )
        .await
        .is_ok()
    );
    let shorter = with("jti", "l".into());
    assert!(
        judge(
            &verifier,
            &other(
                KID,
                &json!({"iss": "shop", "aud": ["api"], "iat": NOW, "exp": NOW + 1, "jti": "l"})
            )
        )
        .await
        .is_ok()
    );
    assert!(
        judge(&verifier, &other(KID, &shorter)).await.is_ok(),
        "each issuer has names of its own"
    );
}

#[tokio::test]
async fn a_shared_secret_is_never_accepted() {
    let claims = json!({"iss": "shop", "aud": "api", "iat": NOW, "exp": NOW + 60, "jti": "j"});
    let jwt = Jwt::builder(signing(Algorithm::Hs256))
        .key_id("shop/k1")
        .payload_value(&claims)
        .build()
        .unwrap();
    let verifier = of(verifying(Algorithm::Hs256)).build().unwrap();
    assert_eq!(
        judge(&verifier, &signed(&jwt, "/")).await,
        Err(Reason::Rejected)
    );
}

#[tokio::test]
async fn a_used_token_is_remembered_until_it_is_refused_for_its_age() {
    let hands = Hands::at(NOW);
    let guard = Arc::new(MemoryGuard::new(1));
    let verifier = server()
        .sources(hands.sources())
        .guard(Arc::clone(&guard) as Arc<dyn ReplayGuard>);
    let verifier = verifier.leeway(Duration::from_secs(5)).build().unwrap();
    let asap = client().expires_in(10).build().unwrap();
    let first = signed(&asap, "/");
    assert!(judge(&verifier, &first).await.is_ok());
    assert_eq!(
        judge(&verifier, &signed(&asap, "/")).await,
        Err(Reason::Unavailable)
    );
    hands.set(Duration::from_secs(NOW + 14));
    assert_eq!(
        judge(&verifier, &signed(&asap, "/")).await,
        Err(Reason::Unavailable)
    );
    assert_eq!(judge(&verifier, &first).await, Err(Reason::Rejected));
    hands.set(Duration::from_secs(NOW + 15));
    assert_eq!(judge(&verifier, &first).await, Err(Reason::Rejected));
    drop(verifier.verify(&first, &Payload::default()));
    assert_eq!(guard.len(), 1);
}

#[tokio::test]
async fn challenges_and_configuration() {
    let verifier = server().audience("second").build().unwrap();
    assert_eq!(
        challenge(&verifier, &get("/")).await,
        (Reason::Missing, r#"Bearer realm="r""#.into())
    );
    let (reason, line) = challenge(&verifier, &with_token("a.b.c")).await;
    assert_eq!(
        (reason, line.as_str()),
        (
            Reason::Rejected,
            r#"Bearer realm="r", error="invalid_token""#
        )
    );
    let second = Asap::builder("shop/service", "second", KID, pem("rsa.pkcs1"))
        .sources(now())
        .build()
        .unwrap();
    assert!(judge(&verifier, &signed(&second, "/")).await.is_ok());
    let keys = || VerifyingKey::hmac_of_any_length(Algorithm::Hs256, "x").unwrap();
    assert!(AsapVerifier::builder("r", "", keys()).build().is_err());
    assert!(
        AsapVerifier::builder("a\nb", "api", keys())
            .build()
            .is_err()
    );
}
