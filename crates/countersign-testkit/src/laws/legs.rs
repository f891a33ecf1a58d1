//! A client asks a bounded number of times, whatever the server answers.

use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode};

use super::{URL, run, send};
use crate::canary::Canary;
use crate::case::{Case, Keys};
use crate::peer::Peer;

/// How often one request is sent at most.
const MAX_LEGS: usize = 3;

/// A first call takes as many requests as the case says, the second no more.
pub async fn takes_its_legs(case: &Case) {
    let keys = Keys::new(Canary::token().as_str());
    let peer = Peer::verifying((case.server)(&keys));
    let scheme = (case.client)(&keys);
    send(scheme.clone(), &peer, case.request(URL))
        .await
        .unwrap();
    assert_eq!(
        peer.seen().len(),
        case.legs,
        "{}: requests of the first call",
        case.name
    );
    send(scheme, &peer, case.request(URL)).await.unwrap();
    let second = peer.seen().len() - case.legs;
    assert!(
        second <= case.legs,
        "{}: {second} requests of the second call",
        case.name
    );
}

/// No storm of refusals makes a client send more than three requests, and the last refusal is the caller's.
pub async fn bounds_legs(case: &Case) {
    for (name, challenge) in STORMS {
        for status in [401, 403, 407] {
            weather(case, name, status, *challenge).await;
        }
    }
    weather(case, "its own", 401, case.storm).await;
}

async fn weather(case: &Case, storm: &str, status: u16, challenge: fn(usize) -> HeaderMap) {
    let count = std::sync::atomic::AtomicUsize::new(0);
    let refuse = move |_: &_| {
        let number = count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let mut response = Response::new(Bytes::new());
        *response.status_mut() = StatusCode::from_u16(status).unwrap();
        *response.headers_mut() = challenge(number);
        response
    };
    let (answered, seen) = run(case, |_| Peer::new(refuse), case.request(URL)).await;
    assert_eq!(answered, status, "{}: under {storm}", case.name);
    let legs = seen.len();
    assert!(
        (1..=MAX_LEGS).contains(&legs),
        "{}: {legs} requests under {storm} ({status})",
        case.name
    );
}

type Storm = fn(usize) -> HeaderMap;

const STORMS: &[(&str, Storm)] = &[
    ("no challenge", |_| HeaderMap::new()),
    ("a new nonce each time", |n| {
        challenge(&format!("Digest realm=\"r\", nonce=\"n{n}\", qop=\"auth\""))
    }),
    ("a stale nonce each time", |n| {
        challenge(&format!(
            "Digest realm=\"r\", nonce=\"n{n}\", qop=\"auth\", stale=true"
        ))
    }),
    ("the same stale nonce", |_| {
        challenge("Digest realm=\"r\", nonce=\"n\", qop=\"auth\", stale=true")
    }),
    ("another realm each time", |n| {
        challenge(&format!("Basic realm=\"{n}\""))
    }),
    ("another token each time", |_| {
        challenge("Bearer error=\"invalid_token\"")
    }),
    ("everything", |n| {
        challenge(&format!(
            "Digest realm=\"r\", nonce=\"n{n}\", stale=true, Basic realm=\"r\", Bearer, Negotiate"
        ))
    }),
    ("nonsense", |_| challenge("=,\"")),
];

/// For the origin and for a proxy at once.
fn challenge(value: &str) -> HeaderMap {
    ["www-authenticate", "proxy-authenticate"]
        .into_iter()
        .map(|name| (name.parse().unwrap(), value.parse().unwrap()))
        .collect()
}
