//! Digest: from a challenge to the header, and once more with the same nonce.

use std::hint::black_box;

use countersign_core::{Cx, Exchange, Payload, Scheme};
use countersign_digest::Digest;
use countersign_oracles::{ready, refusal, sign};
use digest_auth::{AuthContext, HttpMethod};
use diqwest::{DigestAuthCredentials, DigestAuthSession};
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue, Request, request};
use http_auth::{PasswordClient, PasswordParams};

use super::{Work, limit};

const USER: &str = "Mufasa";
const PASSWORD: &str = "Circle of Life";
const TARGET: &str = "/dir/index.html?a=b";

const MD5: &str = r#"Digest realm="api@example.org", qop="auth", algorithm=MD5, nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS""#;
const SHA256: &str = r#"Digest realm="api@example.org", qop="auth", algorithm=SHA-256, nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS""#;

/// H(A1) and H(A2) take one compression each; the response takes three with MD5 and four with SHA-256, of which the
/// first depends on the nonce alone and can be kept.
pub(crate) fn works() -> [Work; 4] {
    [
        first(
            Work::new("Digest MD5, challenge and response", limit::md5::<5>()),
            MD5,
        ),
        again(Work::new("Digest MD5, nonce reuse", limit::md5::<3>()), MD5)
            .with("diqwest", diqwest_again()),
        first(
            Work::new(
                "Digest SHA-256, challenge and response",
                limit::sha256::<6>(),
            ),
            SHA256,
        ),
        again(
            Work::new("Digest SHA-256, nonce reuse", limit::sha256::<4>()),
            SHA256,
        ),
    ]
}

fn first(work: Work, challenge: &'static str) -> Work {
    let work = work.with("countersign", countersign_first(challenge));
    let mut head = head();
    let work = work.with("http-auth", move || {
        let mut client = PasswordClient::try_from(black_box(challenge)).unwrap();
        put(&mut head, client.respond(&params()).unwrap());
    });
    let mut head = self::head();
    work.with("digest_auth", move || {
        let mut prompt = digest_auth::parse(black_box(challenge)).unwrap();
        put(&mut head, prompt.respond(&context()).unwrap().to_string());
    })
}

fn again(work: Work, challenge: &'static str) -> Work {
    let work = work.with("countersign", countersign_again(challenge));
    let (mut head, mut client) = (head(), PasswordClient::try_from(challenge).unwrap());
    let work = work.with("http-auth", move || {
        put(&mut head, client.respond(&params()).unwrap());
    });
    let (mut head, mut prompt) = (self::head(), digest_auth::parse(challenge).unwrap());
    work.with("digest_auth", move || {
        put(&mut head, prompt.respond(&context()).unwrap().to_string());
    })
}

fn head() -> request::Parts {
    let request = Request::get(format!("https://www.example.org{TARGET}")).header("accept", "*/*");
    let mut head = request.body(()).unwrap().into_parts().0;
    put(&mut head, "makes room in the map".to_owned());
    head
}

/// Into the head and out again, so that each run finds it as the one before.
fn put(head: &mut request::Parts, value: String) {
    let value = HeaderValue::try_from(value).unwrap();
    head.headers.insert(AUTHORIZATION, value);
    black_box(head).headers.remove(AUTHORIZATION);
}

fn countersign_first(challenge: &'static str) -> impl FnMut() {
    let digest = Digest::new(USER, PASSWORD).unwrap();
    let refused = refusal(HeaderValue::from_static(challenge));
    let (mut head, mut body) = (head(), Payload::default());
    move || {
        let mut exchange = ready(digest.begin(Cx::new(&head, None).refused(&refused))).unwrap();
        exchange.prepare(&mut head, &mut body).unwrap();
        black_box(&mut head).headers.remove(AUTHORIZATION);
    }
}

fn countersign_again(challenge: &'static str) -> impl FnMut() {
    let digest = Digest::new(USER, PASSWORD).unwrap();
    let refused = refusal(HeaderValue::from_static(challenge));
    let (mut head, mut body) = (head(), Payload::default());
    ready(digest.begin(Cx::new(&head, None).refused(&refused))).unwrap();
    move || {
        sign(&digest, &mut head, &mut body).unwrap();
        black_box(&mut head).headers.remove(AUTHORIZATION);
    }
}

fn params() -> PasswordParams<'static> {
    PasswordParams {
        username: USER,
        password: PASSWORD,
        uri: TARGET,
        method: "GET",
        body: None,
    }
}

fn context() -> AuthContext<'static> {
    AuthContext::new(USER, PASSWORD, TARGET)
}

/// What diqwest does before it sends. It knows no algorithm but MD5 by then.
fn diqwest_again() -> impl FnMut() {
    let session = DigestAuthSession::new(USER, PASSWORD);
    (&session).store_context("www.example.org", MD5).unwrap();
    let mut head = head();
    move || {
        let none = HeaderMap::new();
        let answer = (&session).calculate_authorization(
            "www.example.org",
            TARGET,
            HttpMethod::GET,
            None,
            &none,
        );
        put(&mut head, answer.unwrap().to_header_string());
    }
}
