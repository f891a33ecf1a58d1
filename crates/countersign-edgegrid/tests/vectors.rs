//! Vectors through the public API: the header that is sent, and that the server accepts it.
#![allow(clippy::unwrap_used, clippy::panic)]

countersign_testkit::watched!();

#[path = "support/parties.rs"]
mod parties;
mod support;

use countersign_edgegrid::{Credentials, EdgeGrid, EdgeGridVerifier, MemoryTokens};
use http::{Request, Uri, request};
use parties::{TIME, at, head, judge, received, sent, status};
use support::{Case, generated, published};

/// The request, if its target is one that HTTP can carry.
fn request(case: &Case) -> Option<request::Parts> {
    let uri: Uri = format!("{}://{}{}", case.scheme, case.host, case.target)
        .parse()
        .ok()?;
    let request = Request::builder()
        .method(&*case.method)
        .uri(uri)
        .header("host", &case.host);
    let add = |request: http::request::Builder, (name, value): &(String, String)| {
        request.header(name, value.as_bytes())
    };
    Some(head(case.headers.iter().fold(request, add)))
}

fn names(case: &Case) -> impl Iterator<Item = &str> {
    case.signed.iter().map(String::as_str)
}

fn client(case: &Case, credentials: Credentials) -> EdgeGrid {
    EdgeGrid::new(credentials)
        .headers_to_sign(names(case))
        .unwrap()
        .max_body(case.max_body)
        .nonce(&case.nonce)
        .unwrap()
        .timestamp(&case.time)
        .unwrap()
}

fn server(case: &Case, credentials: Credentials) -> EdgeGridVerifier {
    EdgeGridVerifier::builder(MemoryTokens::new([credentials]))
        .headers_to_sign(names(case))
        .unwrap()
        .max_body(case.max_body)
        .allow_uncovered_bodies(true)
        .scheme(case.scheme.parse().unwrap())
        .sources(at(TIME))
        .build()
        .unwrap()
}

fn check(case: &Case) -> bool {
    let Some(head) = request(case) else {
        return false;
    };
    let credentials = Credentials::new(&case.client_token, &*case.secret, &case.access_token);
    let credentials = credentials.unwrap();
    let leg = sent(&client(case, credentials.clone()), head, &case.body);
    let line = leg.headers["authorization"].to_str().unwrap();
    let (start, signature) = line.split_once(";signature=").unwrap();
    assert_eq!(signature, case.signature, "{}", case.name);
    let expected = format!(
        "EG1-HMAC-SHA256 client_token={};access_token={};timestamp={};nonce={}",
        case.client_token, case.access_token, case.time, case.nonce
    );
    assert_eq!(start, expected, "{}", case.name);
    let verdict = judge(&server(case, credentials), &received(leg), &case.body);
    assert_eq!(status(verdict), 200, "{}", case.name);
    true
}

#[test]
fn published_headers() {
    let checked = published().iter().filter(|case| check(case)).count();
    assert_eq!(checked, 15);
}

#[test]
fn generated_headers() {
    let (disputed, agreed): (Vec<_>, Vec<_>) =
        generated().into_iter().partition(|case| case.disputed);
    let checked = agreed.iter().filter(|case| check(case)).count();
    assert_eq!(checked, 121, "two targets are none that HTTP can carry");
    let checked = disputed.iter().filter(|case| check(case)).count();
    assert_eq!(checked, 32, "five targets are none that HTTP can carry");
}
