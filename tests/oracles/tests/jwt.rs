//! JSON Web Tokens beside jsonwebtoken: each accepts the other's tokens, and refuses what the other would; where an
//! algorithm makes one signature only, the tokens are the same to the byte.
//!
//! The peer has no ES512.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::time::{SystemTime, UNIX_EPOCH};

use countersign_core::Payload;
use countersign_jwt::{Algorithm, Jwt, JwtVerifier, SigningKey, VerifyingKey};
use countersign_oracles::judge;
use http::Request;
use jsonwebtoken::{DecodingKey, EncodingKey, Header, Validation, decode, encode};
use proptest::prelude::*;
use serde_json::{Value, json};

const SECRET: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

const ALGORITHMS: [Algorithm; 11] = [
    Algorithm::Hs256,
    Algorithm::Hs384,
    Algorithm::Hs512,
    Algorithm::Rs256,
    Algorithm::Rs384,
    Algorithm::Rs512,
    Algorithm::Ps256,
    Algorithm::Ps384,
    Algorithm::Ps512,
    Algorithm::Es256,
    Algorithm::Es384,
];

struct Keys {
    signing: SigningKey,
    verifying: VerifyingKey,
    encoding: EncodingKey,
    decoding: DecodingKey,
}

impl Keys {
    fn of(algorithm: Algorithm) -> Self {
        match &algorithm.name()[..2] {
            "HS" => Self {
                signing: SigningKey::hmac(algorithm, SECRET).unwrap(),
                verifying: VerifyingKey::hmac(algorithm, SECRET).unwrap(),
                encoding: EncodingKey::from_secret(SECRET.as_bytes()),
                decoding: DecodingKey::from_secret(SECRET.as_bytes()),
            },
            "ES" => {
                let name = if algorithm == Algorithm::Es256 {
                    "p256"
                } else {
                    "p384"
                };
                let (private, public) = pem(name);
                Self {
                    encoding: EncodingKey::from_ec_pem(private.as_bytes()).unwrap(),
                    decoding: DecodingKey::from_ec_pem(public.as_bytes()).unwrap(),
                    ..Self::ours(algorithm, &private, &public)
                }
            }
            _ => {
                let (private, public) = pem("rsa");
                Self::ours(algorithm, &private, &public)
            }
        }
    }

    fn ours(algorithm: Algorithm, private: &str, public: &str) -> Self {
        let (rsa, rsa_public) = pem("rsa");
        Self {
            signing: SigningKey::pem(algorithm, private).unwrap(),
            verifying: VerifyingKey::pem(algorithm, public).unwrap(),
            encoding: EncodingKey::from_rsa_pem(rsa.as_bytes()).unwrap(),
            decoding: DecodingKey::from_rsa_pem(rsa_public.as_bytes()).unwrap(),
        }
    }
}

fn pem(name: &str) -> (String, String) {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../crates/countersign-jwt/tests/data"
    );
    let read = |kind: &str| std::fs::read_to_string(format!("{folder}/{name}.{kind}.pem")).unwrap();
    (read("pkcs8"), read("pub"))
}

fn theirs(algorithm: Algorithm) -> jsonwebtoken::Algorithm {
    algorithm.name().parse().unwrap()
}

fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs()
}

/// What ours says of a token.
fn accepts(key: VerifyingKey, token: &str) -> bool {
    let verifier = JwtVerifier::builder("r", key)
        .audience("us")
        .build()
        .unwrap();
    let request = Request::get("/").header("authorization", format!("Bearer {token}"));
    let (head, ()) = request.body(()).unwrap().into_parts();
    judge(&verifier, &head, &Payload::default()).is_ok()
}

/// What the peer says of it, by the same rules.
fn they_accept(algorithm: Algorithm, key: &DecodingKey, token: &str) -> bool {
    let mut rules = Validation::new(theirs(algorithm));
    rules.set_audience(&["us"]);
    rules.set_required_spec_claims(&["exp", "aud"]);
    rules.validate_nbf = true;
    decode::<Value>(token, key, &rules).is_ok()
}

fn signed(key: SigningKey, payload: &Value) -> String {
    let header = format!(r#"{{"typ":"JWT","alg":"{}"}}"#, key.algorithm().name());
    let jwt = Jwt::builder(key).header(header).payload_value(payload);
    let token = jwt.build().unwrap().token().unwrap();
    token.expose_str().unwrap().to_owned()
}

#[test]
fn each_accepts_the_other() {
    for algorithm in ALGORITHMS {
        let keys = Keys::of(algorithm);
        let payload = json!({"sub": "é \" alice", "aud": "us", "exp": now() + 600});
        let ours = signed(keys.signing, &payload);
        assert!(
            they_accept(algorithm, &keys.decoding, &ours),
            "{algorithm:?}"
        );
        let theirs = encode(
            &Header::new(self::theirs(algorithm)),
            &payload,
            &keys.encoding,
        )
        .unwrap();
        assert!(accepts(keys.verifying, &theirs), "{algorithm:?}");
        if matches!(&algorithm.name()[..2], "HS" | "RS") {
            assert_eq!(ours, theirs, "{algorithm:?}");
        }
    }
}

/// A time that is well past, at hand, or well ahead; both give a minute of grace.
fn time() -> impl Strategy<Value = Option<i64>> {
    prop::option::of(prop::sample::select(vec![-600, -100, -30, 0, 30, 100, 600]))
}

fn claims() -> impl Strategy<Value = Value> {
    let audience = prop::sample::select(vec![
        json!("us"),
        json!("them"),
        json!(["them", "us"]),
        json!([]),
        Value::Null,
    ]);
    (time(), time(), audience).prop_map(|(expires, begins, audience)| {
        let mut claims = json!({"sub": "alice"});
        let mut set = |name: &str, offset: Option<i64>| {
            if let Some(offset) = offset {
                claims[name] = now().saturating_add_signed(offset).into();
            }
        };
        set("exp", expires);
        set("nbf", begins);
        if !audience.is_null() {
            claims["aud"] = audience;
        }
        claims
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..Default::default() })]

    #[test]
    fn they_judge_claims_alike(claims in claims()) {
        let keys = Keys::of(Algorithm::Hs256);
        let token = signed(keys.signing, &claims);
        prop_assert_eq!(accepts(keys.verifying, &token), they_accept(Algorithm::Hs256, &keys.decoding, &token));
    }

    #[test]
    fn they_refuse_what_was_changed(at in any::<prop::sample::Index>(), byte in "[A-Za-z0-9._=+/-]") {
        let keys = Keys::of(Algorithm::Hs256);
        let token = signed(keys.signing, &json!({"aud": "us", "exp": now() + 600}));
        let at = at.index(token.len());
        let mut changed = token.clone();
        changed.replace_range(at..=at, &byte);
        let same = changed == token;
        prop_assert_eq!(they_accept(Algorithm::Hs256, &keys.decoding, &changed), same);
        prop_assert_eq!(accepts(keys.verifying, &changed), same);
    }
}
