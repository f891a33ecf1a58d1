//! `Auth` from parameters and from Postman's `auth` object: what it sends, what it refuses.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(all(
    feature = "apikey",
    feature = "basic",
    feature = "bearer",
    feature = "digest",
    feature = "edgegrid",
    feature = "hawk",
    feature = "jwt",
    feature = "ntlm",
    feature = "oauth1",
    feature = "oauth2",
    feature = "sigv4"
))]

countersign_testkit::watched!();

#[path = "auth/bad_inputs.rs"]
mod bad_inputs;
#[path = "auth/choice.rs"]
mod choice;
#[path = "auth/client.rs"]
mod client;
#[path = "auth/edgerc.rs"]
mod edgerc;
#[path = "auth/ntlm.rs"]
mod ntlm;
#[path = "auth/oauth2/mod.rs"]
mod oauth2;
#[path = "auth/object.rs"]
mod object;
#[path = "auth/postman.rs"]
mod postman;
#[path = "auth/server.rs"]
mod server;
#[path = "auth/signing.rs"]
mod signing;
#[path = "auth/sigv4.rs"]
mod sigv4;
#[path = "auth/tokens.rs"]
mod tokens;

use std::future::Future;
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::Bytes;
use countersign::verify::{AnyVerifier, Reason, Verdict, Verify};
use countersign::{
    Auth, AuthType, FixedClock, Options, Parameters, Payload, Preview, Result, Settings, Sources,
    preview,
};
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

/// Options of a client or a server at this time, without TLS.
fn at(unix: u64) -> Options {
    let sources = Sources {
        clock: Arc::new(FixedClock(Duration::from_secs(unix))),
        ..Sources::default()
    };
    Options::new().sources(sources).cleartext(true)
}

/// A file of another crate's tests.
fn file(path: &str) -> String {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    std::fs::read_to_string(crates.join(path)).unwrap()
}

fn judged(
    verifier: &AnyVerifier<String>,
    head: &http::request::Parts,
    body: &[u8],
) -> Result<String, Reason> {
    let body = Payload::whole(Bytes::copy_from_slice(body));
    match now(verifier.verify(head, &body)).unwrap() {
        Verdict::Accept(accepted) => Ok(accepted.principal),
        Verdict::Refuse(refusal) => Err(refusal.reason),
    }
}
