//! Many tasks, some users, and a server that closes connections as it likes.
//!
//! `COUNTERSIGN_LANES_REQUESTS` sets how many requests each driver sends.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use http::StatusCode;
use tokio::task::JoinSet;

use super::net::{Driver, Sender};
use super::serving::{Serving, USERS, certificates};
use super::{get, put, user};

const TASKS: usize = 50;

fn requests() -> usize {
    let set = std::env::var("COUNTERSIGN_LANES_REQUESTS").ok();
    set.and_then(|set| set.parse().ok()).unwrap_or(1_000)
}

/// What became of the requests.
#[derive(Default)]
struct Count {
    served: AtomicUsize,
    refused: AtomicUsize,
    failed: AtomicUsize,
}

impl Count {
    fn add(&self, outcome: Result<(StatusCode, bytes::Bytes), String>, name: &str) {
        let place = match outcome {
            Ok((StatusCode::OK, body)) => {
                assert_eq!(body, name.as_bytes(), "in another's name");
                &self.served
            }
            Ok(_) => &self.refused,
            Err(_) => &self.failed,
        };
        place.fetch_add(1, Ordering::Relaxed);
    }

    fn read(&self) -> [usize; 3] {
        [&self.served, &self.refused, &self.failed].map(|count| count.load(Ordering::Relaxed))
    }
}

async fn task(
    number: usize,
    client: Sender,
    url: String,
    users: Arc<Vec<countersign_core::Any>>,
    count: Arc<Count>,
) {
    for request in 0..requests() / TASKS {
        let index = (number + request) % USERS;
        let name = format!("user{index}");
        let sent = if request % 3 == 0 {
            put(&name)
        } else {
            get(&name)
        };
        let outcome = client.send(&url, sent.by(users[index].clone())).await;
        count.add(outcome, &name);
    }
}

async fn load(driver: Driver) {
    let server = Serving::start(20).await;
    let users = Arc::new((0..USERS).map(user).collect::<Vec<_>>());
    let (client, count) = (
        driver.client(user(0), certificates()),
        Arc::new(Count::default()),
    );
    let mut tasks = JoinSet::new();
    for number in 0..TASKS {
        let (users, count) = (Arc::clone(&users), Arc::clone(&count));
        tasks.spawn(task(number, client.clone(), server.url(), users, count));
    }
    while let Some(ended) = tasks.join_next().await {
        ended.unwrap();
    }
    let [served, refused, failed] = count.read();
    let total = requests() / TASKS * TASKS;
    println!(
        "{driver:?}: {total} requests of {USERS} users by {TASKS} tasks: {served} served, {refused} refused, {failed} failed \
         with the connection; {} handshakes on {} connections, {} legs, {} split, {} mixed",
        server.handshakes(),
        server.raw.connections(),
        server.raw.seen().len(),
        server.split(),
        server.mixed(),
    );
    assert_eq!((server.split(), server.mixed(), refused), (0, 0, 0));
    assert_eq!(served + failed, total);
    // A leg that was under way when its connection closed may have been served, so it is not sent again.
    assert!(failed * 100 <= total * 5, "{failed} failed");
    assert!(server.handshakes() > USERS, "several connections for each");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_handshake_is_split_through_reqwest() {
    load(Driver::Reqwest).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_handshake_is_split_through_tower() {
    load(Driver::Tower).await;
}
