//! Throughput over lanes, beside the same client without authentication.
//!
//! All send to one server, in turns, so that what else the machine does disturbs them alike. What counts is the ratio of
//! neighbours, and of those the median.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Instant;

use axum::{Router, routing::get};
use bytes::Bytes;
use conformance::serving::{USERS, accounts, user};
use conformance::{Driver, Setup, net};
use countersign_core::{Any, Override};
use countersign_ntlm::NtlmVerifier;
use countersign_tower::{PerConnection, VerifyLayer};
use http::Request;
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy;
use hyper_util::rt::TokioExecutor;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

const TASKS: usize = 200;
const LANES: usize = 4;
const ROUNDS: usize = 31;
const REQUESTS: usize = 2_000;

/// Sends one request in the name of a task.
type Send = Arc<
    dyn Fn(usize) -> Pin<Box<dyn Future<Output = ()> + std::marker::Send>>
        + std::marker::Send
        + Sync,
>;

struct Contender {
    name: &'static str,
    send: Send,
}

async fn serve() -> SocketAddr {
    let verifier = NtlmVerifier::builder("LAB", accounts()).build().unwrap();
    let hello = || async { "hello" };
    let closed = Router::new().route("/closed", get(hello));
    let app = closed
        .layer(VerifyLayer::new(verifier))
        .route("/open", get(hello));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async { axum::serve(listener, PerConnection::new(app)).await });
    address
}

/// As many connections at once as there are lanes.
fn bounded<F>(send: impl Fn() -> F + Clone + std::marker::Send + Sync + 'static) -> Send
where
    F: Future<Output = ()> + std::marker::Send,
{
    let places = Arc::new(Semaphore::new(USERS * LANES));
    Arc::new(move |_| {
        let (send, places) = (send.clone(), Arc::clone(&places));
        Box::pin(async move {
            let _place = places.acquire().await.unwrap();
            send().await;
        })
    })
}

fn pooled_reqwest(url: &str) -> Send {
    let (client, url) = (
        net::reqwest(net::certificates()).build().unwrap(),
        url.to_owned(),
    );
    bounded(move || {
        let sent = client.get(&url).send();
        async { assert_eq!(sent.await.unwrap().bytes().await.unwrap(), "hello") }
    })
}

fn pooled_hyper(url: &str) -> Send {
    let connector = net::connector(net::certificates());
    let client = legacy::Client::builder(TokioExecutor::new()).build(connector);
    let url = url.to_owned();
    bounded(move || {
        let sent = client.request(Request::get(&url).body(Full::<Bytes>::default()).unwrap());
        async {
            let body = sent.await.unwrap().into_body().collect().await.unwrap();
            assert_eq!(body.to_bytes(), "hello");
        }
    })
}

/// The client with its lanes; requests by `scheme` of a task, or by none.
fn laned(
    driver: Driver,
    url: &str,
    scheme: impl Fn(usize) -> Option<Any> + std::marker::Send + Sync + 'static,
) -> Send {
    let setup = Setup {
        lanes: Some(LANES),
        ..Setup::default()
    };
    let (client, url) = (driver.client(user(0), &setup), url.to_owned());
    Arc::new(move |task| {
        let scheme = scheme(task).map_or_else(Override::none, Override::with);
        let request = Request::get(&url)
            .extension(scheme)
            .body(Bytes::new())
            .unwrap();
        let client = client.clone();
        Box::pin(async move {
            let response = client.send(request).await.unwrap();
            assert_eq!(response.body(), "hello");
        })
    })
}

fn contenders(driver: Driver, address: SocketAddr) -> [Contender; 3] {
    let [open, closed] = ["open", "closed"].map(|path| format!("http://{address}/{path}"));
    let users: Vec<_> = (0..USERS).map(user).collect();
    let pooled = match driver {
        Driver::Reqwest => pooled_reqwest(&open),
        _ => pooled_hyper(&open),
    };
    let without = laned(driver, &open, |_| None);
    let without = bounded(move || without(0));
    let ntlm = laned(driver, &closed, move |task| {
        Some(users[task % USERS].clone())
    });
    [
        ("the plain client", pooled),
        ("ours without authentication", without),
        ("NTLM", ntlm),
    ]
    .map(|(name, send)| Contender { name, send })
}

/// Requests a second.
async fn throughput(send: &Send) -> f64 {
    let began = Instant::now();
    let mut tasks = JoinSet::new();
    for task in 0..TASKS {
        let send = Arc::clone(send);
        tasks.spawn(async move {
            for _ in 0..REQUESTS / TASKS {
                send(task).await;
            }
        });
    }
    while let Some(ended) = tasks.join_next().await {
        ended.unwrap();
    }
    REQUESTS as f64 / began.elapsed().as_secs_f64()
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

async fn compare(driver: Driver, address: SocketAddr) {
    let contenders = contenders(driver, address);
    let mut rounds: Vec<[f64; 3]> = Vec::new();
    for round in 0..=ROUNDS {
        let mut times = [0.0; 3];
        for turn in 0..3 {
            let index = (round + turn) % 3;
            times[index] = throughput(&contenders[index].send).await;
        }
        rounds.push(times);
    }
    // The first one makes the connections.
    rounds.remove(0);
    println!(
        "\n{driver:?}, {TASKS} tasks, {} connections: requests a second, share of {}",
        USERS * LANES,
        contenders[0].name
    );
    for (index, contender) in contenders.iter().enumerate() {
        let of = |divisor: fn(&[f64; 3]) -> f64| {
            median(
                rounds
                    .iter()
                    .map(|round| round[index] / divisor(round))
                    .collect(),
            )
        };
        println!(
            "  {:<30}{:>9.0}{:>8.3}",
            contender.name,
            of(|_| 1.0),
            of(|round| round[0])
        );
    }
    let ratio = rounds.iter().map(|round| round[2] / round[1]).collect();
    println!(
        "  NTLM has {:.3} of what the same client has without",
        median(ratio)
    );
}

#[tokio::main]
async fn main() {
    let address = serve().await;
    for driver in Driver::WITH_LANES {
        compare(driver, address).await;
    }
}
