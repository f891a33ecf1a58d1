//! Every stage of every vector, on the target as typed, which is often none that a URI type can hold.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "../tests/support/mod.rs"]
mod support;

use http::{HeaderMap, HeaderName, HeaderValue, Method};

use self::support::{Case, generated, published};
use crate::Credentials;
use crate::calculation::{Covered, content_hash};
use crate::client::header_names;
use crate::message::{begun, signed, unsigned};

fn headers(case: &Case) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in &case.headers {
        let value = HeaderValue::from_bytes(value.as_bytes()).unwrap();
        headers.append(HeaderName::try_from(name).unwrap(), value);
    }
    headers
}

fn check(case: &Case) {
    let name = &case.name;
    let credentials = Credentials::new(&case.client_token, &*case.secret, &case.access_token);
    let key = credentials.unwrap();
    let key = key.key();
    assert_eq!(key.text(&case.time).as_str(), case.signing_key, "{name}");

    let method = Method::from_bytes(case.method.as_bytes()).unwrap();
    let hash = content_hash(&method, &case.body, case.max_body);
    if let Some(expected) = &case.content_hash {
        assert_eq!(
            hash.as_ref().map_or("", |hash| hash.as_str()),
            expected,
            "{name}"
        );
    }
    let begun = begun(&case.client_token, &case.access_token, &case.time);
    let line = unsigned(&begun, case.nonce.as_bytes());
    let covered = Covered {
        method: &case.method,
        scheme: &case.scheme,
        host: &case.host,
        target: &case.target,
        headers: &headers(case),
        signed: &header_names(case.signed.iter().map(String::as_str)).unwrap(),
        hash,
    };
    let data = covered.data(&line);
    if let Some(expected) = &case.data {
        assert_eq!(
            str::from_utf8(&data).unwrap(),
            expected.clone() + str::from_utf8(&line).unwrap(),
            "{name}"
        );
    }
    let signature = key.at(&case.time).sign(&data);
    assert_eq!(signature.as_str(), case.signature, "{name}");
    let end = format!(";signature={}", case.signature);
    assert!(signed(line, &signature).ends_with(end.as_bytes()));
}

#[test]
fn published_vectors() {
    let cases = published();
    assert_eq!(cases.len(), 15);
    cases.iter().for_each(check);
}

#[test]
fn generated_vectors() {
    let cases = generated();
    assert_eq!(cases.len(), 160);
    cases.iter().for_each(check);
}
