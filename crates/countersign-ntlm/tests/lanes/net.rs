//! Both drivers, alike.

use bytes::Bytes;
use countersign_core::{Any, Override, Settings};
use countersign_reqwest::{AuthMiddleware, ReqwestLanes};
use countersign_testkit::Certificates;
use countersign_tower::{AuthBody, AuthLayer, HyperLanes};
use http::{Method, Request, StatusCode};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder, MaybeHttpsStream};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo};
use reqwest::redirect::Policy;
use reqwest_middleware::{ClientBuilder, ClientWithMiddleware};
use tokio::net::TcpStream;
use tokio_rustls::rustls::ClientConfig;
use tower::util::BoxCloneSyncService;
use tower::{Layer, ServiceExt};

const LANES: usize = 4;

type Outcome = Result<(StatusCode, Bytes), String>;
type Body = BoxBody<Bytes, std::convert::Infallible>;

/// A request that is yet to be made.
#[derive(Clone)]
pub struct Sent {
    method: Method,
    user: String,
    body: &'static str,
    streamed: bool,
    scheme: Option<Any>,
}

impl Sent {
    pub fn new(method: Method, user: &str, body: &'static str) -> Self {
        Self {
            method,
            user: user.to_owned(),
            body,
            streamed: false,
            scheme: None,
        }
    }

    pub fn streamed(self) -> Self {
        Self {
            streamed: true,
            ..self
        }
    }

    pub fn by(self, scheme: Any) -> Self {
        Self {
            scheme: Some(scheme),
            ..self
        }
    }

    fn request(&self, url: &str) -> http::request::Builder {
        let request = Request::builder().method(self.method.clone()).uri(url);
        let request = request.header("x-wanted", &self.user);
        match &self.scheme {
            Some(scheme) => request.extension(Override::with(scheme.clone())),
            None => request,
        }
    }

    fn body(&self) -> Body {
        match self.streamed {
            false => Full::from(self.body).boxed(),
            true => {
                let frame = Ok(http_body::Frame::data(Bytes::from(self.body)));
                StreamBody::new(Late(Some(frame), false)).boxed()
            }
        }
    }
}

type Frame = Result<http_body::Frame<Bytes>, std::convert::Infallible>;

/// A stream that is not ready at once, so that it is no body in memory.
struct Late(Option<Frame>, bool);

impl futures_core::Stream for Late {
    type Item = Frame;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Frame>> {
        if !std::mem::replace(&mut self.1, true) {
            cx.waker().wake_by_ref();
            return std::task::Poll::Pending;
        }
        std::task::Poll::Ready(self.0.take())
    }
}

#[derive(Clone, Copy, Debug)]
pub enum Driver {
    Reqwest,
    Tower,
}

#[derive(Clone)]
pub enum Sender {
    Reqwest(ClientWithMiddleware),
    Tower(BoxCloneSyncService<Request<Body>, (StatusCode, Bytes), String>),
}

impl Driver {
    pub const BOTH: [Self; 2] = [Self::Reqwest, Self::Tower];

    /// A client that trusts these certificates.
    pub fn client(self, scheme: Any, certificates: &Certificates) -> Sender {
        let tls = certificates.client();
        match self {
            Self::Reqwest => by_reqwest(scheme, move || {
                let builder = reqwest::Client::builder().no_proxy();
                builder
                    .redirect(Policy::none())
                    .tls_backend_preconfigured(tls.clone())
            }),
            Self::Tower => by_tower(scheme, connector(tls)),
        }
    }
}

fn by_reqwest(
    scheme: Any,
    make: impl Fn() -> reqwest::ClientBuilder + Send + Sync + 'static,
) -> Sender {
    let pooled = make().build().unwrap();
    let lanes = ReqwestLanes::new(LANES, make);
    let auth = AuthMiddleware::new(scheme).settings(lanes.settings(Settings::default()));
    let client = ClientBuilder::new(pooled)
        .with(auth)
        .with(lanes.middleware());
    Sender::Reqwest(client.build())
}

type Connector = HttpsConnector<HttpConnector>;

fn connector(tls: ClientConfig) -> Connector {
    let builder = HttpsConnectorBuilder::new().with_tls_config(tls);
    builder.https_or_http().enable_http1().build()
}

/// What the server of a connection showed.
fn certificate(stream: &MaybeHttpsStream<TokioIo<TcpStream>>) -> Option<Vec<u8>> {
    match stream {
        MaybeHttpsStream::Http(_) => None,
        MaybeHttpsStream::Https(stream) => {
            let shown = stream.inner().get_ref().1.peer_certificates()?;
            shown.first().map(|certificate| certificate.to_vec())
        }
    }
}

fn by_tower(scheme: Any, connector: Connector) -> Sender {
    let pooled = Client::builder(TokioExecutor::new()).build(connector.clone());
    let lanes = HyperLanes::<_, AuthBody<Body>>::new(LANES, connector).certificate(certificate);
    let auth = AuthLayer::new(scheme).settings(lanes.settings(Settings::default()));
    let client = auth.layer(lanes.service(pooled));
    Sender::Tower(BoxCloneSyncService::new(tower::service_fn(
        move |request: Request<Body>| {
            let sent = client.clone().oneshot(request);
            async move {
                let (parts, body) = sent
                    .await
                    .map_err(|error| format!("{error:?}"))?
                    .into_parts();
                let body = body.collect().await.map_err(|error| error.to_string())?;
                Ok((parts.status, body.to_bytes()))
            }
        },
    )))
}

impl Sender {
    pub async fn send(&self, url: &str, sent: Sent) -> Outcome {
        match self {
            Self::Reqwest(client) => send_by_reqwest(client, url, sent).await,
            Self::Tower(client) => {
                let request = sent.request(url).body(sent.body()).unwrap();
                client.clone().oneshot(request).await
            }
        }
    }
}

async fn send_by_reqwest(client: &ClientWithMiddleware, url: &str, sent: Sent) -> Outcome {
    let mut request = client
        .request(sent.method.clone(), url)
        .header("x-wanted", &sent.user);
    if let Some(scheme) = &sent.scheme {
        request = request.with_extension(Override::with(scheme.clone()));
    }
    request = match sent.streamed {
        true => request.body(reqwest::Body::wrap(sent.body())),
        false => request.body(sent.body),
    };
    let response = request.send().await.map_err(|error| format!("{error:?}"))?;
    let status = response.status();
    Ok((
        status,
        response.bytes().await.map_err(|error| error.to_string())?,
    ))
}
