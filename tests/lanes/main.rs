//! NTLM on connections of its own, through both drivers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod exchange;
mod fair;
mod faults;
mod handshake;
mod http2;
mod load;
mod own;
mod server;
mod tls;

use conformance::serving::wanted;
use conformance::{Client, Driver, Load, Setup};
use countersign_core::{Any, Override};
use http::{Request, StatusCode};

const LANES: usize = 4;

/// What a server of ours answers to who is let in.
const SERVED: (StatusCode, &str) = (StatusCode::OK, "user0");

fn client(driver: Driver, scheme: Any) -> Client {
    with_lanes(driver, LANES, scheme)
}

fn with_lanes(driver: Driver, lanes: usize, scheme: Any) -> Client {
    let setup = Setup {
        lanes: Some(lanes),
        ..Setup::default()
    };
    driver.client(scheme, &setup)
}

fn get(url: &str) -> Request<Load> {
    wanted("GET", url, "user0", "")
}

fn put(url: &str) -> Request<Load> {
    wanted("PUT", url, "user0", "the body")
}

/// The same request by another scheme.
fn by(mut request: Request<Load>, scheme: Any) -> Request<Load> {
    request.extensions_mut().insert(Override::with(scheme));
    request
}

/// Status and text of the answer, or what went wrong.
async fn send(client: &Client, request: Request<Load>) -> Result<(StatusCode, String), String> {
    let response = client.send(request).await.map_err(|error| error.text)?;
    let text = String::from_utf8(response.body().to_vec()).unwrap();
    Ok((response.status(), text))
}

/// The same, of a request that is answered.
async fn answer(client: &Client, request: Request<Load>) -> (StatusCode, String) {
    send(client, request).await.unwrap()
}

fn served() -> (StatusCode, String) {
    (SERVED.0, SERVED.1.to_owned())
}
