//! Under load, from a server that closes connections at random.
//!
//! `COUNTERSIGN_LANES_REQUESTS` sets how many requests each driver sends; `cargo xtask soak` runs it in full.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use conformance::serving::{Closing, Counted, Serving, USERS, user, wanted};
use conformance::{Client, Driver, Failed};
use countersign_core::Any;
use http::{HeaderValue, Response, StatusCode};
use tokio::task::JoinSet;

use crate::{LANES, by, client};

const TASKS: usize = 200;
/// One connection in so many is closed with an answer: 5 %.
const ONE_IN: usize = 20;

fn requests() -> usize {
    let set = std::env::var("COUNTERSIGN_LANES_REQUESTS").ok();
    set.and_then(|set| set.parse().ok()).unwrap_or(5_000)
}

/// What became of the requests.
#[derive(Default)]
struct Count {
    served: AtomicUsize,
    refused: AtomicUsize,
    /// The connection was closed while the request was under way.
    failed: AtomicUsize,
    /// The server said twice, in the middle of a handshake, that it closes.
    given_up: AtomicUsize,
}

impl Count {
    fn add(&self, outcome: Result<Response<bytes::Bytes>, Failed>, name: &str) {
        let place = match outcome {
            Ok(response) if response.status() == StatusCode::OK => {
                assert_eq!(response.body(), name.as_bytes(), "in another's name");
                &self.served
            }
            Ok(_) => &self.refused,
            Err(error) if error.text.contains("in the middle of the NTLM handshake") => {
                &self.given_up
            }
            Err(_) => &self.failed,
        };
        place.fetch_add(1, Ordering::Relaxed);
    }

    fn read(&self) -> [usize; 4] {
        [&self.served, &self.refused, &self.failed, &self.given_up]
            .map(|count| count.load(Ordering::Relaxed))
    }
}

/// Many tasks of one client, each in everybody's name in turn.
struct Load {
    client: Client,
    server: Serving,
    users: Vec<Any>,
    count: Count,
}

impl Load {
    async fn task(self: Arc<Self>, task: usize) {
        for turn in 0..requests() / TASKS {
            let index = (task + turn) % USERS;
            let (name, number) = (format!("user{index}"), format!("{task}-{turn}"));
            let (method, body) = match turn % 3 {
                0 => ("PUT", "the body"),
                _ => ("GET", ""),
            };
            let mut sent = wanted(method, &self.server.url(), &name, body);
            sent.headers_mut()
                .insert("x-number", HeaderValue::from_str(&number).unwrap());
            let outcome = self.client.send(by(sent, self.users[index].clone())).await;
            // Nothing that failed was served: to send it again is up to the caller, and safe.
            assert!(
                outcome.is_ok() || !self.server.has_served(&number),
                "{number}"
            );
            self.count.add(outcome, &name);
        }
    }
}

async fn load(driver: Driver, closing: Closing) -> (Counted, [usize; 4]) {
    let load = Arc::new(Load {
        client: client(driver, user(0)),
        server: Serving::start(closing).await,
        users: (0..USERS).map(user).collect(),
        count: Count::default(),
    });
    let mut tasks = JoinSet::new();
    (0..TASKS).for_each(|task| drop(tasks.spawn(Arc::clone(&load).task(task))));
    while let Some(ended) = tasks.join_next().await {
        ended.unwrap();
    }
    let (server, count) = (load.server.counted(), load.count.read());
    println!(
        "{driver:?}, {closing:?}: {} requests of {USERS} users by {TASKS} tasks, {LANES} lanes for each user: {} served, \
         {} refused, {} failed with the connection, {} given up; {server:?}, {} connections",
        requests() / TASKS * TASKS,
        count[0],
        count[1],
        count[2],
        count[3],
        load.server.raw.connections(),
    );
    (server, count)
}

fn holds((server, [served, refused, failed, given_up]): (Counted, [usize; 4])) {
    assert_eq!((server.split, server.mixed, server.repeated), (0, 0, 0));
    assert_eq!(refused, 0);
    assert_eq!(served + failed + given_up, requests() / TASKS * TASKS);
    // One leg for each request, one more for each handshake, and one for each that asked before anything was known.
    assert_eq!(server.legs, served + server.greetings + server.asked);
    assert!(server.asked <= TASKS, "{server:?}");
    assert!(
        server.greetings <= server.handshakes + server.closed,
        "{server:?}"
    );
    assert!(
        server.handshakes >= USERS * LANES,
        "several connections for each"
    );
    assert!(failed <= server.closed, "each for a connection of its own");
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_are_closed_without_a_word() {
    for driver in Driver::WITH_LANES {
        let (server, count) = load(driver, Closing::Silently(ONE_IN)).await;
        holds((server, count));
        assert_eq!(count[3], 0);
    }
}

/// Then no request is under way on a connection that is closed.
#[tokio::test(flavor = "multi_thread")]
async fn connections_whose_end_is_announced() {
    for driver in Driver::WITH_LANES {
        let (server, count) = load(driver, Closing::Announced(ONE_IN)).await;
        holds((server, count));
        assert_eq!(count[2], 0);
    }
}
