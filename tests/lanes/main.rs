//! A handshake that is bound to its connection, through both drivers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod exchange;
mod fair;
mod load;
mod own;
mod server;

use bytes::Bytes;
use countersign_core::{Any, Override, Settings};
use countersign_reqwest::{AuthMiddleware, ReqwestLanes};
use countersign_testkit::{HandshakeServer, RawServer};
use countersign_tower::{AuthBody, AuthLayer, HyperLanes};
use http::{Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use reqwest_middleware::{ClientBuilder, ClientWithMiddleware};
use tower::{Layer, Service, ServiceExt};

const LANES: usize = 4;

async fn server(close_every: usize) -> (HandshakeServer, RawServer) {
    let handshakes = HandshakeServer::new(close_every);
    let answering = handshakes.clone();
    (
        handshakes,
        RawServer::start(move |seen| answering.answer(seen)).await,
    )
}

fn builder() -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
}

fn by_reqwest(lanes: usize, scheme: Any) -> ClientWithMiddleware {
    let lanes = ReqwestLanes::new(lanes, builder);
    let auth = AuthMiddleware::new(scheme).settings(lanes.settings(Settings::default()));
    ClientBuilder::new(builder().build().unwrap())
        .with(auth)
        .with(lanes.middleware())
        .build()
}

type TowerClient =
    tower::util::BoxCloneSyncService<Request<Full<Bytes>>, (StatusCode, Bytes), String>;

fn by_tower(lanes: usize, scheme: Any) -> TowerClient {
    let connector = HttpConnector::new();
    let pooled = Client::builder(TokioExecutor::new()).build(connector.clone());
    let lanes = HyperLanes::<_, AuthBody<Full<Bytes>>>::new(lanes, connector);
    let auth = AuthLayer::new(scheme).settings(lanes.settings(Settings::default()));
    let client = auth.layer(lanes.service(pooled));
    let client = tower::service_fn(move |request: Request<Full<Bytes>>| {
        let sent = client.clone().oneshot(request);
        async move {
            let (parts, body) = sent.await.map_err(|error| error.to_string())?.into_parts();
            let body = body.collect().await.map_err(|error| error.to_string())?;
            Ok((parts.status, body.to_bytes()))
        }
    });
    TowerClient::new(client)
}

async fn send_by_reqwest(
    client: ClientWithMiddleware,
    url: String,
    user: String,
    scheme: Any,
) -> Result<(StatusCode, Bytes), String> {
    let request = client
        .get(url)
        .header("x-wanted", user)
        .with_extension(Override::with(scheme));
    let response = request.send().await.map_err(|error| error.to_string())?;
    let status = response.status();
    Ok((
        status,
        response.bytes().await.map_err(|error| error.to_string())?,
    ))
}

async fn send_by_tower(
    mut client: TowerClient,
    url: String,
    user: String,
    scheme: Any,
) -> Result<(StatusCode, Bytes), String> {
    let request = Request::get(url)
        .header("x-wanted", user)
        .extension(Override::with(scheme));
    client
        .ready()
        .await?
        .call(request.body(Full::default()).unwrap())
        .await
}
