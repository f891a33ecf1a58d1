//! What the tests share: test keys, a clock that can be set, requests and verdicts.
#![allow(dead_code)]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use countersign_core::verify::{Reason, Verdict, Verify};
use countersign_core::{Clock, Payload, Sign, Sources};
use countersign_jwt::{
    Algorithm, Claims, JwtVerifier, JwtVerifierBuilder, Keys, SigningKey, VerifyingKey,
};
use http::{Request, request};

pub(crate) const NOW: u64 = 1_700_000_000;
pub(crate) const SECRET: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// A clock that can be set, in nanoseconds since the Unix epoch.
#[derive(Debug)]
pub(crate) struct Hands(AtomicU64);

impl Hands {
    pub(crate) fn at(seconds: u64) -> Arc<Self> {
        Arc::new(Self(AtomicU64::new(seconds * 1_000_000_000)))
    }

    pub(crate) fn set(&self, time: Duration) {
        self.0
            .store(u64::try_from(time.as_nanos()).unwrap(), Ordering::SeqCst);
    }

    pub(crate) fn sources(self: &Arc<Self>) -> Sources {
        Sources {
            clock: Arc::clone(self) as Arc<dyn Clock>,
            ..Sources::default()
        }
    }
}

impl Clock for Hands {
    fn now(&self) -> Duration {
        Duration::from_nanos(self.0.load(Ordering::SeqCst))
    }
}

pub(crate) fn now() -> Sources {
    Hands::at(NOW).sources()
}

pub(crate) fn pem(name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data");
    std::fs::read_to_string(format!("{folder}/{name}.pem")).unwrap()
}

/// The name of the test key that an algorithm takes; none for a secret.
pub(crate) fn key_name(algorithm: Algorithm) -> Option<&'static str> {
    match algorithm {
        Algorithm::Hs256 | Algorithm::Hs384 | Algorithm::Hs512 => None,
        Algorithm::Es256 => Some("p256"),
        Algorithm::Es384 => Some("p384"),
        Algorithm::Es512 => Some("p521"),
        _ => Some("rsa"),
    }
}

pub(crate) fn signing(algorithm: Algorithm) -> SigningKey {
    match key_name(algorithm) {
        None => SigningKey::hmac(algorithm, SECRET).unwrap(),
        Some(name) => SigningKey::pem(algorithm, pem(&format!("{name}.pkcs8"))).unwrap(),
    }
}

pub(crate) fn verifying(algorithm: Algorithm) -> VerifyingKey {
    match key_name(algorithm) {
        None => VerifyingKey::hmac(algorithm, SECRET).unwrap(),
        Some(name) => VerifyingKey::pem(algorithm, pem(&format!("{name}.pub"))).unwrap(),
    }
}

pub(crate) fn get(uri: &str) -> request::Parts {
    Request::get(uri).body(()).unwrap().into_parts().0
}

pub(crate) fn with_line(line: &[u8]) -> request::Parts {
    let request = Request::get("/").header("authorization", line);
    request.body(()).unwrap().into_parts().0
}

pub(crate) fn with_token(token: &str) -> request::Parts {
    with_line(format!("Bearer {token}").as_bytes())
}

pub(crate) fn signed(scheme: &impl Sign, uri: &str) -> request::Parts {
    let mut head = get(uri);
    scheme.sign(&mut head, &mut Payload::default()).unwrap();
    head
}

/// The token in the header of a request.
pub(crate) fn token_of(head: &request::Parts) -> String {
    let line = head.headers["authorization"].to_str().unwrap();
    line.rsplit(' ').next().unwrap().to_owned()
}

/// The decoded header and payload of a token.
pub(crate) fn parts_of(token: &str) -> (String, String) {
    let mut parts = token
        .split('.')
        .map(|part| URL_SAFE_NO_PAD.decode(part).unwrap_or_default());
    let mut next = || String::from_utf8(parts.next().unwrap()).unwrap();
    (next(), next())
}

pub(crate) fn encode(text: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

/// A token of any header and payload, signed by HMAC with SHA-256.
pub(crate) fn forged(secret: &[u8], header: impl AsRef<[u8]>, payload: impl AsRef<[u8]>) -> String {
    let input = [encode(header), encode(payload)].join(".");
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, secret);
    let signature = encode(aws_lc_rs::hmac::sign(&key, input.as_bytes()));
    [input, signature].join(".")
}

/// A token that is right but for these claims, signed with [`SECRET`].
pub(crate) fn claiming(payload: &str) -> String {
    forged(SECRET.as_bytes(), r#"{"alg":"HS256"}"#, payload)
}

/// A verifier at [`NOW`], less what the test adds.
pub(crate) fn builder(keys: impl Keys) -> JwtVerifierBuilder {
    JwtVerifier::builder("r", keys).sources(now())
}

pub(crate) fn hs256() -> JwtVerifierBuilder {
    builder(verifying(Algorithm::Hs256))
}

pub(crate) async fn judge(
    verifier: &impl Verify<Principal = Claims>,
    head: &request::Parts,
) -> Result<Claims, Reason> {
    match verifier.verify(head, &Payload::default()).await.unwrap() {
        Verdict::Accept(accepted) => Ok(accepted.principal),
        Verdict::Refuse(refusal) => Err(refusal.reason),
    }
}

pub(crate) async fn challenge(
    verifier: &impl Verify<Principal = Claims>,
    head: &request::Parts,
) -> (Reason, String) {
    match verifier.verify(head, &Payload::default()).await.unwrap() {
        Verdict::Accept(_) => panic!("accepted"),
        Verdict::Refuse(refusal) => {
            let [challenge] = refusal.challenges.as_slice() else {
                panic!("one challenge")
            };
            (refusal.reason, challenge.to_str().unwrap().to_owned())
        }
    }
}
