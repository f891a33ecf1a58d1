//! The server layer in axum.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

use axum::body::Body;
use axum::{Extension, Router, routing::get};
use countersign_basic::{BasicVerifier, MemoryAccounts};
use countersign_core::verify::{Answer, AnyVerifier, Reason, Verdict, Verify, any_of};
use countersign_core::{Begin, Error, ErrorKind, Payload};
use countersign_tower::{Verified, VerifyLayer};
use http::{HeaderValue, Request, Response, StatusCode, request, response};
use http_body_util::BodyExt;
use tower::ServiceExt;

async fn hello(Extension(user): Extension<Verified<String>>) -> String {
    format!("{} by {}", user.principal(), user.scheme())
}

fn app<V: Verify<Principal = String>>(layer: VerifyLayer<V>) -> Router {
    Router::new()
        .route("/", get(hello).options(|| async { "preflight" }).put(hello))
        .layer(layer)
}

fn basic() -> BasicVerifier<MemoryAccounts> {
    BasicVerifier::new("cave", MemoryAccounts::new([("Aladdin", "open sesame")])).unwrap()
}

async fn ask(app: Router, request: request::Builder) -> (StatusCode, Response<String>) {
    send(app, request.body(Body::empty()).unwrap()).await
}

async fn send(app: Router, request: Request<Body>) -> (StatusCode, Response<String>) {
    let (parts, body) = app.oneshot(request).await.unwrap().into_parts();
    let text = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
    (parts.status, Response::from_parts(parts, text))
}

const RIGHT: &str = "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==";

#[tokio::test]
async fn only_verified_requests_reach_the_handler() {
    let app = app(VerifyLayer::new(basic()));
    let (status, response) = ask(
        app.clone(),
        Request::get("/").header("authorization", RIGHT),
    )
    .await;
    assert_eq!(
        (status, &**response.body()),
        (StatusCode::OK, "Aladdin by basic")
    );
    for (value, expected) in [
        (None, 401),
        (Some("Basic QWxhZGRpbjp3cm9uZw=="), 401),
        (Some("Basic"), 401),
        (Some("Bearer x"), 401),
    ] {
        let mut request = Request::get("/");
        if let Some(value) = value {
            request = request.header("authorization", value);
        }
        let (status, response) = ask(app.clone(), request).await;
        assert_eq!(
            (status.as_u16(), &**response.body()),
            (expected, ""),
            "{value:?}"
        );
        assert!(
            response.headers()["www-authenticate"]
                .to_str()
                .unwrap()
                .starts_with("Basic realm=\"cave\"")
        );
    }
    let twice = Request::get("/")
        .header("authorization", RIGHT)
        .header("authorization", RIGHT);
    assert_eq!(ask(app.clone(), twice).await.0, StatusCode::BAD_REQUEST);
    let huge = Request::get("/").header("authorization", format!("Basic {}", "A".repeat(9000)));
    assert_eq!(
        ask(app, huge).await.0,
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE
    );
}

#[tokio::test]
async fn a_preflight_passes_only_where_it_may() {
    let preflight = || {
        Request::options("/")
            .header("origin", "https://b.test")
            .header("access-control-request-method", "GET")
    };
    assert_eq!(
        ask(app(VerifyLayer::new(basic())), preflight()).await.0,
        StatusCode::UNAUTHORIZED
    );
    let allowing = app(VerifyLayer::new(basic()).allow_preflight(true));
    assert_eq!(ask(allowing.clone(), preflight()).await.0, StatusCode::OK);
    assert_eq!(
        ask(allowing.clone(), Request::options("/")).await.0,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(
        ask(
            allowing,
            Request::get("/").header("origin", "https://b.test")
        )
        .await
        .0,
        StatusCode::UNAUTHORIZED
    );
}

/// A verifier that does what a test says.
struct Saying(Reason);

impl Verify for Saying {
    type Principal = u64;

    fn verify(&self, request: &request::Parts, _: &Payload) -> Begin<Verdict<u64>> {
        if request.headers.contains_key("x-broken") {
            return Begin::failed(Error::new(ErrorKind::Fetch, "the store is down"));
        }
        if request.headers.contains_key("x-right") {
            return Begin::ready(Verdict::accept("saying", 7));
        }
        Begin::ready(Verdict::challenge(
            self.0,
            [HeaderValue::from_static("Saying realm=\"s\"")],
        ))
    }
}

#[tokio::test]
async fn several_schemes_on_one_route() {
    let both = |reason| {
        let saying = AnyVerifier::new(Saying(reason).map(|id| format!("number {id}")));
        app(VerifyLayer::new(any_of([
            AnyVerifier::new(basic()),
            saying,
        ])))
    };
    let (status, response) = ask(both(Reason::Missing), Request::get("/")).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        response
            .headers()
            .get_all("www-authenticate")
            .iter()
            .count(),
        2
    );
    let (_, response) = ask(
        both(Reason::Missing),
        Request::get("/").header("authorization", RIGHT),
    )
    .await;
    assert_eq!(response.body(), "Aladdin by basic");
    let (_, response) = ask(
        both(Reason::Missing),
        Request::get("/").header("x-right", "1"),
    )
    .await;
    assert_eq!(response.body(), "number 7 by saying");
    for (reason, expected) in [
        (Reason::Forbidden, 403),
        (Reason::Malformed, 400),
        (Reason::Unavailable, 503),
    ] {
        assert_eq!(
            ask(both(reason), Request::get("/")).await.0.as_u16(),
            expected
        );
    }
}

#[tokio::test]
async fn a_verifier_that_cannot_decide_lets_nothing_through() {
    let app = app(VerifyLayer::new(
        Saying(Reason::Missing).map(|id| id.to_string()),
    ));
    let (status, response) = ask(app, Request::get("/").header("x-broken", "1")).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(response.headers().contains_key("retry-after"));
}

/// Accepts a body that says so, and signs the answer with its length.
struct Reading;

struct Length;

impl Verify for Reading {
    type Principal = String;

    fn reads_body(&self, _: &request::Parts) -> bool {
        true
    }

    fn verify(&self, _: &request::Parts, body: &Payload) -> Begin<Verdict<String>> {
        Begin::ready(match body.bytes() {
            Some(b"accept me") => Verdict::accept_with("reading", "someone".to_owned(), Length),
            _ => Verdict::refuse(Reason::Rejected),
        })
    }
}

impl Answer for Length {
    fn reads_body(&self, _: &response::Parts) -> bool {
        true
    }

    fn sign(
        self: Box<Self>,
        response: &mut response::Parts,
        body: &[u8],
    ) -> countersign_core::Result<()> {
        response
            .headers
            .insert("x-length", HeaderValue::from(body.len()));
        Ok(())
    }
}

#[tokio::test]
async fn a_verifier_may_read_the_body_and_sign_the_answer() {
    let put = |body: &'static str| Request::put("/").body(Body::from(body)).unwrap();
    let (status, response) = send(app(VerifyLayer::new(Reading)), put("accept me")).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(
        response.headers()["x-length"],
        response.body().len().to_string()
    );
    assert_eq!(
        send(app(VerifyLayer::new(Reading)), put("no")).await.0,
        StatusCode::UNAUTHORIZED
    );
    let stream = Body::new(http_body_util::StreamBody::new(tokio_stream::iter(
        (0..100).map(|_| {
            Ok::<_, std::io::Error>(http_body::Frame::data(bytes::Bytes::from_static(&[0; 100])))
        }),
    )));
    let request = Request::put("/").body(stream).unwrap();
    let (status, response) = send(app(VerifyLayer::new(Reading).max_body(1000)), request).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(response.headers()["connection"], "close");
}

#[tokio::test]
async fn nobody_else_can_claim_to_be_verified() {
    let app = app(VerifyLayer::new(
        Saying(Reason::Missing).map(|id| id.to_string()),
    ));
    let (_, response) = ask(app.clone(), Request::get("/").header("x-right", "1")).await;
    assert_eq!(response.body(), "7 by saying");
    let unverified: Router = Router::new().route("/", get(hello));
    assert_eq!(
        ask(unverified, Request::get("/")).await.0,
        StatusCode::INTERNAL_SERVER_ERROR
    );
}

/// Refuses, once and for all on this connection.
struct Tired;

impl Verify for Tired {
    type Principal = String;

    fn verify(&self, _: &request::Parts, _: &Payload) -> Begin<Verdict<String>> {
        let Verdict::Refuse(refusal) = Verdict::<String>::refuse(Reason::Rejected) else {
            panic!("refused")
        };
        Begin::ready(Verdict::Refuse(refusal.closing()))
    }
}

#[tokio::test]
async fn a_verifier_can_have_the_connection_closed() {
    let with_another = any_of([AnyVerifier::new(basic()), AnyVerifier::new(Tired)]);
    for app in [
        app(VerifyLayer::new(Tired)),
        app(VerifyLayer::new(with_another)),
    ] {
        let (status, response) = ask(app, Request::get("/")).await;
        assert_eq!(status, 401);
        assert_eq!(response.headers()["connection"], "close");
    }
}
