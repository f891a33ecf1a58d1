//! Published tokens, each stage of them: RFC 7515 appendix A, RFC 7520 section 4.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use countersign_jwt::{Algorithm, KeySet, Keys, SigningKey, VerifyingKey};
use serde_json::{Value, json};
use support::encode;

struct Vector(Value);

impl Vector {
    fn text(&self, name: &str) -> &str {
        self.0[name].as_str().unwrap()
    }

    fn algorithm(&self) -> Algorithm {
        self.text("algorithm").parse().unwrap()
    }

    fn secret(&self) -> Option<Vec<u8>> {
        let secret = self.0["secret"].as_str()?;
        Some(URL_SAFE_NO_PAD.decode(secret).unwrap())
    }

    fn signing_key(&self) -> SigningKey {
        match self.secret() {
            Some(_) => SigningKey::hmac_base64(self.algorithm(), self.text("secret")).unwrap(),
            None => SigningKey::pem(self.algorithm(), self.text("private_key")).unwrap(),
        }
    }

    async fn verifying_key(&self) -> VerifyingKey {
        if let Some(secret) = self.secret() {
            return VerifyingKey::hmac(self.algorithm(), secret).unwrap();
        }
        let set = json!({"keys": [self.0["public_jwk"]]}).to_string();
        let keys = KeySet::from_jwks(&set, &[self.algorithm()]).unwrap();
        let [key] = keys.find(None).await.unwrap().try_into().unwrap();
        key
    }
}

fn vectors() -> Vec<Vector> {
    let all: Vec<Value> = serde_json::from_str(include_str!("vectors/jws.json")).unwrap();
    assert_eq!(all.len(), 8);
    all.into_iter().map(Vector).collect()
}

#[test]
fn each_stage_of_signing() {
    for vector in vectors() {
        let id = vector.text("id");
        let (header, payload) = (vector.text("header"), vector.text("payload"));
        let token = vector
            .signing_key()
            .sign(header, payload.as_bytes())
            .unwrap();
        let token = token.expose_str().unwrap();
        let (input, signature) = token.rsplit_once('.').unwrap();
        assert_eq!(encode(header), vector.text("encoded_header"), "{id}");
        assert_eq!(encode(payload), vector.text("encoded_payload"), "{id}");
        assert_eq!(input, vector.text("signing_input"), "{id}");
        assert_eq!(signature.len(), vector.text("signature").len(), "{id}");
        if vector.0["reproducible"] == true {
            assert_eq!(signature, vector.text("signature"), "{id}");
            assert_eq!(token, vector.text("token"), "{id}");
        }
    }
}

#[tokio::test]
async fn each_is_verified_by_its_key_alone() {
    for vector in vectors() {
        let key = vector.verifying_key().await;
        let found = key.payload(vector.text("token")).unwrap();
        assert_eq!(found, vector.text("payload").as_bytes());
        for other in vectors()
            .iter()
            .filter(|other| other.text("id") != vector.text("id"))
        {
            assert_eq!(key.payload(other.text("token")), None);
        }
    }
}

#[tokio::test]
async fn what_is_signed_anew_is_verified_too() {
    for vector in vectors() {
        let token = vector
            .signing_key()
            .sign(vector.text("header"), b"other")
            .unwrap();
        let found = vector
            .verifying_key()
            .await
            .payload(token.expose_str().unwrap());
        assert_eq!(
            found.as_deref(),
            Some(b"other".as_slice()),
            "{}",
            vector.text("id")
        );
    }
}

/// RFC 7515 appendix A.5.
#[tokio::test]
async fn an_unsecured_token_is_never_verified() {
    let token = "eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt\
                 cGxlLmNvbS9pc19yb290Ijp0cnVlfQ.";
    for vector in vectors() {
        assert_eq!(vector.verifying_key().await.payload(token), None);
    }
}
