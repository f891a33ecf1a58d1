//! A JSON Web Token by HS256 for each request, with `iat` and `exp` of its own.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use countersign_core::{Payload, Sign};
use countersign_jwt::{Algorithm, Jwt, SigningKey};
use http::header::AUTHORIZATION;
use http::{HeaderValue, Request, request};
use jsonwebtoken::{EncodingKey, Header, encode};
use serde_json::json;

use super::{Work, limit};

const SECRET: &str = "0123456789abcdef0123456789abcdef";
const LIFETIME: u64 = 600;
/// The bytes of the encoded header and payload.
const SIGNED: usize = 36 + 1 + 110;

pub(crate) fn work() -> Work {
    Work::new(
        "JWT HS256, built for each request",
        limit::hmac_sha256(SIGNED),
    )
    .with("countersign", countersign())
    .with("jsonwebtoken", theirs())
}

fn head() -> request::Parts {
    let mut head = Request::get("https://example.com/")
        .body(())
        .unwrap()
        .into_parts()
        .0;
    head.headers.reserve(8);
    head
}

fn countersign() -> impl FnMut() {
    let jwt = Jwt::builder(SigningKey::hmac(Algorithm::Hs256, SECRET).unwrap())
        .payload(r#"{"iss":"alice","aud":"https://example.com"}"#)
        .issued_at()
        .expires_in(Duration::from_secs(LIFETIME))
        .build()
        .unwrap();
    let mut head = head();
    move || {
        jwt.sign(&mut head, &mut Payload::default()).unwrap();
        head.headers.remove(AUTHORIZATION);
    }
}

fn theirs() -> impl FnMut() {
    let (key, header) = (
        EncodingKey::from_secret(SECRET.as_bytes()),
        Header::default(),
    );
    let mut head = head();
    move || {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap()
            .as_secs();
        let claims = json!({"iss": "alice", "aud": "https://example.com", "iat": now, "exp": now + LIFETIME});
        let token = encode(&header, &claims, &key).unwrap();
        let value = HeaderValue::try_from(format!("Bearer {token}")).unwrap();
        head.headers.insert(AUTHORIZATION, value);
        head.headers.remove(AUTHORIZATION);
    }
}
