//! Awkward answers over HTTP, and what the request fails with.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

use std::time::Duration;

use countersign_core::FetchLimits;
use countersign_oauth2::{OAuth2, TokenError};
use countersign_reqwest::{AuthMiddleware, ReqwestFetch, auth_error};
use countersign_token::{Refused, RefusedKind};
use reqwest_middleware::ClientBuilder;
use wiremock::matchers::{body_string, header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

/// What the API says to a request whose token comes from this answer.
async fn call(answer: ResponseTemplate) -> Result<u16, reqwest_middleware::Error> {
    let server = MockServer::start().await;
    let token = Mock::given(method("POST")).and(path("/token"));
    // id:s3cret
    let token = token.and(header("authorization", "Basic aWQ6czNjcmV0"));
    let token = token.and(body_string("grant_type=client_credentials&scope=a+b"));
    token.respond_with(answer).expect(1).mount(&server).await;
    let api = Mock::given(path("/api")).and(header("authorization", "Bearer t"));
    api.respond_with(ResponseTemplate::new(204))
        .mount(&server)
        .await;

    let limits = FetchLimits::default().deadline(Duration::from_secs(2));
    let fetch = ReqwestFetch::new(reqwest::Client::builder(), limits).unwrap();
    let scheme = OAuth2::client_credentials(format!("{}/token", server.uri()), "id", "s3cret");
    let scheme = scheme.scope("a b").build(fetch).unwrap();
    let client = ClientBuilder::new(reqwest::Client::new())
        .with(AuthMiddleware::new(scheme))
        .build();
    let answer = client.get(format!("{}/api", server.uri())).send().await?;
    Ok(answer.status().as_u16())
}

fn body(status: u16, body: &str, kind: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_raw(body, kind)
}

#[tokio::test]
async fn odd_tokens_are_used() {
    for (text, kind) in [
        (
            r#"{"access_token":"t","expires_in":"3600","scope":["a","b"]}"#,
            "application/json",
        ),
        (
            r#"{"access_token":"t","token_type":"bEaReR","expires_in":3600.5}"#,
            "text/html",
        ),
        (
            "access_token=t&token_type=bearer&expires_in=60",
            "application/x-www-form-urlencoded",
        ),
        ("expires_in=60&access_token=t", "text/plain"),
    ] {
        assert_eq!(call(body(200, text, kind)).await.unwrap(), 204, "{text}");
    }
    assert_eq!(
        call(body(201, r#"{"access_token":"t"}"#, "application/json"))
            .await
            .unwrap(),
        204
    );
}

#[tokio::test]
async fn refusals_reach_the_caller_with_all_that_was_said() {
    let html = body(502, "<html><h1>Bad gateway</h1></html>", "text/html");
    let slow =
        body(200, r#"{"access_token":"t"}"#, "application/json").set_delay(Duration::from_secs(5));
    let busy = body(429, "", "text/plain").insert_header("retry-after", "30");
    let wait = RefusedKind::Throttled {
        retry_after: Some(Duration::from_secs(30)),
    };
    let in_200 = body(
        200,
        r#"{"error":"invalid_scope","error_description":"no b"}"#,
        "application/json",
    );
    let form = body(
        400,
        "error=invalid_scope&error_description=no+b",
        "application/x-www-form-urlencoded",
    );
    for (answer, kind, code) in [
        (html, RefusedKind::Unavailable, None),
        (slow, RefusedKind::Unavailable, None),
        (busy, wait, None),
        (in_200, RefusedKind::Denied, Some("invalid_scope")),
        (form, RefusedKind::Denied, Some("invalid_scope")),
    ] {
        let error = call(answer).await.unwrap_err();
        let source = std::error::Error::source(auth_error(&error).unwrap()).unwrap();
        let refused = source.downcast_ref::<Refused>().unwrap();
        assert_eq!(refused.kind(), kind);
        let told =
            std::error::Error::source(refused).and_then(|told| told.downcast_ref::<TokenError>());
        assert_eq!(told.and_then(|told| told.code.as_deref()), code);
    }
}
