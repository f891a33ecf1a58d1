//! `Auth` from parameters and from Postman's `auth` object: what it sends, what it refuses.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(all(
    feature = "apikey",
    feature = "basic",
    feature = "bearer",
    feature = "digest",
    feature = "sigv4"
))]

#[path = "auth/choice.rs"]
mod choice;
#[path = "auth/client.rs"]
mod client;
#[path = "auth/object.rs"]
mod object;
#[path = "auth/server.rs"]
mod server;
#[path = "auth/sigv4.rs"]
mod sigv4;

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use countersign::{Auth, AuthType, Options, Parameters, Preview, Result, Settings, preview};
use http::Request;

/// Runs what is ready at once.
fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("it waits"),
    }
}

fn auth(kind: AuthType, parameters: &[(&str, &str)], lenient: bool) -> Result<Auth> {
    let parameters: Parameters = parameters.iter().copied().collect();
    Auth::from_parameters(kind, &parameters, &Options::new().lenient(lenient))
}

/// The first leg of a request that it signs.
fn signed(auth: &Auth) -> Preview {
    let request = Request::get("https://example.com/dir/index.html?x=1")
        .body(Bytes::new())
        .unwrap();
    now(preview(auth, &Settings::default(), request)).unwrap()
}

fn header(auth: &Auth, name: &str) -> String {
    let request = signed(auth).request;
    request.headers()[name].to_str().unwrap().to_owned()
}
