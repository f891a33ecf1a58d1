//! [`Peer`], a server without a socket.

use std::convert::Infallible;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use countersign_core::verify::{AnyVerifier, Verdict, VerifiedBody, Verify};
use countersign_core::{AuthBody, Begin, Payload};
use countersign_tower::VerifyLayer;
use http::header::HOST;
use http::{HeaderValue, Request, Response, request};
use http_body::Body;
use http_body_util::{BodyExt, Full};
use tower::{Layer, Service, ServiceExt, service_fn};

type Answering = Pin<Box<dyn Future<Output = Result<Response<Full<Bytes>>, Infallible>> + Send>>;
type Handler = Arc<dyn Fn(Request<Bytes>) -> Answering + Send + Sync>;

/// A server without a socket, to stand below a client's layers. It keeps what it was sent.
#[derive(Clone)]
pub struct Peer {
    handler: Handler,
    seen: Arc<Mutex<Vec<Request<Bytes>>>>,
}

impl Peer {
    /// Answers by `handler`.
    pub fn new(
        handler: impl Fn(&Request<Bytes>) -> Response<Bytes> + Send + Sync + 'static,
    ) -> Self {
        Self::boxed(Arc::new(move |request| {
            let response = handler(&request).map(Full::new);
            Box::pin(async { Ok(response) })
        }))
    }

    /// Demands what `verifier` demands, and answers 200.
    pub fn verifying(verifier: AnyVerifier<String>) -> Self {
        Self::guarding(verifier, |_| {}, |_| Response::new(Bytes::new()))
    }

    /// Demands what `verifier` demands, of a request that `change` has altered, and answers by `inner`.
    pub fn guarding(
        verifier: AnyVerifier<String>,
        change: impl Fn(&mut Request<Bytes>) + Send + Sync + 'static,
        inner: impl Fn(&request::Parts) -> Response<Bytes> + Clone + Send + Sync + 'static,
    ) -> Self {
        let inner = service_fn(move |request: Request<VerifiedBody<Full<Bytes>>>| {
            let response = inner(&request.into_parts().0).map(Full::new);
            async { Ok::<_, Infallible>(response) }
        });
        let service = VerifyLayer::new(verifier).layer(inner);
        Self::boxed(Arc::new(move |mut request| {
            change(&mut request);
            let answer = service.clone().oneshot(request.map(Full::new));
            Box::pin(async move { whole(answer.await?).await })
        }))
    }

    fn boxed(handler: Handler) -> Self {
        Self {
            handler,
            seen: Arc::default(),
        }
    }

    /// Every request so far, in order.
    pub fn seen(&self) -> Vec<Request<Bytes>> {
        self.seen.lock().unwrap().clone()
    }

    /// Answers one request that no client sends.
    pub async fn answer(&self, request: Request<Bytes>) -> Response<Full<Bytes>> {
        let Ok(response) = (self.handler)(as_received(request)).await;
        response
    }
}

/// What HTTP/1.1 makes of a request: the authority moves into `Host` (RFC 9112 section 3.2.1).
fn as_received(request: Request<Bytes>) -> Request<Bytes> {
    let (mut parts, body) = request.into_parts();
    if let Some(authority) = parts.uri.authority() {
        let host = HeaderValue::from_str(authority.as_str()).unwrap();
        parts.headers.entry(HOST).or_insert(host);
    }
    let target = parts
        .uri
        .path_and_query()
        .map_or("/", |target| target.as_str());
    parts.uri = target.parse().unwrap();
    Request::from_parts(parts, body)
}

async fn whole<B>(response: Response<AuthBody<B>>) -> Result<Response<Full<Bytes>>, Infallible>
where
    B: Body + Unpin,
    B::Error: std::fmt::Debug,
{
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    Ok(Response::from_parts(parts, Full::new(bytes)))
}

impl<B> Service<Request<B>> for Peer
where
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: std::fmt::Debug,
{
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Answering;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Answering {
        let peer = self.clone();
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let bytes = body.collect().await.unwrap().to_bytes();
            let request = Request::from_parts(parts, bytes);
            peer.seen.lock().unwrap().push(request.clone());
            Ok(peer.answer(request).await)
        })
    }
}

/// What `verifier` says to a request, for scripts that cannot wait. It must be ready at once.
pub fn judge<P>(
    verifier: &impl Verify<Principal = P>,
    request: &request::Parts,
    body: &[u8],
) -> Verdict<P> {
    let payload = Payload::whole(Bytes::copy_from_slice(body));
    at_once(verifier.verify(request, &payload))
}

pub(crate) fn at_once<X>(begun: Begin<X>) -> X {
    match pin!(begun).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result.expect("a decision"),
        Poll::Pending => panic!("it waits"),
    }
}

impl std::fmt::Debug for Peer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Peer")
    }
}
