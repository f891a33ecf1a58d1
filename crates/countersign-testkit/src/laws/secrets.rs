//! No secret shows.

use bytes::Bytes;
use countersign_core::Settings;
use http::{Request, Response, StatusCode};

use super::{URL, send};
use crate::canary::{Canary, assert_clean};
use crate::case::{Case, Keys};
use crate::logs;
use crate::peer::Peer;

/// No secret shows in what is configured, in the fields of a request, in an error, in the log or in a panic.
pub async fn keeps_secrets(case: &Case) {
    let watch = logs::watch();
    let keys = Keys::new(Canary::token().as_str());
    assert_clean("the configuration", (case.debug)(&keys).as_bytes());
    fields(case, &keys).await;
    errors(case, &keys).await;
    preview(case, &keys).await;
    drop(watch);
}

/// Fields with a credential are marked, so that `Debug` hides them.
async fn fields(case: &Case, keys: &Keys) {
    let peer = Peer::verifying((case.server)(keys));
    let response = send((case.client)(keys), &peer, case.request(URL))
        .await
        .unwrap();
    assert_clean("the answer", format!("{response:?}").as_bytes());
    for request in peer.seen() {
        assert_clean("the fields", format!("{:?}", request.headers()).as_bytes());
    }
}

/// What a hostile server makes a client say.
async fn errors(case: &Case, keys: &Keys) {
    for challenge in [
        &b"Digest realm=\"\xff\", nonce=\"n\", algorithm=none"[..],
        b"Basic x=",
        b"Bearer \"",
        b"\xff",
    ] {
        let refuse = move |_: &Request<Bytes>| {
            let mut response = Response::new(Bytes::new());
            *response.status_mut() = StatusCode::UNAUTHORIZED;
            let value = http::HeaderValue::from_bytes(challenge).unwrap();
            response.headers_mut().insert("www-authenticate", value);
            response
        };
        if let Err(error) = send((case.client)(keys), &Peer::new(refuse), case.request(URL)).await {
            assert_clean("an error", chain(&error).as_bytes());
        }
    }
}

/// An error with all its sources, in both forms.
fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let sources = std::iter::successors(Some(error), |error| error.source());
    sources
        .map(|error| format!("{error} {error:?}\n"))
        .collect()
}

async fn preview(case: &Case, keys: &Keys) {
    let settings = Settings::default().allow_cleartext(true);
    let shown = countersign_core::preview(&(case.client)(keys), &settings, case.request(URL)).await;
    match shown {
        Ok(preview) => assert_clean("the preview", format!("{:?}", preview.added).as_bytes()),
        Err(error) => assert_clean("an error", chain(&error).as_bytes()),
    }
}
