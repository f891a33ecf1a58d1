//! Under load, from a server that closes connections at random.
//!
//! `COUNTERSIGN_LANES_REQUESTS` sets how many requests each driver sends; `cargo xtask soak` runs it in full.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use countersign_core::Any;
use countersign_testkit::{Handshake, HandshakeServer, RawServer};
use http::StatusCode;
use tokio::task::JoinSet;

use crate::{LANES, by_reqwest, by_tower, send_by_reqwest, send_by_tower, server};

const TASKS: usize = 200;
const IDENTITIES: usize = 8;
/// One connection in so many is closed after an answer: 5 %.
const CLOSED: usize = 20;

fn requests() -> usize {
    let set = std::env::var("COUNTERSIGN_LANES_REQUESTS").ok();
    set.and_then(|set| set.parse().ok()).unwrap_or(5_000)
}

fn identities() -> Vec<(String, Any)> {
    let named = (0..IDENTITIES).map(|index| format!("user{index}"));
    named
        .map(|user| (user.clone(), Any::new(Handshake::new(user))))
        .collect()
}

/// What became of many requests.
#[derive(Default)]
struct Count {
    served: AtomicUsize,
    refused: AtomicUsize,
    failed: AtomicUsize,
}

impl Count {
    fn add(&self, result: Result<(StatusCode, Bytes), String>, user: &str) {
        match result {
            Ok((StatusCode::OK, body)) => {
                assert_eq!(body, user.as_bytes(), "another's name");
                self.served.fetch_add(1, Ordering::Relaxed);
            }
            Ok(_) => drop(self.refused.fetch_add(1, Ordering::Relaxed)),
            Err(_) => drop(self.failed.fetch_add(1, Ordering::Relaxed)),
        }
    }
}

async fn load<F, R>(send: F) -> Count
where
    F: Fn(String, Any) -> R + Clone + Send + Sync + 'static,
    R: Future<Output = Result<(StatusCode, Bytes), String>> + Send,
{
    let (count, identities) = (Arc::new(Count::default()), Arc::new(identities()));
    let mut tasks = JoinSet::new();
    for task in 0..TASKS {
        let (count, identities, send) = (Arc::clone(&count), Arc::clone(&identities), send.clone());
        tasks.spawn(async move {
            for request in 0..requests() / TASKS {
                let (user, scheme) = &identities[(task + request) % IDENTITIES];
                count.add(send(user.clone(), scheme.clone()).await, user);
            }
        });
    }
    while let Some(ended) = tasks.join_next().await {
        ended.unwrap();
    }
    Arc::into_inner(count).unwrap()
}

fn hold(name: &str, count: &Count, server: &HandshakeServer, raw: &RawServer) {
    let total = requests() / TASKS * TASKS;
    let [served, refused, failed] =
        [&count.served, &count.refused, &count.failed].map(|count| count.load(Ordering::Relaxed));
    println!(
        "{name}: {total} requests in {IDENTITIES} identities by {TASKS} tasks: {served} served, {refused} refused, \
         {failed} failed with the connection; {} handshakes on {} connections, {} split, {} mixed",
        server.handshakes(),
        raw.connections(),
        server.split(),
        server.mixed(),
    );
    assert_eq!((server.split(), server.mixed()), (0, 0));
    assert_eq!(served + refused + failed, total);
    // A connection that is closed while a leg is under way may have been served: that leg is not sent again.
    assert!(
        refused == 0 && failed * 100 <= total * 5,
        "{refused} refused, {failed} failed"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn no_handshake_is_split_through_reqwest() {
    let (handshakes, raw) = server(CLOSED).await;
    let (client, url) = (
        by_reqwest(LANES, Any::new(Handshake::new("nobody"))),
        raw.url("/"),
    );
    let send = move |user, scheme| send_by_reqwest(client.clone(), url.clone(), user, scheme);
    hold("reqwest", &load(send).await, &handshakes, &raw);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_handshake_is_split_through_tower() {
    let (handshakes, raw) = server(CLOSED).await;
    let (client, url) = (
        by_tower(LANES, Any::new(Handshake::new("nobody"))),
        raw.url("/"),
    );
    let send = move |user, scheme| send_by_tower(client.clone(), url.clone(), user, scheme);
    hold("tower", &load(send).await, &handshakes, &raw);
}
