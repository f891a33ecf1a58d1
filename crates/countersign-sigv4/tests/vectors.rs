//! Vectors through the public API: each stage, the header that is sent, and that the server accepts it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use countersign_core::verify::{Verdict, Verify};
use countersign_core::{Payload, Sign};
use countersign_sigv4::{
    ContentSha256, Credentials, MemoryKeys, PathStyle, SigV4, SigV4Builder, SigV4Verifier,
    SigV4VerifierBuilder,
};
use http::{Request, Uri, request};
use support::{Case, ID, SECRET, at, generated, suite};

/// The request, if the target as typed is one that HTTP can carry.
fn request(case: &Case) -> Option<request::Parts> {
    let uri: Uri = case.target.parse().ok()?;
    let request = Request::builder()
        .method(&*case.method)
        .uri(uri)
        .header("host", &case.host);
    let add = |request: http::request::Builder, (name, value): &(String, String)| {
        request.header(name, value.as_bytes())
    };
    let request = case.headers.iter().fold(request, add);
    Some(request.body(()).unwrap().into_parts().0)
}

fn body(case: &Case) -> Payload {
    Payload::whole(case.body.clone().into())
}

fn credentials(case: &Case) -> Credentials {
    let credentials = Credentials::new(ID, SECRET).unwrap();
    match &case.token {
        Some(token) => credentials.session_token(token.as_str()).unwrap(),
        None => credentials,
    }
}

fn style(case: &Case) -> Option<PathStyle> {
    match (case.normalize, &*case.service) {
        _ if case.encoded_once => Some(PathStyle::AsSent),
        (false, "service") => Some(PathStyle::Encoded),
        _ => None,
    }
}

fn client(case: &Case) -> SigV4Builder {
    let mut builder = SigV4::builder(&case.region, &case.service)
        .unsigned_token(case.unsigned_token)
        .sources(at(case.time));
    if case.content_sha256 {
        builder = builder.content_sha256(ContentSha256::Always);
    }
    match style(case) {
        Some(style) => builder.path_style(style),
        None => builder,
    }
}

fn server(case: &Case) -> SigV4VerifierBuilder {
    let keys = MemoryKeys::new([credentials(case)]);
    let builder = SigV4Verifier::builder(&case.region, &case.service, keys).sources(at(case.time));
    match style(case) {
        Some(style) => builder.path_style(style),
        None => builder,
    }
}

async fn accepts(server: SigV4VerifierBuilder, head: &request::Parts, body: &Payload) -> bool {
    let verdict = server.build().unwrap().verify(head, body).await.unwrap();
    matches!(verdict, Verdict::Accept(accepted) if accepted.principal == ID)
}

/// Checks every stage and returns the signed head.
fn check(case: &Case, sigv4: &SigV4, head: &request::Parts) -> request::Parts {
    let name = &case.name;
    let explained = sigv4.explain(head, &body(case)).unwrap();
    if let Some(expected) = &case.canonical_request {
        let shown = String::from_utf8(explained.canonical_request).unwrap();
        assert_eq!(&shown, expected, "{name}");
    }
    if let Some(expected) = &case.string_to_sign {
        assert_eq!(&explained.string_to_sign, expected, "{name}");
    }
    let mut signed = head.clone();
    sigv4.sign(&mut signed, &mut body(case)).unwrap();
    signed
}

async fn check_header(case: &Case) -> bool {
    let Some(head) = request(case) else {
        return false;
    };
    let sigv4 = client(case).credentials(credentials(case)).unwrap();
    let signed = check(case, &sigv4, &head);
    let sent = signed.headers["authorization"].to_str().unwrap();
    if let Some(expected) = &case.signature {
        let signature = sent.rsplit_once("Signature=").unwrap().1;
        assert_eq!(signature, expected, "{}", case.name);
    }
    if let Some(expected) = &case.authorization {
        assert_eq!(sent, expected, "{}", case.name);
    }
    let accepted = accepts(server(case), &signed, &body(case)).await;
    assert_eq!(accepted, !case.unsigned_token, "{}", case.name);
    true
}

async fn check_query(case: &Case) -> bool {
    let Some(head) = request(case) else {
        return false;
    };
    let sigv4 = client(case)
        .presigned(3600)
        .credentials(credentials(case))
        .unwrap();
    let signed = check(case, &sigv4, &head);
    let query = signed.uri.query().unwrap();
    let expected = case.signature.as_ref().unwrap();
    assert!(
        query.ends_with(&format!("&X-Amz-Signature={expected}")),
        "{}",
        case.name
    );
    let own = head.uri.query().unwrap_or_default();
    assert!(query.starts_with(own), "{}", case.name);
    assert!(!signed.headers.contains_key("authorization"));
    let accepted = accepts(server(case).allow_presigned(true), &signed, &body(case)).await;
    assert_eq!(accepted, !case.unsigned_token, "{}", case.name);
    true
}

#[tokio::test]
async fn the_suite_of_aws_in_the_header() {
    let mut checked = 0;
    for case in suite("header") {
        checked += u32::from(check_header(&case).await);
    }
    assert_eq!(checked, 39, "one target is none that HTTP can carry");
}

#[tokio::test]
async fn the_suite_of_aws_in_the_query() {
    let mut checked = 0;
    for case in suite("query") {
        checked += u32::from(check_query(&case).await);
    }
    assert_eq!(checked, 37);
}

#[tokio::test]
async fn generated_vectors_in_the_header() {
    let mut checked = 0;
    for case in generated("header").iter().filter(|case| !case.disputed) {
        checked += u32::from(check_header(case).await);
    }
    assert_eq!(checked, 212, "eight targets are none that HTTP can carry");
}

#[tokio::test]
async fn generated_vectors_in_the_query() {
    let mut checked = 0;
    for case in generated("query").iter().filter(|case| !case.disputed) {
        checked += u32::from(check_query(case).await);
    }
    assert_eq!(
        checked, 217,
        "thirteen targets are none that HTTP can carry"
    );
}
