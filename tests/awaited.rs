//! A credential that is awaited: fetched once however many want it, and once more when the server refuses it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use countersign_core::{Any, ErrorKind, FetchLimits};
use countersign_reqwest::{AuthMiddleware, ReqwestFetch, auth_error};
use countersign_testkit::{Answer, RawServer, Seen, TOKEN_MARK, Ticket};
use countersign_tower::{AuthLayer, TowerFetch};
use futures_util::future::join_all;
use http::{Request, StatusCode};
use http_body_util::Full;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use reqwest_middleware::{ClientBuilder, ClientWithMiddleware};
use tower::{Layer, ServiceExt};

const CALLERS: usize = 1000;

/// A ticket is as secret as any credential.
fn ticket(number: usize) -> String {
    format!("Ticket {TOKEN_MARK}{number}")
}

/// One server that gives tickets and demands the latest.
#[derive(Clone, Default)]
struct Office {
    given: Arc<AtomicUsize>,
    asked: Arc<AtomicUsize>,
    closed: bool,
}

impl Office {
    fn answer(&self, seen: &Seen) -> Answer {
        if seen.request.target == "/ticket" {
            std::thread::sleep(std::time::Duration::from_millis(20));
            self.asked.fetch_add(1, Ordering::SeqCst);
            return match self.closed {
                true => Answer::new(503),
                false => Answer::new(200).body(ticket(self.given.fetch_add(1, Ordering::SeqCst))),
            };
        }
        let latest = ticket(self.given.load(Ordering::SeqCst).wrapping_sub(1));
        let right = seen.request.header("authorization") == Some(&latest);
        Answer::new(if right { 200 } else { 401 })
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    /// Makes every ticket so far worthless.
    fn revoke(&self) {
        self.given.fetch_add(1, Ordering::SeqCst);
    }
}

async fn open(closed: bool) -> (Office, RawServer) {
    let office = Office {
        closed,
        ..Office::default()
    };
    let answering = office.clone();
    (
        office,
        RawServer::start(move |seen| answering.answer(seen)).await,
    )
}

fn builder() -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
}

fn by_reqwest(server: &RawServer) -> ClientWithMiddleware {
    let fetch = ReqwestFetch::new(builder(), FetchLimits::default()).unwrap();
    let auth = AuthMiddleware::new(Ticket::new(fetch, server.url("/ticket")));
    ClientBuilder::new(builder().build().unwrap())
        .with(auth)
        .build()
}

async fn all(client: &ClientWithMiddleware, url: &str) -> Vec<StatusCode> {
    let asked = (0..CALLERS).map(|_| async { client.get(url).send().await.unwrap().status() });
    join_all(asked).await
}

#[tokio::test(flavor = "multi_thread")]
async fn many_callers_fetch_once_and_refresh_once() {
    let (office, server) = open(false).await;
    let client = by_reqwest(&server);
    let url = server.url("/");
    assert!(all(&client, &url).await.iter().all(|status| *status == 200));
    assert_eq!(office.asked(), 1);
    office.revoke();
    assert!(all(&client, &url).await.iter().all(|status| *status == 200));
    assert_eq!(office.asked(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_callers_share_a_failure() {
    let (office, server) = open(true).await;
    let client = by_reqwest(&server);
    let url = server.url("/");
    let asked = (0..CALLERS).map(|_| async { client.get(&url).send().await.unwrap_err() });
    for error in join_all(asked).await {
        assert_eq!(auth_error(&error).unwrap().kind(), ErrorKind::Fetch);
    }
    assert_eq!(office.asked(), 1);
    assert_eq!(server.seen().len(), 1, "nothing was sent without a ticket");
}

#[tokio::test]
async fn a_caller_that_is_dropped_harms_nobody() {
    let (office, server) = open(false).await;
    let client = by_reqwest(&server);
    let url = server.url("/");
    for polls in 1..20 {
        let mut leader = std::pin::pin!(client.get(&url).send());
        for _ in 0..polls {
            if futures_util::poll!(&mut leader).is_ready() {
                break;
            }
            tokio::task::yield_now().await;
        }
    }
    assert_eq!(client.get(&url).send().await.unwrap().status(), 200);
    assert_eq!(office.asked(), 1);
}

#[tokio::test]
async fn a_server_that_refuses_for_ever_costs_one_refresh_a_request() {
    let tickets = Arc::new(AtomicUsize::new(0));
    let given = Arc::clone(&tickets);
    let server = RawServer::start(move |seen| match &*seen.request.target {
        "/ticket" => Answer::new(200).body(ticket(given.fetch_add(1, Ordering::SeqCst))),
        _ => Answer::new(401),
    })
    .await;
    let response = by_reqwest(&server)
        .get(server.url("/"))
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 401);
    assert_eq!(
        (server.seen().len(), tickets.load(Ordering::SeqCst)),
        (4, 2)
    );
}

#[tokio::test]
async fn the_same_through_tower() {
    let (office, server) = open(false).await;
    let hyper = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
    let scheme = Any::new(Ticket::new(TowerFetch::new(hyper), server.url("/ticket")));
    let pooled = Client::builder(TokioExecutor::new()).build_http();
    let client = AuthLayer::new(scheme).layer(pooled);
    for _ in 0..2 {
        let asked = (0..50).map(|_| {
            let request = Request::get(server.url("/"))
                .body(Full::<Bytes>::default())
                .unwrap();
            client.clone().oneshot(request)
        });
        for response in join_all(asked).await {
            assert_eq!(response.unwrap().status(), 200);
        }
        office.revoke();
    }
    assert_eq!(office.asked(), 2);
}
