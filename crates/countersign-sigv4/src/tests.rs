//! Every stage of every vector on the target as typed, which is often none that a URI type can hold.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "../tests/support/mod.rs"]
mod support;

mod presigned;

use countersign_core::Secret;
use http::{HeaderMap, HeaderName, HeaderValue};

use self::support::{Case, SECRET, generated, suite};
use crate::canonical::{CanonicalRequest, PathStyle, Query, SignedHeaders};
use crate::key::{SigningKey, string_to_sign};
use crate::payload::PayloadHash;
use crate::scope::Scope;
use crate::sha256::Long;
use crate::time::Timestamp;

struct Stages {
    canonical_request: String,
    string_to_sign: String,
    signature: String,
}

fn own_headers(case: &Case) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in &case.headers {
        let value = HeaderValue::from_bytes(value.as_bytes()).unwrap();
        headers.append(HeaderName::try_from(name).unwrap(), value);
    }
    headers
}

fn headers(case: &Case, payload: &PayloadHash) -> HeaderMap {
    let mut headers = own_headers(case);
    let date = Timestamp::of(case.time);
    headers.insert("x-amz-date", date.text().parse().unwrap());
    if let Some(token) = case.token.as_ref().filter(|_| !case.unsigned_token) {
        headers.insert("x-amz-security-token", token.parse().unwrap());
    }
    if case.content_sha256 {
        headers.insert("x-amz-content-sha256", payload.text().parse().unwrap());
    }
    headers
}

fn style(case: &Case) -> PathStyle {
    match (case.normalize, &*case.service) {
        _ if case.encoded_once => PathStyle::AsSent,
        (true, _) => PathStyle::Normalized,
        (false, "s3") => PathStyle::AsSent,
        (false, _) => PathStyle::Encoded,
    }
}

/// What chooses the headers.
fn client(case: &Case) -> crate::SigV4 {
    let builder = crate::SigV4::builder(&case.region, &case.service);
    let key = crate::Credentials::new("id", "secret").unwrap();
    builder.credentials(key).unwrap()
}

fn stages(case: &Case) -> Option<Stages> {
    let payload = PayloadHash::of(&case.body);
    let headers = headers(case, &payload);
    let sigv4 = client(case);
    let signs = |name: &str| sigv4.signs(name);
    let signed = SignedHeaders::choose(&headers, &case.host, signs);
    let target = case.target.split_once('?').unwrap_or((&case.target, ""));
    let request = CanonicalRequest {
        method: &case.method,
        path: (style(case), target.0),
        query: Query::new(target.1),
        headers: signed,
        payload: payload.text(),
    };
    let scope = Scope::new(&case.region, &case.service).unwrap();
    let time = Timestamp::of(case.time);
    let mut canonical = Long::default();
    request.write(&mut canonical).ok()?;
    let text = string_to_sign(time, &scope, canonical.hash());
    let key = SigningKey::derive(&Secret::from(SECRET), time.day(), &scope);
    let signature = key.sign(&text).as_str().to_owned();
    let text_of = |text: &[u8]| String::from_utf8(text.to_vec()).unwrap();
    Some(Stages {
        canonical_request: text_of(canonical.as_bytes()),
        string_to_sign: text_of(text.as_bytes()),
        signature,
    })
}

fn check(case: &Case) {
    let stages = stages(case).unwrap();
    let name = &case.name;
    assert_eq!(
        Some(stages.canonical_request),
        case.canonical_request,
        "{name}"
    );
    if case.string_to_sign.is_some() {
        assert_eq!(Some(stages.string_to_sign), case.string_to_sign, "{name}");
    }
    if case.signature.is_some() {
        assert_eq!(Some(stages.signature), case.signature, "{name}");
    }
}

#[test]
fn every_stage_of_the_suite_of_aws() {
    let cases = suite("header");
    assert_eq!(cases.len(), 40);
    cases.iter().for_each(check);
}

#[test]
fn every_stage_of_every_undisputed_vector() {
    let cases = generated("header");
    let undisputed: Vec<_> = cases.iter().filter(|case| !case.disputed).collect();
    assert_eq!(undisputed.len(), 220);
    undisputed.into_iter().for_each(check);
}

/// Whose signature of a disputed vector is ours.
#[derive(Debug, PartialEq)]
enum Signer {
    Botocore,
    Awscrt,
    Neither,
}

fn has_connection(case: &Case) -> bool {
    case.headers.iter().any(|(name, _)| name == "Connection")
}

fn has_odd_query(case: &Case) -> bool {
    let (_, query) = case.target.split_once('?').unwrap_or_default();
    let odd = |byte: u8| !byte.is_ascii_alphanumeric() && !b"-._~=&%".contains(&byte);
    let escapes = query.split('%').skip(1).filter_map(|rest| rest.get(..2));
    let canonical = |escape: &str| {
        let byte = u8::from_str_radix(escape, 16).unwrap();
        escape.to_ascii_uppercase() == escape
            && !(byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
    };
    let value_with_equals = query.split('&').any(|pair| pair.matches('=').count() > 1);
    let empty_piece = query.split('&').any(str::is_empty) && !query.is_empty();
    query.bytes().any(odd) || !escapes.clone().all(canonical) || value_with_equals || empty_piece
}

fn has_lower_case_method(case: &Case) -> bool {
    case.method.bytes().any(|byte| byte.is_ascii_lowercase())
}

/// What the vectors are disputed about, whom we follow, and why.
type Dispute = (&'static str, fn(&Case) -> bool, usize, Signer, &'static str);
const DISPUTES: [Dispute; 4] = [
    (
        "a query that is not in canonical form",
        |case| has_odd_query(case) && !has_connection(case),
        82,
        Signer::Awscrt,
        "AWS specifies that each name and value is encoded, which S3 and the other services do \
         with what they receive; botocore signs what was typed, since it always types the \
         canonical form. An empty piece between & is no parameter to either service.",
    ),
    (
        "a method in lower case",
        has_lower_case_method,
        4,
        Signer::Awscrt,
        "Methods are case-sensitive (RFC 9110, section 9.1) and sent as they are; botocore signs \
         and sends them in upper case.",
    ),
    (
        "a Connection header",
        |case| has_connection(case) && !has_odd_query(case),
        8,
        Signer::Botocore,
        "It is for the next hop alone (RFC 9110, section 7.6.1), so it must not be signed.",
    ),
    (
        "both such a query and a Connection header",
        |case| has_connection(case) && has_odd_query(case),
        2,
        Signer::Neither,
        "The query as awscrt signs it, the headers as botocore does.",
    ),
];

fn signer(case: &Case, ours: Option<String>) -> Signer {
    match (ours == case.signature, ours == case.second) {
        (true, false) => Signer::Botocore,
        (false, true) => Signer::Awscrt,
        (false, false) => Signer::Neither,
        (true, true) => panic!("{}: the signers agree", case.name),
    }
}

/// Holds every disputed vector of a kind against a table, and against what `sign` makes of it.
fn follow(kind: &str, disputes: &[Dispute], sign: fn(&Case) -> Option<String>) {
    let cases = generated(kind);
    let disputed: Vec<_> = cases.iter().filter(|case| case.disputed).collect();
    let told: usize = disputes.iter().map(|dispute| dispute.2).sum();
    assert_eq!(disputed.len(), told);
    for (about, is_meant, count, followed, _) in disputes {
        let meant: Vec<_> = disputed.iter().filter(|case| is_meant(case)).collect();
        assert_eq!(meant.len(), *count, "{about}");
        for case in meant {
            assert_eq!(
                signer(case, sign(case)),
                *followed,
                "{}: {about}",
                case.name
            );
        }
    }
}

#[test]
fn every_disputed_vector_follows_the_signer_that_the_table_names() {
    follow("header", &DISPUTES, |case| {
        stages(case).map(|stages| stages.signature)
    });
}
