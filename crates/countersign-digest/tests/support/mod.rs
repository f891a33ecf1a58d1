//! A peer made of a closure, and what the tests share.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic
)]

pub mod forge;
pub mod log;

use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use countersign_core::challenge::{Credentials, parse_credentials};
use countersign_core::verify::{Verdict, Verify};
use countersign_core::{
    AuthBody, Drive, Error, Failure, Payload, Random, Scheme, Settings, Sleep, Sources, Transport,
};
use countersign_digest::{Digest, DigestVerifier, DigestVerifierBuilder, MemoryAccounts};
use http::{HeaderValue, Request, Response};
use http_body_util::{BodyExt, Full};

type Later<T> = Pin<Box<dyn Future<Output = T> + Send>>;
type Handler = dyn Fn(usize, Request<Bytes>) -> Later<Response<Bytes>> + Send + Sync;

/// A client's connection to a peer that is a closure; it remembers every request.
#[derive(Clone)]
pub struct Wire {
    handler: Arc<Handler>,
    seen: Arc<Mutex<Vec<Request<Bytes>>>>,
}

impl Wire {
    /// Answers the `n`th request, from 0.
    pub fn new(
        answer: impl Fn(usize, &Request<Bytes>) -> Response<Bytes> + Send + Sync + 'static,
    ) -> Self {
        let handler = move |n: usize, request: Request<Bytes>| -> Later<Response<Bytes>> {
            let response = answer(n, &request);
            Box::pin(async { response })
        };
        Self {
            handler: Arc::new(handler),
            seen: Arc::default(),
        }
    }

    /// A server that demands what `verifier` verifies, and greets its principal.
    pub fn guarded(verifier: DigestVerifier) -> Self {
        Self::guarded_by(verifier, |_| {})
    }

    /// The same, with its answers changed on their way.
    pub fn guarded_by(
        verifier: DigestVerifier,
        change: impl Fn(&mut Response<Bytes>) + Send + Sync + 'static,
    ) -> Self {
        let shared = Arc::new((verifier, change));
        let handler = move |_: usize, request: Request<Bytes>| -> Later<Response<Bytes>> {
            let shared = Arc::clone(&shared);
            Box::pin(async move {
                let mut response = serve(&shared.0, request).await;
                (shared.1)(&mut response);
                response
            })
        };
        Self {
            handler: Arc::new(handler),
            seen: Arc::default(),
        }
    }

    pub fn seen(&self) -> Vec<Request<Bytes>> {
        self.seen.lock().unwrap().clone()
    }

    pub fn hits(&self) -> usize {
        self.seen.lock().unwrap().len()
    }

    /// The credentials of the `n`th request.
    pub fn credentials(&self, n: usize) -> Option<HeaderValue> {
        self.seen()[n].headers().get("authorization").cloned()
    }

    pub fn credentials_of(&self, n: usize) -> HeaderValue {
        self.seen.lock().unwrap()[n].headers()["authorization"].clone()
    }

    pub async fn send<S: Scheme>(
        &self,
        scheme: &Arc<S>,
        request: Request<Full<Bytes>>,
    ) -> Result<Response<Bytes>, Error> {
        let drive = Drive::new(Arc::clone(scheme), Arc::default(), request, self.clone());
        finish(drive.await).await
    }

    pub async fn send_with<S: Scheme>(
        &self,
        scheme: &Arc<S>,
        settings: Settings,
        request: Request<Full<Bytes>>,
    ) -> Result<Response<Bytes>, Error> {
        let settings = Arc::new(settings);
        finish(Drive::new(Arc::clone(scheme), settings, request, self.clone()).await).await
    }

    pub async fn get<S: Scheme>(&self, scheme: &Arc<S>) -> Result<Response<Bytes>, Error> {
        self.send(scheme, get("http://api.example/a?b=c")).await
    }
}

async fn finish(
    result: Result<Response<AuthBody<Full<Bytes>>>, Failure<Infallible>>,
) -> Result<Response<Bytes>, Error> {
    match result {
        Ok(response) => {
            let (head, body) = response.into_parts();
            Ok(Response::from_parts(
                head,
                body.collect().await.unwrap().to_bytes(),
            ))
        }
        Err(Failure::Auth(error)) => Err(error),
        Err(Failure::Inner(never)) => match never {},
    }
}

impl Transport<Full<Bytes>> for Wire {
    type Body = Full<Bytes>;
    type Error = Infallible;
    type Future = Later<Result<Response<Full<Bytes>>, Failure<Infallible>>>;

    fn send(&mut self, request: Request<AuthBody<Full<Bytes>>>) -> Self::Future {
        let wire = self.clone();
        Box::pin(async move {
            let (head, body) = request.into_parts();
            let request = Request::from_parts(head, body.collect().await.unwrap().to_bytes());
            let n = {
                let mut seen = wire.seen.lock().unwrap();
                seen.push(request.clone());
                seen.len() - 1
            };
            tokio::task::yield_now().await;
            Ok((wire.handler)(n, request).await.map(Full::new))
        })
    }

    fn sleep(&self, _: Duration) -> Option<Sleep> {
        None
    }
}

pub async fn serve(verifier: &DigestVerifier, request: Request<Bytes>) -> Response<Bytes> {
    let (head, body) = request.into_parts();
    match verifier.verify(&head, &Payload::whole(body)).await {
        Err(_) => status(503),
        Ok(Verdict::Accept(accepted)) => {
            let mut response = Response::new(Bytes::from(format!("hello {}", accepted.principal)));
            let body = response.body().clone();
            let (mut head, _) = std::mem::take(&mut response).into_parts();
            accepted.answer.unwrap().sign(&mut head, &body).unwrap();
            Response::from_parts(head, body)
        }
        Ok(Verdict::Refuse(refusal)) => {
            let mut response = status(refusal.reason.status().as_u16());
            for challenge in refusal.challenges {
                response.headers_mut().append("www-authenticate", challenge);
            }
            response
        }
    }
}

pub fn status(status: u16) -> Response<Bytes> {
    Response::builder()
        .status(status)
        .body(Bytes::new())
        .unwrap()
}

/// An answer of this status with one `WWW-Authenticate` field for each line.
pub fn refusal(status_code: u16, lines: &[&[u8]]) -> Response<Bytes> {
    let mut response = status(status_code);
    for line in lines {
        let value = HeaderValue::from_bytes(line).unwrap();
        response.headers_mut().append("www-authenticate", value);
    }
    response
}

pub fn challenged(line: &str) -> Response<Bytes> {
    refusal(401, &[line.as_bytes()])
}

/// An answer of 200 with this `Authentication-Info`.
pub fn informed(info: &str) -> Response<Bytes> {
    let mut response = status(200);
    response
        .headers_mut()
        .insert("authentication-info", info.parse().unwrap());
    response
}

pub fn get(uri: &str) -> Request<Full<Bytes>> {
    Request::get(uri).body(Full::default()).unwrap()
}

pub fn post(uri: &str, body: &'static str) -> Request<Full<Bytes>> {
    Request::post(uri).body(Full::from(body)).unwrap()
}

pub fn alice() -> Arc<Digest> {
    Arc::new(Digest::new("alice", "sesame").unwrap())
}

/// A verifier for `alice`, of the realm `r`.
pub fn verifier() -> DigestVerifierBuilder {
    let accounts = MemoryAccounts::new("r")
        .password("alice", "sesame")
        .unwrap();
    DigestVerifier::builder("r", accounts)
}

pub fn parsed(value: &HeaderValue) -> Credentials<'_> {
    parse_credentials(value).unwrap()
}

/// The text of a parameter.
pub fn param(value: &HeaderValue, name: &str) -> Option<String> {
    parsed(value).text(name).map(str::to_owned)
}

/// Gives the same bytes each time.
#[derive(Debug)]
pub struct Sevens;

impl Random for Sevens {
    fn fill(&self, out: &mut [u8]) -> countersign_core::Result<()> {
        out.fill(7);
        Ok(())
    }
}

/// A clock that a test moves.
#[derive(Clone, Debug, Default)]
pub struct Hands(Arc<std::sync::atomic::AtomicU64>);

impl Hands {
    pub fn set(&self, seconds: u64) {
        self.0.store(seconds, std::sync::atomic::Ordering::SeqCst);
    }

    pub fn sources(&self) -> Sources {
        Sources {
            clock: Arc::new(self.clone()),
            ..Sources::default()
        }
    }
}

impl countersign_core::Clock for Hands {
    fn now(&self) -> Duration {
        Duration::from_secs(self.0.load(std::sync::atomic::Ordering::SeqCst))
    }
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wire")
    }
}
