//! Nothing shows a secret: no `Debug`, no error.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use countersign_core::{Payload, Sign};
use countersign_jwt::{
    Algorithm, Asap, AsapVerifier, Jwt, JwtVerifier, KeySet, SigningKey, VerifyingKey,
};
use support::{judge, now, pem, signed, token_of};

const CANARY: &str = "CANARY-0123456789-0123456789-0123456789";

fn assert_hidden(shown: &str, secrets: &[&str]) {
    for secret in secrets {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[test]
fn no_debug_shows_a_key_a_token_or_a_claim() {
    let key = SigningKey::hmac(Algorithm::Hs256, CANARY).unwrap();
    let verifying = VerifyingKey::hmac(Algorithm::Hs256, CANARY).unwrap();
    let builder = || {
        Jwt::builder(key.clone())
            .payload(r#"{"secret":"CLAIM"}"#)
            .claim("other", "CLAIM")
    };
    let jwt = builder().build().unwrap();
    let mut head = support::get("https://h/?a=b");
    jwt.sign(&mut head, &mut Payload::default()).unwrap();
    let token = token_of(&head);
    let (input, signature) = token.rsplit_once('.').unwrap();
    let verifier = JwtVerifier::builder("r", verifying.clone());
    let set: KeySet = [verifying.clone()].into_iter().collect();
    let shown = format!(
        "{key:?} {verifying:?} {:?} {jwt:?} {head:?} {verifier:?} {set:?}",
        builder()
    );
    assert_hidden(&shown, &["CANARY", "CLAIM", input, signature]);
    assert_hidden(
        &format!("{:?} {:?}", jwt.token().unwrap(), verifier.build().unwrap()),
        &["CANARY", input, signature],
    );
}

#[test]
fn no_debug_of_asap_shows_its_key() {
    let private = pem("rsa.pkcs8");
    let line = private.lines().nth(3).unwrap();
    let builder =
        || Asap::builder("shop", "api", "shop/k", private.as_str()).claims(r#"{"secret":"CLAIM"}"#);
    let asap = builder().build().unwrap();
    let token = token_of(&signed(&asap, "/"));
    let verifier = AsapVerifier::builder("r", "api", support::verifying(Algorithm::Rs256));
    let shown = format!("{:?} {asap:?} {verifier:?}", builder());
    assert_hidden(&shown, &[line, "CLAIM", &token]);
    assert_hidden(&format!("{:?}", verifier.build().unwrap()), &[line]);
}

#[tokio::test]
async fn claims_show_who_and_not_what() {
    let jwt = Jwt::builder(support::signing(Algorithm::Hs256))
        .payload(r#"{"sub":"alice","mail":"CLAIM","exp":1800000000}"#);
    let verifier = support::hs256().sources(now()).build().unwrap();
    let claims = judge(&verifier, &signed(&jwt.build().unwrap(), "/"))
        .await
        .unwrap();
    let shown = format!("{claims:?}");
    assert!(shown.contains("alice") && shown.contains("mail"));
    assert_hidden(&shown, &["CLAIM"]);
    assert_eq!(claims.all().len(), 3);
}

#[test]
fn no_error_shows_what_it_was_given() {
    let broken = pem("rsa.pkcs8").replace("MII", "CANARY");
    let url = format!(
        "data:application/pkcs8;kid=CANARY;base64,{}",
        STANDARD.encode("CANARY")
    );
    let key = || SigningKey::hmac(Algorithm::Hs256, "k").unwrap();
    let errors = [
        SigningKey::pem(Algorithm::Rs256, &broken).unwrap_err(),
        SigningKey::pem(Algorithm::Rs256, "CANARY").unwrap_err(),
        SigningKey::hmac_base64(Algorithm::Hs256, "CANARY!").unwrap_err(),
        SigningKey::hmac(Algorithm::Rs256, CANARY).unwrap_err(),
        SigningKey::data_url(Algorithm::Rs256, &url, "k").unwrap_err(),
        SigningKey::data_url(Algorithm::Rs256, &url, "CANARY").unwrap_err(),
        VerifyingKey::pem(Algorithm::Rs256, &broken).unwrap_err(),
        VerifyingKey::hmac(Algorithm::Hs512, CANARY).unwrap_err(),
        key().sign(r#"{"alg":"CANARY"}"#, b"").unwrap_err(),
        Jwt::builder(key())
            .payload(r#"{"CANARY"}"#)
            .build()
            .unwrap_err(),
        Jwt::builder(key()).prefix("CANARY\n").build().unwrap_err(),
        Asap::builder("shop", "api", "k", "CANARY")
            .build()
            .unwrap_err(),
        Asap::builder("shop", "api", "k", pem("rsa.pkcs8"))
            .claims(r#"["CANARY"]"#)
            .build()
            .unwrap_err(),
        KeySet::from_jwks(r#"{"keys":"CANARY"}"#, &[Algorithm::Rs256]).unwrap_err(),
    ];
    for error in errors {
        assert_hidden(&format!("{error:?} {error}"), &["CANARY"]);
    }
}
