//! Where the server finds its keys: in a key set, at hand or fetched.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use countersign_core::verify::{Reason, Verify};
use countersign_core::{Begin, ErrorKind, Fetch, Payload};
use countersign_jwt::{Algorithm, Jwt, JwtVerifier, KeySet, RemoteKeys};
use http::{Request, Response};
use serde_json::{Value, json};
use support::{Hands, NOW, builder, encode, judge, pem, signed, signing, verifying, with_token};

/// The public key of a test key as JWK.
fn jwk(name: &str) -> Value {
    let der = pem::parse(pem(&format!("{name}.pub")))
        .unwrap()
        .into_contents();
    let point = |curve, width| {
        let (x, y) = der[der.len() - 2 * width..].split_at(width);
        json!({"kty": "EC", "crv": curve, "x": encode(x), "y": encode(y)})
    };
    match name {
        "p256" => point("P-256", 32),
        "p384" => point("P-384", 48),
        "p521" => point("P-521", 66),
        // The modulus of 2048 bits stands before the exponent 65537, which takes five bytes with its head.
        _ => json!({"kty": "RSA", "e": "AQAB", "n": encode(&der[der.len() - 261..der.len() - 5])}),
    }
}

fn with(mut jwk: Value, name: &str, value: Value) -> Value {
    jwk[name] = value;
    jwk
}

fn named(jwk: Value, kid: &str) -> Value {
    with(jwk, "kid", kid.into())
}

fn set(keys: &[Value]) -> String {
    json!({"keys": keys}).to_string()
}

fn asymmetric() -> Vec<Algorithm> {
    Algorithm::ALL
        .into_iter()
        .filter(|algorithm| !algorithm.is_symmetric())
        .collect()
}

fn alice(algorithm: Algorithm, kid: Option<&str>) -> Jwt {
    let builder = Jwt::builder(signing(algorithm))
        .claim("sub", "alice")
        .claim("exp", NOW + 60);
    match kid {
        Some(kid) => builder.key_id(kid).build().unwrap(),
        None => builder.build().unwrap(),
    }
}

async fn accepts(verifier: &JwtVerifier, jwt: &Jwt) -> bool {
    judge(verifier, &signed(jwt, "/")).await.is_ok()
}

#[tokio::test]
async fn a_key_set_verifies_what_it_was_told_to() {
    let all = set(&["rsa", "p256", "p384", "p521"].map(jwk));
    let verifier = builder(KeySet::from_jwks(&all, &asymmetric()).unwrap())
        .build()
        .unwrap();
    for algorithm in asymmetric() {
        assert!(
            accepts(&verifier, &alice(algorithm, None)).await,
            "{algorithm}"
        );
        assert!(
            accepts(&verifier, &alice(algorithm, Some("unnamed"))).await,
            "{algorithm}"
        );
    }
    let one = builder(KeySet::from_jwks(&all, &[Algorithm::Ps256]).unwrap())
        .build()
        .unwrap();
    for algorithm in asymmetric() {
        assert_eq!(
            accepts(&one, &alice(algorithm, None)).await,
            algorithm == Algorithm::Ps256
        );
    }
}

#[tokio::test]
async fn what_a_key_says_of_itself_counts() {
    let rows = [
        (jwk("rsa"), true),
        (with(jwk("rsa"), "alg", "RS256".into()), true),
        (with(jwk("rsa"), "alg", "PS256".into()), false),
        (with(jwk("rsa"), "use", "sig".into()), true),
        (with(jwk("rsa"), "use", "enc".into()), false),
        (with(jwk("rsa"), "key_ops", json!(["verify"])), true),
        (with(jwk("rsa"), "key_ops", json!(["sign"])), false),
    ];
    for (key, expected) in rows {
        let text = set(&[key.clone(), jwk("p256")]);
        let keys = KeySet::from_jwks(&text, &[Algorithm::Rs256, Algorithm::Es256]).unwrap();
        let verifier = builder(keys).build().unwrap();
        assert_eq!(
            accepts(&verifier, &alice(Algorithm::Rs256, None)).await,
            expected,
            "{key}"
        );
    }
}

/// RFC 7518 section 6.2.1.2: each half has the full length, or one point would have many spellings.
#[test]
fn the_halves_of_a_point_have_one_length() {
    let der = pem::parse(pem("p256.pub")).unwrap().into_contents();
    let point = &der[der.len() - 64..];
    for (middle, expected) in [(32, true), (31, false), (33, false), (0, false)] {
        let (x, y) = point.split_at(middle);
        let jwk = json!({"kty": "EC", "crv": "P-256", "x": encode(x), "y": encode(y)});
        let keys = KeySet::from_jwks(&set(&[jwk]), &[Algorithm::Es256]);
        assert_eq!(keys.is_ok(), expected, "{middle}");
    }
}

#[tokio::test]
async fn a_name_is_exact_and_may_be_left_out_by_the_token() {
    let verifier = builder(verifying(Algorithm::Es256).key_id("k1"))
        .build()
        .unwrap();
    for (kid, expected) in [
        (Some("k1"), true),
        (None, true),
        (Some("K1"), false),
        (Some(""), false),
    ] {
        assert_eq!(
            accepts(&verifier, &alice(Algorithm::Es256, kid)).await,
            expected
        );
    }
}

/// A key endpoint: what it answers, and how often it was asked.
#[derive(Clone, Default)]
struct Endpoint(Arc<(Mutex<(u16, String)>, AtomicUsize)>);

impl Endpoint {
    fn answers(&self, status: u16, text: impl Into<String>) {
        *self.0.0.lock().unwrap() = (status, text.into());
    }

    fn asked(&self) -> usize {
        self.0.1.load(Ordering::SeqCst)
    }
}

impl Fetch for Endpoint {
    fn fetch(&self, request: Request<Bytes>) -> Begin<Response<Bytes>> {
        assert_eq!(request.uri(), "https://id.example/keys");
        assert!(request.headers().contains_key("accept") && request.body().is_empty());
        self.0.1.fetch_add(1, Ordering::SeqCst);
        let (status, text) = self.0.0.lock().unwrap().clone();
        Begin::wait(async move {
            tokio::task::yield_now().await;
            let answer = Response::builder().status(status);
            Ok(answer.body(text.into()).unwrap())
        })
    }
}

struct Remote {
    endpoint: Endpoint,
    hands: Arc<Hands>,
    verifier: JwtVerifier,
}

impl Remote {
    fn new(status: u16, text: impl Into<String>) -> Self {
        let (endpoint, hands) = (Endpoint::default(), Hands::at(NOW));
        endpoint.answers(status, text);
        let keys = RemoteKeys::new(
            "https://id.example/keys",
            endpoint.clone(),
            &[Algorithm::Es256],
        )
        .unwrap();
        let verifier = builder(keys.sources(hands.sources())).build().unwrap();
        Self {
            endpoint,
            hands,
            verifier,
        }
    }

    fn after(&self, seconds: u64) {
        self.hands.set(Duration::from_secs(NOW + seconds));
    }

    async fn accepts(&self, kid: &str) -> bool {
        accepts(&self.verifier, &alice(Algorithm::Es256, Some(kid))).await
    }
}

#[tokio::test]
async fn a_remote_set_is_fetched_once_for_all() {
    let remote = Remote::new(200, set(&[named(jwk("p256"), "k1")]));
    let head = signed(&alice(Algorithm::Es256, Some("k1")), "/");
    let nothing = Payload::default();
    let (a, b) = (
        remote.verifier.verify(&head, &nothing),
        remote.verifier.verify(&head, &nothing),
    );
    assert_eq!(
        remote.endpoint.asked(),
        0,
        "nothing is fetched before it is needed"
    );
    let (a, b) = tokio::join!(a, b);
    assert!(a.is_ok() && b.is_ok());
    assert_eq!(remote.endpoint.asked(), 1);
    remote.after(599);
    assert!(remote.accepts("k1").await);
    assert_eq!(remote.endpoint.asked(), 1);
    remote.after(600);
    assert!(remote.accepts("k1").await);
    assert_eq!(remote.endpoint.asked(), 2);
}

#[tokio::test]
async fn an_unknown_name_fetches_once_in_a_while() {
    let remote = Remote::new(200, set(&[named(jwk("p256"), "k1")]));
    for name in 0..50 {
        assert!(!remote.accepts(&format!("n{name}")).await);
    }
    assert_eq!(remote.endpoint.asked(), 1);
    remote
        .endpoint
        .answers(200, set(&[named(jwk("p256"), "k2")]));
    remote.after(59);
    assert!(!remote.accepts("k2").await);
    remote.after(60);
    assert!(remote.accepts("k2").await);
    assert!(
        !remote.accepts("k1").await,
        "a key that is gone is not trusted"
    );
    assert_eq!(remote.endpoint.asked(), 2);
}

#[tokio::test]
async fn an_endpoint_that_is_down_lets_nobody_in_and_is_not_hammered() {
    let remote = Remote::new(503, set(&[named(jwk("p256"), "k1")]));
    let head = signed(&alice(Algorithm::Es256, Some("k1")), "/");
    for _ in 0..20 {
        let failed = remote.verifier.verify(&head, &Payload::default()).await;
        assert_eq!(failed.unwrap_err().kind(), ErrorKind::Fetch);
    }
    assert_eq!(remote.endpoint.asked(), 1);
    let remote = Remote::new(200, "no set");
    let failed = remote.verifier.verify(&head, &Payload::default()).await;
    assert_eq!(failed.unwrap_err().kind(), ErrorKind::Fetch);
}

#[tokio::test]
async fn an_old_set_stands_in_for_an_hour() {
    let remote = Remote::new(200, set(&[named(jwk("p256"), "k1")]));
    let lasting = Jwt::builder(signing(Algorithm::Es256))
        .claim("exp", NOW + 9000)
        .key_id("k1")
        .build()
        .unwrap();
    let head = signed(&lasting, "/");
    let nothing = Payload::default();
    assert!(remote.verifier.verify(&head, &nothing).await.is_ok());
    remote.endpoint.answers(503, "");
    remote.after(3599);
    assert!(judge(&remote.verifier, &head).await.is_ok());
    remote.after(3600);
    assert!(remote.verifier.verify(&head, &nothing).await.is_err());
}

#[tokio::test]
async fn a_token_that_is_none_fetches_nothing() {
    let remote = Remote::new(503, "");
    assert_eq!(
        judge(&remote.verifier, &with_token("a.b.c")).await,
        Err(Reason::Rejected)
    );
    assert_eq!(remote.endpoint.asked(), 0);
}

#[test]
fn a_set_is_fetched_from_a_safe_place() {
    let new = |url: &str| RemoteKeys::new(url, Endpoint::default(), &[Algorithm::Es256]);
    for url in [
        "http://id.example/keys",
        "/keys",
        "",
        "id.example",
        "ftp://id.example/",
    ] {
        assert_eq!(
            new(url).unwrap_err().kind(),
            ErrorKind::Configuration,
            "{url}"
        );
    }
    assert!(new("http://127.0.0.1:1/keys").is_ok() && new("https://id.example/keys").is_ok());
    for none in [&[][..], &[Algorithm::Hs256]] {
        assert!(RemoteKeys::new("https://id.example/", Endpoint::default(), none).is_err());
    }
}
