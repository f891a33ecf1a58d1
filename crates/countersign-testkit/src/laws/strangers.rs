//! Who has no, wrong, malformed, doubled or used credentials is refused.

use bytes::Bytes;
use http::Request;
use http::header::HOST;

use super::{URL, is_refusal, run, send};
use crate::canary::Canary;
use crate::case::{Case, Keys, Nonce};
use crate::peer::Peer;

/// Missing, wrong (by one byte, or in length), malformed and doubled credentials are refused.
pub async fn refuses_strangers(case: &Case) {
    let keys = Keys::new(Canary::token().as_str());
    let peer = Peer::verifying((case.server)(&keys));
    let plain = peer.answer(case.request(URL)).await.status().as_u16();
    assert!(
        matches!(plain, 401 | 403),
        "{}: no credentials were answered {plain}",
        case.name
    );
    malformed(case, &peer).await;
    for secret in near(&keys.secret) {
        wrong(case, &keys, secret).await;
    }
    doubled(case).await;
}

async fn malformed(case: &Case, peer: &Peer) {
    let (mut parts, body) = case.request(URL).into_parts();
    (case.malform)(&mut parts);
    let status = peer
        .answer(Request::from_parts(parts, body))
        .await
        .status()
        .as_u16();
    assert!(
        matches!(status, 400 | 401),
        "{}: malformed credentials were answered {status}",
        case.name
    );
}

async fn wrong(case: &Case, keys: &Keys, secret: String) {
    let peer = Peer::verifying((case.server)(keys));
    let stranger = Keys {
        secret,
        ..keys.clone()
    };
    let response = send((case.client)(&stranger), &peer, case.request(URL)).await;
    let status = response.unwrap().status().as_u16();
    assert!(
        is_refusal(status),
        "{}: a wrong secret was answered {status}",
        case.name
    );
}

/// Secrets that are almost right.
fn near(secret: &str) -> Vec<String> {
    let changed = |at: usize| format!("{}!{}", &secret[..at], &secret[at + 1..]).replace('!', "0");
    let mut all: Vec<String> = (0..secret.len())
        .map(changed)
        .filter(|near| near != secret)
        .collect();
    all.extend([
        format!("{secret}0"),
        secret[1..].to_owned(),
        secret.to_uppercase(),
    ]);
    all
}

async fn doubled(case: &Case) {
    let plain = case.request(URL);
    let double = move |request: &mut Request<Bytes>| double(&plain, request);
    let peer = |keys: &_| Peer::guarding((case.server)(keys), double, |_| Default::default());
    let (status, _) = run(case, peer, case.request(URL)).await;
    assert!(
        is_refusal(status),
        "{}: doubled credentials were answered {status}",
        case.name
    );
}

/// Puts everything that `request` has beyond `plain` into it once more.
fn double(plain: &Request<Bytes>, request: &mut Request<Bytes>) {
    let added = request
        .headers()
        .iter()
        .filter(|(name, _)| **name != HOST && !plain.headers().contains_key(*name));
    let added: Vec<_> = added
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    request.headers_mut().extend(added);
    let query = request.uri().query().unwrap_or_default();
    let query = doubled_pairs(plain.uri().query().unwrap_or_default(), query);
    *request.uri_mut() = format!("{}?{query}", request.uri().path()).parse().unwrap();
    let form = |body: &Bytes| String::from_utf8(body.to_vec()).unwrap();
    *request.body_mut() = doubled_pairs(&form(plain.body()), &form(request.body())).into();
}

fn doubled_pairs(plain: &str, pairs: &str) -> String {
    let own: Vec<&str> = plain.split('&').collect();
    let added: String = pairs
        .split('&')
        .filter(|pair| !own.contains(pair))
        .map(|pair| format!("&{pair}"))
        .collect();
    format!("{pairs}{added}")
}

/// A request that was accepted is refused when it comes again, where the scheme has a nonce.
pub async fn refuses_replay(case: &Case) {
    let keys = Keys::new(Canary::token().as_str());
    let peer = Peer::verifying((case.server)(&keys));
    let response = send((case.client)(&keys), &peer, case.request(URL))
        .await
        .unwrap();
    assert_eq!(response.status(), 200, "{}", case.name);
    let again = peer
        .answer(peer.seen().pop().unwrap())
        .await
        .status()
        .as_u16();
    match case.nonce {
        Nonce::Once => assert_eq!(again, 401, "{}: a replay", case.name),
        Nonce::None => assert_eq!(
            again, 200,
            "{}: it refuses replays and does not say so",
            case.name
        ),
    }
}
