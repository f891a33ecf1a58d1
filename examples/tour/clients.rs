//! The same request through each driver.

use bytes::Bytes;
use countersign::tower::AuthLayer;
use countersign::{Any, reqwest as driver};
use http::{Request, StatusCode, header};
use http_body_util::Full;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use tower::{Layer, ServiceExt};

use crate::Failed;

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
    let client = driver::client(reqwest::Client::builder(), scheme.clone())?;
    let request = client
        .put(url)
        .header(header::CONTENT_TYPE, FORM)
        .body(BODY);
    Ok(request.send().await?.status())
}

async fn by_tower(scheme: &Any, url: &str) -> Result<StatusCode, Failed> {
    let client = Client::builder(TokioExecutor::new()).build_http();
    let client = AuthLayer::new(scheme.clone()).layer(client);
    let request = Request::put(url).header(header::CONTENT_TYPE, FORM);
    let response = client
        .oneshot(request.body(Full::<Bytes>::from(BODY))?)
        .await?;
    Ok(response.status())
}
