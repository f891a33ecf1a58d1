//! The same request through each driver, with lanes for schemes that authenticate a connection.

use bytes::Bytes;
use countersign::reqwest::{AuthMiddleware, ReqwestLanes};
use countersign::tower::{AuthBody, AuthLayer, HyperLanes};
use countersign::{Any, Failure, Settings};
use http::{Request, StatusCode, header};
use http_body_util::Full;
use hyper_util::client::legacy::{Client, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;
use reqwest_middleware::ClientBuilder;
use tower::{Layer, ServiceExt};

use examples::tour::Failed;

const FORM: &str = "application/x-www-form-urlencoded";
const BODY: &str = "a=1";

#[derive(Clone, Copy)]
pub(crate) enum Driver {
    Reqwest,
    Tower,
}

impl Driver {
    pub(crate) const ALL: [Self; 2] = [Self::Reqwest, Self::Tower];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Reqwest => "reqwest",
            Self::Tower => "tower",
        }
    }

    pub(crate) async fn put(self, scheme: &Any, url: &str) -> Result<StatusCode, Failed> {
        match self {
            Self::Reqwest => by_reqwest(scheme, url).await,
            Self::Tower => by_tower(scheme, url).await,
        }
    }
}

async fn by_reqwest(scheme: &Any, url: &str) -> Result<StatusCode, Failed> {
    let builder = || reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    let lanes = ReqwestLanes::new(1, builder);
    let settings = lanes.settings(Settings::default());
    let client = ClientBuilder::new(builder().build()?)
        .with(AuthMiddleware::new(scheme.clone()).settings(settings))
        .with(lanes.middleware())
        .build();
    let request = client
        .put(url)
        .header(header::CONTENT_TYPE, FORM)
        .body(BODY);
    Ok(request.send().await?.status())
}

async fn by_tower(scheme: &Any, url: &str) -> Result<StatusCode, Failed> {
    let connector = HttpConnector::new();
    let pooled = Client::builder(TokioExecutor::new()).build(connector.clone());
    let lanes = HyperLanes::<_, AuthBody<Full<Bytes>>>::new(1, connector);
    let settings = lanes.settings(Settings::default());
    let auth = AuthLayer::new(scheme.clone()).settings(settings);
    let client = auth.layer(lanes.service(pooled));
    let request = Request::put(url).header(header::CONTENT_TYPE, FORM);
    let response = client
        .oneshot(request.body(Full::<Bytes>::from(BODY))?)
        .await
        .map_err(|failure| -> Failed {
            match failure {
                Failure::Auth(error) => error.into(),
                Failure::Inner(error) => error,
            }
        })?;
    Ok(response.status())
}
