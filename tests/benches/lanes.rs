//! Throughput over lanes, beside the same client without authentication.
//!
//! All send to one server, in turns, so that what else the machine does disturbs them alike. What counts is the ratio of
//! neighbours, and of those the median.
//!
//! NTLM is measured twice: to the route that all others use, where the server does the same work for each of them and
//! only the client's part differs; and to one that the server verifies.
//!
//! All of it once with a server that answers at once, where the two processors are what there is too little of, and once
//! with one that takes a while, where it is the connections.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::{Router, routing::get};
use bytes::Bytes;
use conformance::serving::{USERS, accounts, user};
use conformance::{Client, Driver, Setup, net};
use countersign_core::{Any, Override};
use countersign_ntlm::NtlmVerifier;
use countersign_tower::{PerConnection, VerifyLayer};
use http::header::AUTHORIZATION;
use http::{HeaderMap, Request};
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
    /// Makes the connections.
    warm: Send,
    send: Send,
}

/// By its place in the list of contenders.
const WITHOUT: usize = 1;
const NTLM: usize = 2;
const VERIFIED: usize = 3;

/// How long a server takes for an answer.
const WORK: [Duration; 2] = [Duration::ZERO, Duration::from_millis(2)];

async fn hello(State(work): State<Duration>) -> &'static str {
    if !work.is_zero() {
        tokio::time::sleep(work).await;
    }
    "hello"
}

/// The route that verifies nothing: what authenticates a connection does not come here.
async fn open(work: State<Duration>, headers: HeaderMap) -> &'static str {
    assert!(!headers.contains_key(AUTHORIZATION), "a lane is not warm");
    hello(work).await
}

async fn serve(work: Duration) -> SocketAddr {
    let verifier = NtlmVerifier::builder("LAB", accounts()).build().unwrap();
    let closed = Router::new().route("/closed", get(hello));
    let app = closed
        .layer(VerifyLayer::new(verifier))
        .route("/open", get(open))
        .with_state(work);
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

/// Requests of a client with lanes, by one of the schemes, or by none.
fn laned(client: &Client, url: &str, schemes: &[Any]) -> Send {
    let (client, url, schemes) = (client.clone(), url.to_owned(), schemes.to_vec());
    Arc::new(move |task| {
        let scheme = schemes.get(task % USERS).cloned();
        let scheme = scheme.map_or_else(Override::none, Override::with);
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

fn contenders(driver: Driver, address: SocketAddr) -> [Contender; 4] {
    let [open, closed] = ["open", "closed"].map(|path| format!("http://{address}/{path}"));
    let setup = Setup {
        lanes: Some(LANES),
        ..Setup::default()
    };
    let client = driver.client(user(0), &setup);
    let users: Vec<_> = (0..USERS).map(user).collect();
    let pooled = match driver {
        Driver::Reqwest => pooled_reqwest(&open),
        _ => pooled_hyper(&open),
    };
    let without = laned(&client, &open, &[]);
    let without = bounded(move || without(0));
    let verified = laned(&client, &closed, &users);
    let ntlm = laned(&client, &open, &users);
    let contender = |name, warm: &Send, send| Contender {
        name,
        warm: Arc::clone(warm),
        send,
    };
    [
        contender("the plain client", &pooled, Arc::clone(&pooled)),
        contender(
            "ours without authentication",
            &without,
            Arc::clone(&without),
        ),
        contender("NTLM", &verified, ntlm),
        contender(
            "NTLM, verified by the server",
            &verified,
            Arc::clone(&verified),
        ),
    ]
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

async fn compare(driver: Driver, work: Duration) {
    let address = serve(work).await;
    let contenders = contenders(driver, address);
    for contender in &contenders {
        throughput(&contender.warm).await;
    }
    let mut rounds: Vec<[f64; 4]> = Vec::new();
    for round in 0..ROUNDS {
        let mut times = [0.0; 4];
        for turn in 0..times.len() {
            let index = (round + turn) % times.len();
            times[index] = throughput(&contenders[index].send).await;
        }
        rounds.push(times);
    }
    let of = |value: &dyn Fn(&[f64; 4]) -> f64| median(rounds.iter().map(value).collect());
    println!(
        "\n{driver:?}, {TASKS} tasks, {} connections, a server that takes {work:?}: requests a second, share of {}",
        USERS * LANES,
        contenders[0].name
    );
    for (index, contender) in contenders.iter().enumerate() {
        let (rate, share) = (
            of(&|round| round[index]),
            of(&|round| round[index] / round[0]),
        );
        println!("  {:<30}{rate:>9.0}{share:>8.3}", contender.name);
    }
    println!(
        "  NTLM has {:.3} of what the same client has without, {:.3} where the server verifies",
        of(&|round| round[NTLM] / round[WITHOUT]),
        of(&|round| round[VERIFIED] / round[WITHOUT])
    );
}

#[tokio::main]
async fn main() {
    for work in WORK {
        for driver in Driver::WITH_LANES {
            compare(driver, work).await;
        }
    }
}
