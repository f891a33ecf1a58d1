//! Region and service by the host of each request.
#![allow(clippy::unwrap_used, clippy::panic)]

countersign_testkit::watched!();

#[path = "support/parties.rs"]
mod parties;
mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use countersign_core::{Begin, Cx, ErrorKind, Exchange, Origin, Payload, Result, Scheme, Strength};
use countersign_sigv4::{Chunked, Credentials, CredentialsProvider, ManagedSigV4, SigV4};
use http::{Request, request};
use parties::{client, credentials, fixed};
use support::{TIME, at};

fn inferring() -> ManagedSigV4 {
    let builder = SigV4::infer_from_host().sources(at(TIME));
    builder.provider(credentials()).unwrap()
}

async fn signed(sigv4: &ManagedSigV4, uri: &str, host: Option<&str>) -> Result<request::Parts> {
    let base: Option<Origin> = "https://sqs.eu-west-1.amazonaws.com".parse().ok();
    let request = host.iter().fold(Request::get(uri), |request, host| {
        request.header("host", *host)
    });
    let (mut head, ()) = request.body(()).unwrap().into_parts();
    let mut exchange = sigv4.begin(Cx::new(&head, base.as_ref())).await?;
    exchange.prepare(&mut head, &mut Payload::whole(Default::default()))?;
    Ok(head)
}

fn scope(head: &request::Parts) -> &str {
    let line = head.headers["authorization"].to_str().unwrap();
    let (_, scope) = line.split_once("/20150830/").unwrap();
    scope.split_once("/aws4_request").unwrap().0
}

#[tokio::test]
async fn each_request_is_signed_for_its_host() {
    let sigv4 = inferring();
    for (uri, host, expected) in [
        (
            "https://bucket.s3.eu-west-1.amazonaws.com/k",
            None,
            "eu-west-1/s3",
        ),
        (
            "https://sqs.eu-west-1.amazonaws.com/",
            None,
            "eu-west-1/sqs",
        ),
        (
            "https://bucket.s3.eu-west-1.amazonaws.com/k",
            None,
            "eu-west-1/s3",
        ),
        (
            "https://localhost/",
            Some("sts.amazonaws.com"),
            "us-east-1/sts",
        ),
        ("/relative", None, "eu-west-1/sqs"),
    ] {
        let head = signed(&sigv4, uri, host).await.unwrap();
        assert_eq!(scope(&head), expected, "{uri}");
        let is_s3 = expected.ends_with("s3");
        assert_eq!(
            head.headers.contains_key("x-amz-content-sha256"),
            is_s3,
            "{uri}"
        );
    }
    let inferred = signed(&sigv4, "https://sqs.eu-west-1.amazonaws.com/", None)
        .await
        .unwrap();
    let told = parties::signed(
        &fixed(client("sqs")),
        Request::get("https://sqs.eu-west-1.amazonaws.com/"),
        b"",
    );
    assert_eq!(
        inferred.headers["authorization"],
        told.headers["authorization"]
    );
}

#[tokio::test]
async fn a_host_that_stands_for_nothing_is_not_signed() {
    let error = signed(&inferring(), "https://api.example/", None)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(
        error
            .to_string()
            .contains("no region and service can be inferred")
    );
}

#[tokio::test]
async fn what_only_s3_takes_is_refused_for_others_when_it_comes_to_it() {
    let builder = SigV4::infer_from_host().chunked(Chunked::signed());
    let sigv4 = builder.provider(credentials()).unwrap();
    assert!(
        signed(&sigv4, "https://b.s3.amazonaws.com/", None)
            .await
            .is_ok()
    );
    let error = signed(&sigv4, "https://sqs.eu-west-1.amazonaws.com/", None).await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Configuration);
    let error = SigV4::infer_from_host()
        .credentials(credentials())
        .unwrap_err();
    assert!(error.to_string().contains("use SigV4Builder::provider"));
}

/// Gives another key each time, which is over soon.
struct Counting(Arc<AtomicUsize>);

impl CredentialsProvider for Counting {
    fn provide(&self) -> Begin<Credentials> {
        let count = self.0.fetch_add(1, Ordering::SeqCst);
        let key = Credentials::new(&format!("KEY{count}"), "secret");
        key.map(|key| key.expires_at(TIME + 600)).into()
    }
}

#[tokio::test]
async fn all_endpoints_share_what_a_provider_gave() {
    let count = Arc::new(AtomicUsize::new(0));
    let builder = SigV4::infer_from_host().sources(at(TIME)).presigned(60);
    let sigv4 = builder.provider(Counting(Arc::clone(&count))).unwrap();
    assert_eq!(sigv4.strength(), Strength::Revealing);
    for host in [
        "https://s3.amazonaws.com/",
        "https://sqs.eu-west-1.amazonaws.com/",
    ] {
        let head = signed(&sigv4, host, None).await.unwrap();
        assert!(head.uri.query().unwrap().contains("Credential=KEY0%2F"));
    }
    assert_eq!(count.load(Ordering::SeqCst), 1);
}
