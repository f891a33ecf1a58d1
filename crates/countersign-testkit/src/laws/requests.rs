//! The server accepts what the client sends.

use bytes::Bytes;
use http::{Method, Request};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::run;
use crate::case::{Case, Placement};
use crate::peer::Peer;

const METHODS: &[&str] = &[
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PURGE",
];

const REQUESTS: usize = 24;

const FORM: &str = "application/x-www-form-urlencoded";
/// Any bytes are this; as a form most of them would be malformed.
const BYTES: &str = "application/octet-stream";

/// The server accepts whatever request the client sends.
pub async fn accepts(case: &Case) {
    let mut runner = TestRunner::default();
    for _ in 0..REQUESTS {
        let request = any_request(case).new_tree(&mut runner).unwrap().current();
        let said = format!("{request:?}");
        let (status, _) = run(case, |keys| Peer::verifying((case.server)(keys)), request).await;
        assert_eq!(
            status, 200,
            "{}: refused its own client's {said}",
            case.name
        );
    }
}

/// Any request that the case can authenticate.
pub fn any_request(case: &Case) -> BoxedStrategy<Request<Bytes>> {
    let target = (path(), proptest::option::of(query()));
    if case.placement == Placement::Body {
        let make = |(target, body)| request("POST", target, FORM, String::into_bytes(body));
        return (target, query()).prop_map(make).boxed();
    }
    let body = proptest::collection::vec(any::<u8>(), 0..64);
    (proptest::sample::select(METHODS), target, body)
        .prop_map(|(method, target, body)| request(method, target, BYTES, body))
        .boxed()
}

fn path() -> impl Strategy<Value = String> {
    "(/([a-zA-Z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2}){0,6}){1,4}"
}

fn query() -> impl Strategy<Value = String> {
    "([a-z]{1,3}(=([a-zA-Z0-9._~!$'()*+,;:@/?-]|%[0-9A-F]{2}){0,6})?&){0,3}[a-z]{1,3}=[0-9]{1,3}"
}

fn request(
    method: &str,
    (path, query): (String, Option<String>),
    kind: &str,
    body: Vec<u8>,
) -> Request<Bytes> {
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    let request = Request::builder()
        .method(Method::from_bytes(method.as_bytes()).unwrap())
        .uri(format!("http://127.0.0.1:7{path}{query}"))
        .header("content-type", kind);
    request.body(Bytes::from(body)).unwrap()
}
