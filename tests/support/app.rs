//! [`App`], a server in axum behind the verifying layer.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::Body;
use axum::extract::Request;
use axum::middleware::map_request;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Router};
use bytes::Bytes;
use countersign_core::verify::Verify;
use countersign_tower::{Verified, VerifyLayer};
use http::{StatusCode, header};
use http_body_util::BodyExt;
use tokio::task::AbortHandle;

/// A server in axum on a loopback port of its own; it stops when dropped.
///
/// It answers with `METHOD TARGET PRINCIPAL LENGTH`; `/to?CODE&LOCATION` redirects.
#[derive(Debug)]
pub struct App {
    address: SocketAddr,
    hits: Arc<AtomicUsize>,
    serving: AbortHandle,
}

/// What is done to a request before it is verified, as somebody on the way could.
pub type Change = fn(&mut http::request::Parts, &mut Bytes);

impl App {
    /// Serves behind `verifier`.
    pub async fn start(verifier: impl Verify<Principal = String>) -> Self {
        Self::tampering(verifier, |_, _| {}).await
    }

    /// The same, with every request changed before it is verified.
    pub async fn tampering(verifier: impl Verify<Principal = String>, change: Change) -> Self {
        let hits = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&hits);
        let router = Router::new()
            .fallback(answer)
            .layer(VerifyLayer::new(verifier))
            .layer(map_request(move |request: Request| {
                count.fetch_add(1, Ordering::SeqCst);
                tamper(request, change)
            }));
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .unwrap();
        let address = listener.local_addr().unwrap();
        let serving = async { axum::serve(listener, router).await.unwrap() };
        Self {
            address,
            hits,
            serving: tokio::spawn(serving).abort_handle(),
        }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://ADDRESS` followed by `path`.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// How many requests arrived.
    pub fn hits(&self) -> usize {
        self.hits.load(Ordering::SeqCst)
    }
}

impl Drop for App {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn tamper(request: Request, change: Change) -> Request {
    let (mut parts, body) = request.into_parts();
    let mut bytes = body
        .collect()
        .await
        .map(|body| body.to_bytes())
        .unwrap_or_default();
    change(&mut parts, &mut bytes);
    Request::from_parts(parts, Body::from(bytes))
}

async fn answer(user: Extension<Verified<String>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    if let Some(("/to", there)) = parts
        .uri
        .path_and_query()
        .and_then(|target| target.as_str().split_once('?'))
    {
        let mut words = there.split('&');
        let (code, location) = (words.next().unwrap(), words.next().unwrap().to_owned());
        let code = StatusCode::from_bytes(code.as_bytes()).unwrap();
        return (code, [(header::LOCATION, location)]).into_response();
    }
    let body = body
        .collect()
        .await
        .map(|body| body.to_bytes())
        .unwrap_or_default();
    format!(
        "{} {} {} {}",
        parts.method,
        parts.uri,
        user.principal(),
        body.len()
    )
    .into_response()
}
