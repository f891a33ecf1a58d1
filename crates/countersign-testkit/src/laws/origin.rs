//! Credentials stay at the origin that the caller addressed.

use bytes::Bytes;
use countersign_core::redirect::Policy;
use countersign_tower::RedirectLayer;
use http::{Request, Response, StatusCode, request};
use http_body_util::Full;
use tower::{Layer, ServiceExt};

use super::client;
use crate::canary::{Canary, find_mark};
use crate::case::{Case, Keys};
use crate::peer::Peer;

const CODES: [u16; 5] = [301, 302, 303, 307, 308];

/// A redirect to another origin takes nothing along, also where the server echoes what it was sent and the other
/// origin asks for credentials.
pub async fn stays_at_its_origin(case: &Case) {
    for code in CODES {
        let seen = follow(case, code, "http://other.test/second", 401).await;
        let there: Vec<_> = seen
            .iter()
            .filter(|request| request.uri().host() == Some("other.test"))
            .collect();
        assert_eq!(
            there.len(),
            1,
            "{}: requests to the other origin after {code}",
            case.name
        );
        for request in there {
            assert!(
                !shows(request),
                "{}: after {code} the other origin was sent {request:?}",
                case.name
            );
        }
    }
}

/// A redirect on the same origin is signed for its new target, and accepted there; user information in it is not
/// taken over.
pub async fn signs_anew(case: &Case) {
    for code in [307, 308] {
        for location in ["/second", "http://eve:pw@127.0.0.1:7/second"] {
            let seen = follow(case, code, location, 200).await;
            let (last, legs) = (seen.last().unwrap().uri(), seen.len());
            assert_eq!(last.path(), "/second", "{}", case.name);
            assert_eq!(last.authority().unwrap(), "127.0.0.1:7", "{}", case.name);
            assert!(
                legs <= case.legs * 2,
                "{}: {legs} requests over two hops",
                case.name
            );
        }
    }
}

/// One request that is redirected by `code` to `location`; panics unless the last answer is the one there.
async fn follow(
    case: &Case,
    code: u16,
    location: &'static str,
    expected: u16,
) -> Vec<Request<Bytes>> {
    let keys = Keys::new(Canary::token().as_str());
    let redirect = move |request: &request::Parts| answer(request, code, location);
    let peer = Peer::guarding((case.server)(&keys), |_| {}, redirect);
    let client = RedirectLayer::new(Policy::default()).layer(client((case.client)(&keys), &peer));
    let request = case.request("http://127.0.0.1:7/first?id=7").map(Full::new);
    let status = client.oneshot(request).await.unwrap().status().as_u16();
    assert_eq!(
        status, expected,
        "{}: at the end of a {code} to {location}",
        case.name
    );
    peer.seen()
}

fn answer(request: &request::Parts, code: u16, location: &str) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    if request.uri.path() == "/first" {
        let echo = request.uri.query().unwrap_or_default();
        *response.status_mut() = StatusCode::from_u16(code).unwrap();
        response
            .headers_mut()
            .insert("location", format!("{location}?{echo}").parse().unwrap());
    }
    response
}

fn shows(request: &Request<Bytes>) -> bool {
    let fields = request
        .headers()
        .iter()
        .flat_map(|(name, value)| [name.as_str().as_bytes(), value.as_bytes()]);
    let head = [
        request.uri().to_string().into_bytes(),
        fields.collect::<Vec<_>>().join(&b'\n'),
    ]
    .concat();
    find_mark(&head) || find_mark(request.body())
}
