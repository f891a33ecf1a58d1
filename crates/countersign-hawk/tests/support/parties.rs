//! A client and a server that agree on the time.
#![allow(dead_code, unreachable_pub)] // No test uses all of it.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use countersign_core::verify::{Accepted, Refusal, Verdict, Verify};
use countersign_core::{Begin, Cx, Exchange, FixedClock, Payload, Result, Scheme, Sources};
use countersign_hawk::{
    Algorithm, Caller, Credentials, Hawk, HawkExchange, HawkVerifier, HawkVerifierBuilder,
    MemoryKeys,
};
use http::header::HOST;
use http::{HeaderValue, Response, request, response};

/// The time of the published example.
pub const TIME: u64 = 1_353_832_234;
pub const ID: &str = "dh37fgj492je";
pub const KEY: &str = "werxhqb98rpaxn39848xrunpaw3489ruxnpa98w4rxn";

pub fn at(unix: u64) -> Sources {
    Sources {
        clock: Arc::new(FixedClock(Duration::from_secs(unix))),
        ..Sources::default()
    }
}

pub fn credentials() -> Credentials {
    Credentials::new(ID, KEY, Algorithm::Sha256).unwrap()
}

pub fn client() -> Hawk {
    Hawk::new(credentials()).sources(at(TIME))
}

pub fn server() -> HawkVerifierBuilder {
    server_for(credentials())
}

pub fn server_for(credentials: Credentials) -> HawkVerifierBuilder {
    HawkVerifier::builder(MemoryKeys::new([credentials])).sources(at(TIME))
}

/// Nothing here waits.
pub fn now<T>(begin: Begin<T>) -> Result<T> {
    match pin!(begin).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => panic!("it waits"),
    }
}

pub fn judge(verifier: &HawkVerifier, head: &request::Parts, body: &[u8]) -> Verdict<Caller> {
    let body = match verifier.reads_body(head) {
        true => Payload::whole(body.to_vec().into()),
        false => Payload::stream(Some(body.len() as u64)),
    };
    now(verifier.verify(head, &body)).unwrap()
}

pub fn accepted(verdict: Verdict<Caller>) -> Accepted<Caller> {
    match verdict {
        Verdict::Accept(accepted) => accepted,
        Verdict::Refuse(refusal) => panic!("{refusal:?}"),
    }
}

pub fn refused(verdict: Verdict<Caller>) -> Refusal {
    match verdict {
        Verdict::Accept(accepted) => panic!("{accepted:?}"),
        Verdict::Refuse(refusal) => refusal,
    }
}

pub fn status(verdict: Verdict<Caller>) -> u16 {
    match verdict {
        Verdict::Accept(_) => 200,
        Verdict::Refuse(refusal) => refusal.reason.status().as_u16(),
    }
}

pub fn head(request: http::request::Builder) -> request::Parts {
    request.body(()).unwrap().into_parts().0
}

pub fn begin(hawk: &Hawk, head: &request::Parts) -> HawkExchange {
    now(hawk.begin(Cx::new(head, None))).unwrap()
}

pub fn prepare(exchange: &mut HawkExchange, head: &request::Parts, body: &[u8]) -> request::Parts {
    let mut leg = head.clone();
    let mut body = Payload::whole(body.to_vec().into());
    exchange.prepare(&mut leg, &mut body).unwrap();
    leg
}

/// A signed request as the server receives it.
pub fn signed(hawk: &Hawk, request: http::request::Builder, body: &[u8]) -> request::Parts {
    let head = head(request);
    received(prepare(&mut begin(hawk, &head), &head, body))
}

/// The head as a server sees it: origin form, with the host in its header.
pub fn received(mut head: request::Parts) -> request::Parts {
    if let Some(host) = countersign_core::canonical::uri::authority(&head.uri) {
        let host = HeaderValue::from_str(&host).unwrap();
        head.headers.entry(HOST).or_insert(host);
    }
    head.uri = head.uri.path_and_query().unwrap().as_str().parse().unwrap();
    head
}

pub fn answer(status: u16, headers: &[(&str, &str)]) -> response::Parts {
    let response = headers.iter().fold(
        Response::builder().status(status),
        |response, (name, value)| response.header(*name, *value),
    );
    response.body(()).unwrap().into_parts().0
}
