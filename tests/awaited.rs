//! A credential that is awaited: OAuth 2.0's token, fetched once however many want it, and once more when the server
//! refuses it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use conformance::{Client, Driver, Setup};
use countersign_core::ErrorKind;
use countersign_oauth2::OAuth2;
use countersign_testkit::{Answer, RawServer, Seen, TOKEN_MARK};
use futures_util::future::join_all;
use http::Request;
use serde_json::json;

const CALLERS: usize = 1000;

fn token(number: usize) -> String {
    format!("{TOKEN_MARK}{number}")
}

fn granted(number: usize) -> Answer {
    let answer = json!({"access_token": token(number), "token_type": "Bearer", "expires_in": 3600});
    Answer::new(200).body(answer.to_string())
}

/// One server that gives tokens and demands the latest.
#[derive(Clone, Default)]
struct Issuer {
    given: Arc<AtomicUsize>,
    asked: Arc<AtomicUsize>,
    closed: bool,
}

impl Issuer {
    fn answer(&self, seen: &Seen) -> Answer {
        if seen.request.target == "/token" {
            std::thread::sleep(std::time::Duration::from_millis(20));
            self.asked.fetch_add(1, Ordering::SeqCst);
            return match self.closed {
                true => Answer::new(503),
                false => granted(self.given.fetch_add(1, Ordering::SeqCst)),
            };
        }
        let latest = token(self.given.load(Ordering::SeqCst).wrapping_sub(1));
        let right = format!("Bearer {latest}");
        let right = seen.request.header("authorization") == Some(&right);
        Answer::new(if right { 200 } else { 401 })
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    /// Makes every token so far worthless.
    fn revoke(&self) {
        self.given.fetch_add(1, Ordering::SeqCst);
    }
}

async fn open(closed: bool) -> (Issuer, RawServer) {
    let issuer = Issuer {
        closed,
        ..Issuer::default()
    };
    let answering = issuer.clone();
    (
        issuer,
        RawServer::start(move |seen| answering.answer(seen)).await,
    )
}

fn client(driver: Driver, server: &RawServer) -> Client {
    let setup = Setup::default();
    let grant = OAuth2::client_credentials(server.url("/token"), "shop", TOKEN_MARK);
    driver.client(grant.build(driver.fetch(&setup)).unwrap(), &setup)
}

fn get(url: &str) -> Request<Bytes> {
    Request::get(url).body(Bytes::new()).unwrap()
}

async fn all(client: &Client, url: &str) -> Vec<u16> {
    join_all((0..CALLERS).map(|_| client.status(url))).await
}

#[tokio::test(flavor = "multi_thread")]
async fn many_callers_fetch_once_and_refresh_once() {
    for driver in Driver::ALL {
        let (issuer, server) = open(false).await;
        let client = client(driver, &server);
        let url = server.url("/");
        assert_eq!(all(&client, &url).await, [200; CALLERS], "{driver:?}");
        assert_eq!(issuer.asked(), 1, "{driver:?}");
        issuer.revoke();
        assert_eq!(all(&client, &url).await, [200; CALLERS], "{driver:?}");
        assert_eq!(issuer.asked(), 2, "{driver:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_callers_share_a_failure() {
    for driver in Driver::ALL {
        let (issuer, server) = open(true).await;
        let client = client(driver, &server);
        let url = server.url("/");
        for answer in join_all((0..CALLERS).map(|_| client.send(get(&url)))).await {
            let kind = answer.unwrap_err().kind;
            assert_eq!(kind, Some(ErrorKind::Fetch), "{driver:?}");
        }
        assert_eq!(issuer.asked(), 1, "{driver:?}");
        assert_eq!(
            server.seen().len(),
            1,
            "{driver:?}: nothing was sent without a token"
        );
    }
}

#[tokio::test]
async fn a_caller_that_is_dropped_harms_nobody() {
    for driver in Driver::ALL {
        let (issuer, server) = open(false).await;
        let client = client(driver, &server);
        let url = server.url("/");
        for polls in 1..20 {
            let mut leader = std::pin::pin!(client.status(&url));
            for _ in 0..polls {
                if futures_util::poll!(&mut leader).is_ready() {
                    break;
                }
                tokio::task::yield_now().await;
            }
        }
        assert_eq!(client.status(&url).await, 200, "{driver:?}");
        assert_eq!(issuer.asked(), 1, "{driver:?}");
    }
}

#[tokio::test]
async fn a_server_that_refuses_for_ever_costs_one_refresh_a_request() {
    for driver in Driver::ALL {
        let tokens = Arc::new(AtomicUsize::new(0));
        let given = Arc::clone(&tokens);
        let server = RawServer::start(move |seen| match &*seen.request.target {
            "/token" => granted(given.fetch_add(1, Ordering::SeqCst)),
            _ => Answer::new(401),
        })
        .await;
        let status = client(driver, &server).status(&server.url("/")).await;
        assert_eq!(status, 401, "{driver:?}");
        let counts = (server.seen().len(), tokens.load(Ordering::SeqCst));
        assert_eq!(counts, (4, 2), "{driver:?}");
    }
}
