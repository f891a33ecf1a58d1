//! One connection to a proxy as the loop's transport.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use countersign_core::lanes::Lane;
use countersign_core::{AuthBody, BoxError, Failure, Sleep, Transport};
use http::{Request, Response, Uri};
use http_body_util::Empty;
use hyper::body::Incoming;
use hyper::client::conn::http1::{self, SendRequest};
use hyper::rt::{Read, Write};
use hyper_util::client::legacy::connect::Connection;
use tokio::task::JoinHandle;
use tower_service::Service;

use super::connector::reach;
use super::{Proxy, ProxyError, ProxyErrorKind};

/// How large the head of an answer may be, in bytes.
const MAX_HEAD: usize = 64 << 10;

type Sent = AuthBody<Empty<Bytes>>;

/// Sends the legs over one connection for as long as the proxy keeps it, and over another one then.
#[derive(Clone)]
pub(super) struct Wire<K> {
    proxy: Proxy,
    connect: K,
    place: Place,
}

/// Where the connection is between the legs.
#[derive(Clone, Default)]
struct Place(Arc<Mutex<Option<Link>>>);

/// A connection that speaks HTTP.
struct Link {
    sender: SendRequest<Sent>,
    _running: Running,
}

/// Ends with its value.
struct Running(JoinHandle<()>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl<K> Wire<K>
where
    K: Service<Uri> + Clone + Send + 'static,
    K::Response: Read + Write + Connection + Unpin + Send + 'static,
    K::Error: Into<BoxError>,
    K::Future: Send,
{
    pub(super) fn new(proxy: Proxy, connect: K) -> Self {
        Self {
            proxy,
            connect,
            place: Place::default(),
        }
    }

    async fn leg(self, mut request: Request<Sent>) -> Result<Response<Incoming>, ProxyError> {
        let Self {
            proxy,
            connect,
            place,
        } = self;
        let lane = request.extensions_mut().remove::<Lane<()>>();
        let began = lane.as_ref().and_then(Lane::take).is_some();
        if let Some(link) = place.kept().await {
            match place.over(link, again(&request)).await {
                Ok(response) => return Ok(put(lane, response)),
                // What a proxy that closes has made of it is of no matter: nothing goes through a tunnel yet.
                Err(error) => tracing::debug!(%error, "the proxy closed its connection"),
            }
        }
        let broken = || ProxyError::new(ProxyErrorKind::Broken, &proxy.origin);
        if let Some(lane) = lane.as_ref().filter(|_| began) {
            lane.mark_lost();
            return Err(broken());
        }
        let link = link(&proxy, connect).await?;
        let response = place.over(link, request).await;
        response
            .map(|response| put(lane, response))
            .map_err(|error| broken().because(error))
    }
}

impl Place {
    fn lock(&self) -> MutexGuard<'_, Option<Link>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The connection of the last leg, if the proxy has not closed it.
    async fn kept(&self) -> Option<Link> {
        let link = self.lock().take();
        let mut link = link?;
        link.sender.ready().await.ok().map(|()| link)
    }

    async fn over(
        &self,
        mut link: Link,
        request: Request<Sent>,
    ) -> hyper::Result<Response<Incoming>> {
        let response = link.sender.send_request(request).await?;
        *self.lock() = Some(link);
        Ok(response)
    }
}

/// A new connection.
async fn link<K>(proxy: &Proxy, connect: K) -> Result<Link, ProxyError>
where
    K: Service<Uri>,
    K::Response: Read + Write + Connection + Unpin + Send + 'static,
    K::Error: Into<BoxError>,
{
    let stream = reach(proxy, connect).await?;
    let broken = || ProxyError::new(ProxyErrorKind::Broken, &proxy.origin);
    if stream.connected().is_negotiated_h2() {
        return Err(broken().because("it insists on HTTP/2"));
    }
    let handshake = http1::Builder::new()
        .max_buf_size(MAX_HEAD)
        .handshake(stream)
        .await;
    let (sender, connection) = handshake.map_err(|error| broken().because(error))?;
    let running = Running(tokio::spawn(async move {
        if let Err(error) = connection.with_upgrades().await {
            tracing::debug!(%error, "a connection to a proxy ended");
        }
    }));
    Ok(Link {
        sender,
        _running: running,
    })
}

/// A copy of a request that has no body.
fn again(request: &Request<Sent>) -> Request<Sent> {
    let mut copy = Request::new(AuthBody::new(Empty::new()));
    *copy.method_mut() = request.method().clone();
    *copy.uri_mut() = request.uri().clone();
    *copy.headers_mut() = request.headers().clone();
    copy
}

fn put(lane: Option<Lane<()>>, response: Response<Incoming>) -> Response<Incoming> {
    if let Some(lane) = lane {
        lane.put(());
    }
    response
}

impl<K> Transport<Empty<Bytes>> for Wire<K>
where
    K: Service<Uri> + Clone + Send + 'static,
    K::Response: Read + Write + Connection + Unpin + Send + 'static,
    K::Error: Into<BoxError>,
    K::Future: Send,
{
    type Body = Incoming;
    type Error = ProxyError;
    type Future =
        Pin<Box<dyn Future<Output = Result<Response<Incoming>, Failure<ProxyError>>> + Send>>;

    fn send(&mut self, request: Request<Sent>) -> Self::Future {
        let leg = self.clone().leg(request);
        Box::pin(async move { leg.await.map_err(Failure::Inner) })
    }

    fn sleep(&self, duration: Duration) -> Option<Sleep> {
        crate::sleep(duration)
    }
}
