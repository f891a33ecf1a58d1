//! What a refusal tells of the signature that was expected.
#![allow(clippy::unwrap_used, clippy::panic)]

countersign_testkit::watched!();

#[path = "support/parties.rs"]
mod parties;
mod support;

use std::convert::Infallible;

use bytes::Bytes;
use countersign_core::Payload;
use countersign_sigv4::{Diagnosis, SigV4, SigV4Builder};
use countersign_tower::{AuthBody, AuthLayer, Settings};
use http::{Request, Response, request};
use http_body_util::{BodyExt, Full};
use parties::{client, credentials, fixed, temporary};
use tower::{Layer, ServiceExt, service_fn};

const TOKEN: &str = "countersign-canary-token";

fn sigv4(service: &str) -> SigV4 {
    client(service).credentials(temporary(TOKEN)).unwrap()
}

fn get() -> request::Builder {
    Request::get("https://h.example/a%20b?c=d").header("x-api-key", "countersign-canary-key")
}

/// What S3 would say to a request that it read as `change` makes it.
fn s3(sigv4: &SigV4, change: impl Fn(String) -> String) -> String {
    let (head, ()) = get().body(()).unwrap().into_parts();
    let explained = sigv4.explain(&head, &Payload::whole(Bytes::new())).unwrap();
    let canonical = change(String::from_utf8(explained.canonical_request).unwrap());
    let text = change(explained.string_to_sign);
    let escape = |text: String| text.replace('&', "&amp;").replace('<', "&lt;");
    format!(
        "<Error><Code>SignatureDoesNotMatch</Code><StringToSign>{}</StringToSign>\
         <CanonicalRequest>{}</CanonicalRequest></Error>",
        escape(text),
        escape(canonical)
    )
}

/// The answer to a request, and what was found out of it.
async fn asked(
    sigv4: SigV4,
    status: u16,
    body: String,
    settings: Settings,
) -> (Option<Diagnosis>, String) {
    let expected = body.clone();
    let server = service_fn(move |_: Request<AuthBody<Full<Bytes>>>| {
        let mut response = Response::new(Full::new(Bytes::from(body.clone())));
        *response.status_mut() = status.try_into().unwrap();
        async { Ok::<_, Infallible>(response) }
    });
    let layer = AuthLayer::new(sigv4.diagnose_refusals()).settings(settings);
    let request = get().body(Full::default()).unwrap();
    let (head, body) = layer
        .layer(server)
        .oneshot(request)
        .await
        .unwrap()
        .into_parts();
    assert_eq!(head.status, status, "the answer is the caller's");
    assert_eq!(body.collect().await.unwrap().to_bytes(), expected);
    let found = head.extensions.get::<Diagnosis>().cloned();
    let shown = found.as_ref().map(ToString::to_string).unwrap_or_default();
    assert!(!format!("{found:?} {shown}").contains("canary"), "{shown}");
    (found, shown)
}

async fn told(sigv4: SigV4, body: String) -> String {
    asked(sigv4, 403, body, Settings::default()).await.1
}

#[tokio::test]
async fn it_says_in_which_line_the_canonical_requests_part() {
    let sigv4 = sigv4("execute-api");
    let with =
        |from: &'static str, to: &'static str| s3(&sigv4, move |text| text.replacen(from, to, 1));
    for (body, expected) in [
        (
            with("GET", "HEAD"),
            "line 1 (method), at byte 1: ours is `GET`, the service's is `HEAD`",
        ),
        (with("/a%2520b", "/a%20b"), "line 2 (path), at byte 5"),
        (with("c=d", "c=D"), "line 3 (query), at byte 3"),
        (
            with("host:h.", "host:g."),
            "line 4 (host), at byte 6: ours is `host:h.example`, the service's is `host:g.example`",
        ),
        (
            with("canary-key", "other"),
            "line 7 (x-api-key), at byte 23",
        ),
        (
            with("canary-token", "other"),
            "line 6 (x-amz-security-token), at byte 34",
        ),
    ] {
        let shown = told(sigv4.clone(), body).await;
        assert!(shown.contains(expected), "{expected}: {shown}");
    }
}

#[tokio::test]
async fn it_says_that_the_time_or_the_secret_is_another() {
    let sigv4 = sigv4("s3");
    let other_day = s3(&sigv4, |text| match text.starts_with("AWS4") {
        true => text.replace("20150830T", "20150831T"),
        false => text,
    });
    let shown = told(sigv4.clone(), other_day).await;
    assert!(
        shown.contains("the strings to sign part in line 2 (time), at byte 8"),
        "{shown}"
    );
    let same = s3(&sigv4, |text| text);
    let (found, _) = asked(sigv4, 403, same, Settings::default()).await;
    assert_eq!(found, Some(Diagnosis::Secret));
}

#[tokio::test]
async fn other_answers_tell_nothing_and_stay_as_they_are() {
    let body = || s3(&sigv4("s3"), |text| text.replace("GET", "get"));
    let ask = async |status, body| {
        asked(sigv4("s3"), status, body, Settings::default())
            .await
            .0
    };
    assert!(ask(403, body()).await.is_some());
    assert!(ask(400, body()).await.is_some());
    assert_eq!(ask(200, body()).await, None);
    assert_eq!(ask(500, body()).await, None);
    assert_eq!(
        ask(403, "<Error><Code>AccessDenied</Code></Error>".into()).await,
        None
    );
    assert_eq!(ask(403, String::new()).await, None);
}

#[tokio::test]
async fn a_provider_s_client_and_a_presigned_url_are_told_as_well() {
    let presigned = |builder: SigV4Builder| builder.presigned(60);
    let sigv4 = fixed(presigned(client("s3")));
    let body = s3(&sigv4, |text| text.replace("UNSIGNED", "SIGNED"));
    let shown = told(sigv4, body).await;
    assert!(shown.contains("(hash of the body)"), "{shown}");
    let managed = client("s3").provider(credentials()).unwrap();
    assert!(format!("{:?}", managed.diagnose_refusals()).contains("ManagedSigV4"));
}
