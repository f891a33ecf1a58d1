//! JWT: the token that jwt.io shows, with `iat` from the clock.

use countersign_core::Any;
use countersign_jwt::{Algorithm, Jwt, JwtBuilder, SigningKey};
use countersign_testkit::pinned;

use crate::entry::{Entry, post};

const SECRETS: [&str; 2] = [
    "a-string-secret-at-least-256-bits-long",
    "a-string-secret-at-least-256-bits-lang",
];

fn jwt(secret: &str) -> JwtBuilder {
    Jwt::builder(SigningKey::hmac(Algorithm::Hs256, secret).unwrap())
        .header(r#"{"alg": "HS256", "typ": "JWT"}"#)
        .payload(r#"{"sub": "1234567890", "name": "John Doe", "admin": true}"#)
        .issued_at()
        .sources(pinned(1_516_239_022))
}

pub(crate) fn entries() -> Vec<Entry> {
    let request = post("http://a.test/?a=b", "text/plain", "body");
    vec![
        Entry::new("in the header", SECRETS, request.clone(), |secret, _| {
            Any::new(jwt(secret).build().unwrap())
        })
        .accepted(
            "authorization",
            "Bearer eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4g\
             RG9lIiwiYWRtaW4iOnRydWUsImlhdCI6MTUxNjIzOTAyMn0.KMUFsIDTnFmyG3nMiGM6H9FNFUROf3wh7SmqJp-QV30",
        ),
        Entry::new("in the query", SECRETS, request, |secret, _| {
            Any::new(jwt(secret).in_query("token").build().unwrap())
        })
        .accepted_at(
            "/?a=b&token=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4g\
             RG9lIiwiYWRtaW4iOnRydWUsImlhdCI6MTUxNjIzOTAyMn0.KMUFsIDTnFmyG3nMiGM6H9FNFUROf3wh7SmqJp-QV30",
        ),
    ]
}
