//! One changed byte of what is protected is refused.

use bytes::Bytes;
use http::{Method, Request};

use super::{URL, is_refusal, run};
use crate::case::Case;
use crate::peer::Peer;

/// A request whose method, target or body was changed on the way is refused where the case says that it protects
/// them, at every byte; and accepted where it says that it does not, so that no case says less than is true.
pub async fn refuses_changes(case: &Case) {
    let method = |request: &mut Request<Bytes>| *request.method_mut() = Method::PUT;
    check(case, "method", case.protects.method, method).await;
    let target = |at| move |request: &mut Request<Bytes>| change_target(request, at);
    let body = |at| move |request: &mut Request<Bytes>| change_body(request, at);
    let (targets, bodies) = lengths(case).await;
    for at in positions(case.protects.target, targets) {
        check(case, "target", case.protects.target, target(at)).await;
    }
    for at in positions(case.protects.body, bodies) {
        check(case, "body", case.protects.body, body(at)).await;
    }
}

async fn lengths(case: &Case) -> (usize, usize) {
    let (_, seen) = run(
        case,
        |keys| Peer::verifying((case.server)(keys)),
        case.request(URL),
    )
    .await;
    let last = seen.last().unwrap();
    (target_of(last).len(), last.body().len())
}

/// Every position where it is protected; else the first, which is the caller's own and not the credential.
fn positions(protected: bool, length: usize) -> std::ops::Range<usize> {
    1..if protected { length } else { 2 }
}

async fn check(
    case: &Case,
    part: &str,
    protected: bool,
    change: impl Fn(&mut Request<Bytes>) + Send + Sync + Clone + 'static,
) {
    let guard =
        |keys: &_| Peer::guarding((case.server)(keys), change.clone(), |_| Default::default());
    let (status, _) = run(case, guard, case.request(URL)).await;
    match protected {
        true => assert!(
            is_refusal(status),
            "{}: a changed {part} was answered {status}",
            case.name
        ),
        false => assert_eq!(
            status, 200,
            "{}: it protects its {part} and does not say so",
            case.name
        ),
    }
}

fn target_of(request: &Request<Bytes>) -> String {
    request.uri().path_and_query().unwrap().as_str().to_owned()
}

fn change_target(request: &mut Request<Bytes>, at: usize) {
    let mut target = target_of(request).into_bytes();
    if let Some(byte) = target.get_mut(at) {
        *byte = other(*byte);
    }
    *request.uri_mut() = String::from_utf8(target).unwrap().parse().unwrap();
}

fn change_body(request: &mut Request<Bytes>, at: usize) {
    let mut body = request.body().to_vec();
    if let Some(byte) = body.get_mut(at) {
        *byte = other(*byte);
    }
    *request.body_mut() = body.into();
}

fn other(byte: u8) -> u8 {
    if byte == b'5' { b'6' } else { b'5' }
}
