//! Every driver behind one type.

use std::error::Error as StdError;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use countersign_cookies::{CookieLayer, CookieMiddleware, Jar};
use countersign_core::redirect::Policy;
use countersign_core::{
    Begin, BoxError, Error, ErrorKind, Failure, Fetch, FetchLimits, Scheme, Settings,
};
use countersign_reqwest::{
    AuthMiddleware, RedirectMiddleware, ReqwestFetch, ReqwestLanes, ReqwestService, auth_error,
};
use countersign_testkit::Certificates;
use countersign_tower::{AuthLayer, HyperLanes, RedirectLayer, TowerFetch};
use http::{Request, Response};
use http_body::Body;
use http_body_util::BodyExt;
use http_body_util::combinators::{BoxBody, UnsyncBoxBody};
use hyper_util::client::legacy;
use hyper_util::rt::TokioExecutor;
use tower::util::option_layer;
use tower::{Layer, Service, ServiceExt};

use crate::{Load, net};

/// A way to run a scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Driver {
    /// reqwest-middleware.
    Reqwest,
    /// tower over hyper-util's client.
    Hyper,
    /// tower over reqwest.
    TowerReqwest,
}

/// How a client is set up, whatever the driver.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The driver's settings; clear text is allowed by default, as the names of the tests are not `localhost`.
    pub settings: Settings,
    /// Which redirects are followed.
    pub redirects: Option<Policy>,
    /// Who is trusted.
    pub certificates: Certificates,
    /// Where a URL without a port leads; 0 is the port of its scheme.
    pub port: u16,
    /// How many connections of their own there are for each identity, for a scheme that needs one.
    pub lanes: Option<usize>,
    /// The cookies that the client keeps.
    pub jar: Option<Jar>,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            settings: Settings::default().allow_cleartext(true),
            redirects: None,
            certificates: net::certificates().clone(),
            port: 0,
            lanes: None,
            jar: None,
        }
    }
}

impl Setup {
    /// The default, with redirects followed.
    pub fn following() -> Self {
        Self {
            redirects: Some(Policy::default()),
            ..Self::default()
        }
    }

    /// The default, with other settings.
    pub fn settings(settings: Settings) -> Self {
        Self {
            settings,
            ..Self::default()
        }
    }

    fn reqwest(&self) -> reqwest::ClientBuilder {
        net::reqwest_to(self.port, &self.certificates)
    }

    fn connector(&self) -> net::Connector {
        net::connector_to(self.port, &self.certificates)
    }
}

/// How a scheme reaches its own endpoint, through any driver.
#[derive(Clone)]
pub struct Fetcher(Arc<dyn Fetch>);

impl Fetch for Fetcher {
    fn fetch(&self, request: Request<Bytes>) -> Begin<Response<Bytes>> {
        self.0.fetch(request)
    }
}

/// The body of an answer.
pub type AnswerBody = UnsyncBoxBody<Bytes, BoxError>;

type Answered = Pin<Box<dyn Future<Output = Result<Response<AnswerBody>, Failed>> + Send>>;

/// A client of any driver.
#[derive(Clone)]
pub struct Client(Arc<dyn Fn(Request<Load>) -> Answered + Send + Sync>);

/// How a request failed.
#[derive(Debug)]
pub struct Failed {
    /// The kind, where authentication failed.
    pub kind: Option<ErrorKind>,
    /// The error with all its sources, in both forms.
    pub text: String,
}

impl Client {
    /// Sends a request; the body of the answer is still to be read.
    pub async fn start(
        &self,
        request: Request<impl Into<Load>>,
    ) -> Result<Response<AnswerBody>, Failed> {
        (self.0)(request.map(Into::into)).await
    }

    /// Sends a request and reads the answer.
    pub async fn send(&self, request: Request<impl Into<Load>>) -> Result<Response<Bytes>, Failed> {
        let (parts, body) = self.start(request).await?.into_parts();
        let body = body
            .collect()
            .await
            .map_err(|error| failed(None, &*error))?;
        Ok(Response::from_parts(parts, body.to_bytes()))
    }

    /// The status that a GET of `url` is answered; panics if it fails.
    pub async fn status(&self, url: &str) -> u16 {
        let request = Request::get(url).body(Bytes::new()).unwrap();
        self.send(request)
            .await
            .unwrap_or_else(|error| panic!("{}", error.text))
            .status()
            .as_u16()
    }
}

impl Driver {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Reqwest, Self::Hyper, Self::TowerReqwest];

    /// Those that can hold a connection: a service over reqwest cannot.
    pub const WITH_LANES: [Self; 2] = [Self::Reqwest, Self::Hyper];

    /// A client of this driver.
    pub fn client(self, scheme: impl Scheme, setup: &Setup) -> Client {
        match self {
            Self::Reqwest => reqwest_client(scheme, setup),
            Self::Hyper => hyper_client(scheme, setup),
            Self::TowerReqwest => {
                assert!(setup.lanes.is_none(), "it has no lanes");
                let client = setup.reqwest().build().unwrap();
                tower_client(scheme, setup, ReqwestService::new(client))
            }
        }
    }

    /// How a scheme reaches its own endpoint beside such a client.
    pub fn fetch(self, setup: &Setup) -> Fetcher {
        Fetcher(match self {
            Self::Reqwest => {
                let fetch = ReqwestFetch::new(setup.reqwest(), FetchLimits::default());
                Arc::new(fetch.unwrap())
            }
            Self::Hyper => {
                let client = legacy::Client::builder(TokioExecutor::new());
                Arc::new(TowerFetch::new(client.build(setup.connector())))
            }
            Self::TowerReqwest => {
                let client = setup.reqwest().build().unwrap();
                Arc::new(TowerFetch::new(ReqwestService::new(client)))
            }
        })
    }
}

fn reqwest_client(scheme: impl Scheme, setup: &Setup) -> Client {
    let mut client = reqwest_middleware::ClientBuilder::new(setup.reqwest().build().unwrap());
    if let Some(policy) = &setup.redirects {
        client = client.with(RedirectMiddleware::new(policy.clone()));
    }
    let own = setup.clone();
    let lanes = setup
        .lanes
        .map(|lanes| ReqwestLanes::new(lanes, move || own.reqwest()));
    let settings = setup.settings.clone();
    let settings = match &lanes {
        None => settings,
        Some(lanes) => lanes.settings(settings),
    };
    client = client.with(AuthMiddleware::new(scheme).settings(settings));
    if let Some(jar) = &setup.jar {
        client = client.with(CookieMiddleware::new(jar.clone()));
    }
    if let Some(lanes) = lanes {
        client = client.with(lanes.middleware());
    }
    through_reqwest(client.build())
}

fn hyper_client(scheme: impl Scheme, setup: &Setup) -> Client {
    let pooled = legacy::Client::builder(TokioExecutor::new()).build(setup.connector());
    let Some(lanes) = setup.lanes else {
        return tower_client(scheme, setup, pooled);
    };
    let lanes = HyperLanes::<_, SomeBody>::new(lanes, setup.connector());
    let lanes = lanes.certificate(net::certificate_shown);
    let setup = Setup {
        settings: lanes.settings(setup.settings.clone()),
        ..setup.clone()
    };
    let service = lanes.service(pooled);
    let service = ServiceExt::<Request<SomeBody>>::map_err(service, std::io::Error::other);
    tower_client(scheme, &setup, service)
}

/// A client of reqwest-middleware that was built otherwise.
pub fn through_reqwest(client: reqwest_middleware::ClientWithMiddleware) -> Client {
    Client(Arc::new(move |mut request| {
        let (client, mut extensions) = (client.clone(), std::mem::take(request.extensions_mut()));
        Box::pin(async move {
            let request =
                reqwest::Request::try_from(request).map_err(|error| failed(None, &error))?;
            let answer = client
                .execute_with_extensions(request, &mut extensions)
                .await;
            let response =
                answer.map_err(|error| failed(auth_error(&error).map(Error::kind), &error))?;
            Ok(http::Response::<reqwest::Body>::from(response).map(boxed))
        })
    }))
}

/// A body of any type, for a client that takes one type only.
type SomeBody = BoxBody<Bytes, BoxError>;

fn tower_client<C, R>(scheme: impl Scheme, setup: &Setup, service: C) -> Client
where
    C: Service<Request<SomeBody>, Response = Response<R>> + Clone + Send + Sync + 'static,
    C::Future: Send,
    C::Error: StdError + Send + Sync + 'static,
    R: Body<Data = Bytes> + Unpin + Send + 'static,
    R::Error: Into<BoxError>,
{
    let auth = AuthLayer::new(scheme)
        .settings(setup.settings.clone())
        .layer(option_layer(setup.jar.clone().map(CookieLayer::new)).layer(Boxing(service)));
    match &setup.redirects {
        None => through_tower(auth),
        Some(policy) => through_tower(RedirectLayer::new(policy.clone()).layer(auth)),
    }
}

/// Boxes the body of each request, whatever its type is.
#[derive(Clone, Debug)]
struct Boxing<C>(C);

impl<C, B> Service<Request<B>> for Boxing<C>
where
    C: Service<Request<SomeBody>>,
    B: Body<Data = Bytes> + Send + Sync + 'static,
    B::Error: Into<BoxError>,
{
    type Response = C::Response;
    type Error = C::Error;
    type Future = C::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), C::Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> C::Future {
        self.0
            .call(request.map(|body| body.map_err(Into::into).boxed()))
    }
}

/// A client of tower that was built otherwise.
pub fn through_tower<C, R, E>(service: C) -> Client
where
    C: Service<Request<Load>, Response = Response<R>, Error = Failure<E>>
        + Clone
        + Send
        + Sync
        + 'static,
    C::Future: Send,
    E: StdError + Send + Sync + 'static,
    R: Body<Data = Bytes> + Send + 'static,
    R::Error: Into<BoxError>,
{
    Client(Arc::new(move |request| {
        let service = service.clone();
        Box::pin(async move {
            let response = service.oneshot(request).await.map_err(|error| {
                let kind = match &error {
                    Failure::Auth(error) => Some(error.kind()),
                    Failure::Inner(_) => None,
                };
                failed(kind, &error)
            })?;
            Ok(response.map(boxed))
        })
    }))
}

fn boxed<R>(body: R) -> AnswerBody
where
    R: Body<Data = Bytes> + Send + 'static,
    R::Error: Into<BoxError>,
{
    body.map_err(Into::into).boxed_unsync()
}

fn failed(kind: Option<ErrorKind>, error: &(dyn StdError + 'static)) -> Failed {
    let (mut text, mut next) = (String::new(), Some(error));
    while let Some(error) = next {
        text.push_str(&format!("{error} {error:?}\n"));
        next = error.source();
    }
    Failed { kind, text }
}

impl std::fmt::Debug for Fetcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Fetcher")
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Client")
    }
}
