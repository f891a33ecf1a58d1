//! Fixed values of other programs, where their collections lie beside the repository.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use std::time::Duration;

use countersign_jwt::{Algorithm, Jwt, JwtBuilder, SigningKey};
use countersign_testkit::{beside, postman};
use serde_json::Value;
use support::{now, signed};

fn of_postman(params: &Value, keys: &Value) -> Jwt {
    let text = |name: &str| params[name].as_str();
    let algorithm: Algorithm = text("algorithm").unwrap().parse().unwrap();
    let key = match text("privateKey") {
        Some(name) => SigningKey::pem(
            algorithm,
            keys[name.strip_prefix("@keys.").unwrap()].as_str().unwrap(),
        ),
        None => SigningKey::hmac(algorithm, text("secret").unwrap()),
    };
    let builder = Jwt::builder(key.unwrap()).payload(text("payload").unwrap());
    let in_query = |builder: JwtBuilder| builder.in_query(text("queryParamKey").unwrap_or("token"));
    match text("addTokenTo") {
        Some("queryParam") => in_query(builder).build().unwrap(),
        _ => builder.build().unwrap(),
    }
}

#[test]
fn postman_sends_the_same() {
    let Some(all) = postman() else {
        return;
    };
    let vectors = all["vectors"].as_array().unwrap();
    let mut count = 0;
    for vector in vectors.iter().filter(|vector| vector["auth"] == "jwt") {
        let head = signed(
            &of_postman(&vector["params"], &all["keys"]),
            vector["request"]["url"].as_str().unwrap(),
        );
        assert_eq!(head.uri, vector["expect"]["url"].as_str().unwrap());
        let line = head
            .headers
            .get("authorization")
            .map(|line| line.to_str().unwrap());
        assert_eq!(
            line,
            vector["expect"]["headers"][0][1].as_str(),
            "{}",
            vector["id"]
        );
        count += 1;
    }
    assert!(count >= 2);
}

fn assertion(vector: &Value, private_key: &str) -> Jwt {
    let claims = &vector["claims"];
    let (key, header) = match vector["kind"].as_str().unwrap() {
        "client_secret_jwt" => {
            let key = SigningKey::hmac(Algorithm::Hs256, vector["key"].as_str().unwrap());
            (key, r#"{"alg": "HS256", "typ": "JWT"}"#)
        }
        _ => (
            SigningKey::pem(Algorithm::Rs256, private_key),
            r#"{"alg": "RS256", "kid": "k1", "typ": "JWT"}"#,
        ),
    };
    let given = |builder: JwtBuilder, name: &str| builder.claim(name, claims[name].clone());
    let builder = ["iss", "sub", "aud", "jti"]
        .into_iter()
        .fold(Jwt::builder(key.unwrap()).header(header), given);
    builder
        .issued_at()
        .expires_in(Duration::from_secs(60))
        .sources(now())
        .build()
        .unwrap()
}

#[test]
fn client_assertions_are_the_same() {
    let Some(all) = beside("vectors/oauth2.json") else {
        return;
    };
    let private_key = all["meta"]["rsa_private_key"].as_str().unwrap();
    let vectors = all["vectors"].as_array().unwrap().iter();
    let mut count = 0;
    for vector in vectors.filter(|vector| vector["jwt"].is_string()) {
        let token = assertion(vector, private_key).token().unwrap();
        assert_eq!(
            token.expose_str(),
            vector["jwt"].as_str(),
            "{}",
            vector["id"]
        );
        count += 1;
    }
    assert!(count >= 10);
}
