//! Connections of their own below a pooled hyper client, for schemes that authenticate a connection.

mod connect;
mod future;

use std::fmt;
use std::task::{Context, Poll};

use countersign_core::lanes::{Lane, Lanes};
use countersign_core::{BoxError, Settings};
use http::{Request, Response, Uri};
use http_body::Body;
use hyper::body::Incoming;
use hyper::client::conn::http1::SendRequest;
use hyper::rt::{Read, Write};
use hyper_util::client::legacy::connect::Connection;
use tower_service::Service;

use future::LaneFuture;

/// Connections of their own, for schemes that authenticate a connection and not a request.
///
/// They are made by `connector`, the same that the pooled client uses, so its TLS, proxy and timeouts hold on them too;
/// it must not insist on HTTP/2. Both halves are needed: [`settings`](Self::settings) at
/// [`AuthLayer`](crate::AuthLayer), and [`service`](Self::service) around the pooled client. Without the latter a request
/// fails. It runs on tokio.
///
/// ```
/// use countersign_basic::Basic;
/// use countersign_tower::{AuthBody, AuthLayer, HyperLanes, Settings};
/// use http_body_util::Empty;
/// use hyper_util::{client::legacy::{Client, connect::HttpConnector}, rt::TokioExecutor};
/// use tower::Layer;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let connector = HttpConnector::new();
/// type Sent = AuthBody<Empty<bytes::Bytes>>;
/// let pooled: Client<_, Sent> = Client::builder(TokioExecutor::new()).build(connector.clone());
/// let lanes = HyperLanes::<_, Sent>::new(8, connector);
/// let auth = AuthLayer::new(Basic::new("Aladdin", "open sesame")?);
/// let client = auth.settings(lanes.settings(Settings::default())).layer(lanes.service(pooled));
/// # Ok(())
/// # }
/// ```
pub struct HyperLanes<K: Service<Uri>, B> {
    lanes: Lanes<SendRequest<B>>,
    connector: Connector<K>,
}

/// Tells the certificate, in DER, that the server of a connection showed.
type Certificate<S> = fn(&S) -> Option<Vec<u8>>;

/// How a lane's connection is made.
struct Connector<K: Service<Uri>> {
    connect: K,
    certificate: Certificate<K::Response>,
}

impl<K: Service<Uri> + Clone> Clone for Connector<K> {
    fn clone(&self) -> Self {
        Self {
            connect: self.connect.clone(),
            certificate: self.certificate,
        }
    }
}

impl<K: Service<Uri>, B: Send + 'static> HyperLanes<K, B> {
    /// At most `per_identity` connections at once for each origin and identity.
    pub fn new(per_identity: usize, connector: K) -> Self {
        Self {
            lanes: Lanes::new(per_identity),
            connector: Connector {
                connect: connector,
                certificate: |_| None,
            },
        }
    }

    /// How a connection that the connector made tells the certificate, in DER, that its server showed: some schemes bind
    /// their proofs to it. None is known by default.
    #[must_use]
    pub fn certificate(mut self, certificate: fn(&K::Response) -> Option<Vec<u8>>) -> Self {
        self.connector.certificate = certificate;
        self
    }

    /// `settings` with these lanes.
    pub fn settings(&self, settings: Settings) -> Settings {
        settings.lanes(self.lanes.clone())
    }
}

impl<K: Service<Uri> + Clone, B> HyperLanes<K, B> {
    /// Sends over a lane where the exchange holds one, and every other request through `pooled`.
    pub fn service<P>(&self, pooled: P) -> LaneService<K, B, P> {
        LaneService {
            connector: self.connector.clone(),
            pooled,
            marker: std::marker::PhantomData,
        }
    }
}

impl<K: Service<Uri> + Clone, B> Clone for HyperLanes<K, B> {
    fn clone(&self) -> Self {
        Self {
            lanes: self.lanes.clone(),
            connector: self.connector.clone(),
        }
    }
}

impl<K: Service<Uri>, B> fmt::Debug for HyperLanes<K, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HyperLanes")
            .field("lanes", &self.lanes)
            .finish_non_exhaustive()
    }
}

/// A pooled client with lanes beside its pool. See [`HyperLanes`].
pub struct LaneService<K: Service<Uri>, B, P> {
    connector: Connector<K>,
    pooled: P,
    marker: std::marker::PhantomData<fn(B)>,
}

impl<K, B, P> Service<Request<B>> for LaneService<K, B, P>
where
    K: Service<Uri> + Clone + Send + 'static,
    K::Response: Read + Write + Connection + Unpin + Send + 'static,
    K::Error: Into<BoxError>,
    K::Future: Send,
    P: Service<Request<B>, Response = Response<Incoming>>,
    P::Error: Into<BoxError>,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<BoxError>,
{
    type Response = Response<Incoming>;
    type Error = BoxError;
    type Future = LaneFuture<P::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.pooled.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        match request.extensions_mut().remove::<Lane<SendRequest<B>>>() {
            None => LaneFuture::pooled(self.pooled.call(request)),
            Some(lane) => LaneFuture::over(connect::send(self.connector.clone(), lane, request)),
        }
    }
}

impl<K: Service<Uri> + Clone, B, P: Clone> Clone for LaneService<K, B, P> {
    fn clone(&self) -> Self {
        let (connector, pooled) = (self.connector.clone(), self.pooled.clone());
        Self {
            connector,
            pooled,
            marker: self.marker,
        }
    }
}

impl<K: Service<Uri>, B, P> fmt::Debug for LaneService<K, B, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LaneService")
    }
}
