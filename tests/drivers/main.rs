//! What the drivers do, whatever the scheme: on raw sockets, with schemes that do what a test says.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod bodies;
mod cancel;
mod cookies;
mod drain;
mod fetch;
mod legs;
mod middleware;
mod proxy;
mod retry;
mod scope;
mod shapes;
mod touches;
mod tunnel;

use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use conformance::{Client, Driver, Setup};
use countersign_core::{Scheme, Settings};
use countersign_testkit::{Answer, RawServer, Then};
use http::Request;

/// A server that answers with `first` once and with 200 from then on.
async fn refusing(first: Answer) -> RawServer {
    let count = AtomicUsize::new(0);
    RawServer::start(move |_| match count.fetch_add(1, Ordering::SeqCst) {
        0 => first.clone(),
        _ => Answer::new(200).body("ok"),
    })
    .await
}

fn settings() -> Settings {
    Settings::default()
}

fn client(driver: Driver, scheme: impl Scheme, settings: Settings) -> Client {
    driver.client(scheme, &Setup::settings(settings))
}

fn get(url: &str) -> Request<Bytes> {
    Request::get(url).body(Bytes::new()).unwrap()
}

/// A 401 that closes its connection.
fn refusal() -> Answer {
    Answer::new(401)
        .header("www-authenticate", "Shape")
        .then(Then::Keep)
}
