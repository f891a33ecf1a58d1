//! Retries stand above authentication, so that each is signed anew.

use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use conformance::driver::through_reqwest;
use conformance::net;
use countersign_core::verify::Verdict;
use countersign_reqwest::AuthMiddleware;
use countersign_testkit::{Answer, Keys, RawServer, judge, toy};
use http::{Extensions, Request, StatusCode};
use reqwest_middleware::{ClientBuilder, Middleware, Next, Result};

/// Tries once more after a 503.
struct Retry;

#[async_trait::async_trait]
impl Middleware for Retry {
    async fn handle(
        &self,
        request: reqwest::Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> Result<reqwest::Response> {
        let again = request.try_clone().unwrap();
        let response = next.clone().run(request, extensions).await?;
        match response.status() {
            StatusCode::SERVICE_UNAVAILABLE => next.run(again, extensions).await,
            _ => Ok(response),
        }
    }
}

/// A server that refuses replays; what it accepts first it cannot serve yet.
async fn busy(keys: &Keys) -> RawServer {
    let (verifier, accepted) = ((toy::sound().server)(keys), AtomicUsize::new(0));
    RawServer::start(move |seen| {
        let (parts, body) = seen.request.to_http().into_parts();
        match judge(&verifier, &parts, &body) {
            Verdict::Refuse(_) => Answer::new(401),
            Verdict::Accept(_) if accepted.fetch_add(1, Ordering::SeqCst) == 0 => Answer::new(503),
            Verdict::Accept(_) => Answer::new(200),
        }
    })
    .await
}

async fn status(
    builder: impl FnOnce(ClientBuilder, AuthMiddleware<countersign_core::Any>) -> ClientBuilder,
) -> u16 {
    let keys = Keys::new("secret");
    let server = busy(&keys).await;
    let inner = net::reqwest(net::certificates()).build().unwrap();
    let auth = AuthMiddleware::new((toy::sound().client)(&keys));
    let client = through_reqwest(builder(ClientBuilder::new(inner), auth).build());
    let request = Request::post(server.url("/"))
        .body(Bytes::from_static(b"x"))
        .unwrap();
    let status = client.send(request).await.unwrap().status().as_u16();
    assert_eq!(server.seen().len(), 2);
    status
}

#[tokio::test]
async fn above_authentication_a_retry_is_signed_anew() {
    assert_eq!(
        status(|client, auth| client.with(Retry).with(auth)).await,
        200
    );
}

/// Why the order matters: below, the retry is a replay.
#[tokio::test]
async fn below_authentication_a_retry_is_a_replay_and_refused() {
    assert_eq!(
        status(|client, auth| client.with(auth).with(Retry)).await,
        401
    );
}
