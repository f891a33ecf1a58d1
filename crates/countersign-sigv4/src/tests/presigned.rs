//! The signature of every presigned vector on the target as typed.

use std::collections::BTreeSet;

use countersign_core::Secret;

use super::support::{Case, ID, SECRET, generated};
use super::{
    Dispute, Signer, client, follow, has_connection, has_lower_case_method, has_odd_query,
    own_headers, style,
};
use crate::canonical::{CanonicalRequest, Query, SignedHeaders};
use crate::key::{SigningKey, string_to_sign};
use crate::message::{Presigned, begin_presigned};
use crate::payload::PayloadHash;
use crate::scope::Scope;
use crate::sha256::Long;
use crate::time::Timestamp;

/// The signature of a presigned URL; `None` if its query cannot be signed.
fn presigned(case: &Case) -> Option<String> {
    let payload = match &*case.service {
        "s3" => PayloadHash::Unsigned,
        _ => PayloadHash::of(&case.body),
    };
    let headers = own_headers(case);
    let client = client(case);
    let signed = || SignedHeaders::choose(&headers, &case.host, |name| client.signs(name));
    let (time, scope) = (
        Timestamp::of(case.time),
        Scope::new(&case.region, &case.service).unwrap(),
    );
    let presigned = Presigned {
        begun: &begin_presigned(ID, time.day(), &scope),
        time,
        expires: 3600,
        token: case.token.as_deref(),
    };
    let mut added = Vec::new();
    presigned.write(&signed(), &mut added);
    let target = case.target.split_once('?').unwrap_or((&case.target, ""));
    let request = CanonicalRequest {
        method: &case.method,
        path: (style(case), target.0),
        query: Query::presigned(target.1, str::from_utf8(&added).unwrap()),
        headers: signed(),
        payload: payload.text(),
    };
    let mut canonical = Long::default();
    request.write(&mut canonical).ok()?;
    let text = string_to_sign(time, &scope, canonical.hash());
    let key = SigningKey::derive(&Secret::from(SECRET), time.day(), &scope);
    Some(key.sign(&text).as_str().to_owned())
}

fn query(case: &Case) -> &str {
    case.target.split_once('?').unwrap_or_default().1
}

fn has_broken_escape(case: &Case) -> bool {
    query(case).contains("%Z")
}

/// Whether botocore signs another URL than the one that was given: it makes one parameter of several of one name, and
/// types what remains anew.
fn is_rewritten(case: &Case) -> bool {
    let names: Vec<_> = query(case)
        .split('&')
        .map(|pair| pair.split('=').next())
        .collect();
    let unlike: BTreeSet<_> = names.iter().collect();
    !has_broken_escape(case) && (unlike.len() < names.len() || has_odd_query(case))
}

const DISPUTES: [Dispute; 5] = [
    (
        "a query that botocore rewrites",
        |case| is_rewritten(case) && !has_connection(case),
        18,
        Signer::Awscrt,
        "The URL that was given is the one that is signed: S3 and the other services encode each name and value that \
         they receive, and keep every parameter. botocore's signature is that of its own URL.",
    ),
    (
        "a broken percent-escape",
        has_broken_escape,
        1,
        Signer::Awscrt,
        "It is refused: nothing says what it would be decoded to. botocore writes %25ZZ in its place.",
    ),
    (
        "a method in lower case",
        has_lower_case_method,
        2,
        Signer::Awscrt,
        "Methods are case-sensitive (RFC 9110, section 9.1) and sent as they are.",
    ),
    (
        "a Connection header",
        |case| has_connection(case) && !is_rewritten(case),
        7,
        Signer::Botocore,
        "It is for the next hop alone (RFC 9110, section 7.6.1), so it must not be signed.",
    ),
    (
        "both such a query and a Connection header",
        |case| has_connection(case) && is_rewritten(case),
        3,
        Signer::Neither,
        "The query as awscrt signs it, the headers as botocore does.",
    ),
];

#[test]
fn every_undisputed_presigned_vector() {
    let cases = generated("query");
    let undisputed: Vec<_> = cases.iter().filter(|case| !case.disputed).collect();
    assert_eq!(undisputed.len(), 230);
    for case in undisputed {
        assert_eq!(presigned(case), case.signature, "{}", case.name);
    }
}

#[test]
fn every_disputed_presigned_vector_follows_the_signer_that_the_table_names() {
    follow("query", &DISPUTES, presigned);
}
