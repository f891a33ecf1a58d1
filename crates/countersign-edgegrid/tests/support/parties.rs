//! A client and a server that agree on the time.
#![allow(dead_code, unreachable_pub)] // No test uses all of it.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use countersign_core::verify::{Verdict, Verify};
use countersign_core::{Begin, FixedClock, Payload, Result, Sign, Sources};
use countersign_edgegrid::{
    Credentials, EdgeGrid, EdgeGridVerifier, EdgeGridVerifierBuilder, MemoryTokens,
};
use http::header::HOST;
use http::{HeaderValue, request};

/// 2014-03-21T19:34:21Z.
pub const TIME: u64 = 1_395_430_461;
pub const CLIENT: &str = "akab-client-token-xxx-xxxxxxxxxxxxxxxx";
pub const SECRET: &str = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx=";
pub const ACCESS: &str = "akab-access-token-xxx-xxxxxxxxxxxxxxxx";

pub fn at(unix: u64) -> Sources {
    Sources {
        clock: Arc::new(FixedClock(Duration::from_secs(unix))),
        ..Sources::default()
    }
}

pub fn credentials() -> Credentials {
    Credentials::new(CLIENT, SECRET, ACCESS).unwrap()
}

pub fn client() -> EdgeGrid {
    EdgeGrid::new(credentials()).sources(at(TIME))
}

pub fn server() -> EdgeGridVerifierBuilder {
    EdgeGridVerifier::builder(MemoryTokens::new([credentials()])).sources(at(TIME))
}

/// Nothing here waits.
pub fn now<T>(begin: Begin<T>) -> Result<T> {
    match pin!(begin).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => panic!("it waits"),
    }
}

pub fn judge(verifier: &EdgeGridVerifier, head: &request::Parts, body: &[u8]) -> Verdict<String> {
    let body = match verifier.reads_body(head) {
        true => Payload::whole(body.to_vec().into()),
        false => Payload::stream(Some(body.len() as u64)),
    };
    now(verifier.verify(head, &body)).unwrap()
}

pub fn status(verdict: Verdict<String>) -> u16 {
    match verdict {
        Verdict::Accept(_) => 200,
        Verdict::Refuse(refusal) => refusal.reason.status().as_u16(),
    }
}

pub fn head(request: http::request::Builder) -> request::Parts {
    request.body(()).unwrap().into_parts().0
}

pub fn sent(edgegrid: &EdgeGrid, mut head: request::Parts, body: &[u8]) -> request::Parts {
    let mut body = Payload::whole(body.to_vec().into());
    edgegrid.sign(&mut head, &mut body).unwrap();
    head
}

/// A signed request as the server receives it.
pub fn signed(edgegrid: &EdgeGrid, request: http::request::Builder, body: &[u8]) -> request::Parts {
    received(sent(edgegrid, head(request), body))
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
