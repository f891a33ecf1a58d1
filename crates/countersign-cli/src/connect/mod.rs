//! The way to servers: hyper, and TLS as the arguments say. It knows no proxy, no cookie, no default header and no
//! compression.

mod lanes;
mod tls;

use bytes::Bytes;
use countersign::tower::TowerFetch;
use countersign::{Begin, Error, Fetch, FetchLimits};
use http::{Request, Response};
use http_body::Body;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio_rustls::rustls::ClientConfig;

use crate::args::HttpArgs;
use crate::exit::Failure;

pub(crate) use lanes::hyper_with_lanes;

/// How connections are made.
pub(crate) type Connector = HttpsConnector<HttpConnector>;

/// A client for bodies of this type.
pub(crate) type Hyper<B> = Client<Connector, B>;

/// A client for bodies of this type.
pub(crate) fn hyper<B>(args: &HttpArgs) -> Result<Hyper<B>, Failure>
where
    B: Body<Data: Send> + Send,
{
    Ok(pooled(connector(tls::config(args)?, args.http1)))
}

fn pooled<B: Body<Data: Send> + Send>(connector: Connector) -> Hyper<B> {
    Client::builder(TokioExecutor::new()).build(connector)
}

fn connector(config: ClientConfig, http1: bool) -> Connector {
    let builder = HttpsConnectorBuilder::new()
        .with_tls_config(config)
        .https_or_http();
    match http1 {
        true => builder.enable_http1().build(),
        false => builder.enable_all_versions().build(),
    }
}

/// How the endpoints of an authorization server are reached.
pub(crate) fn fetch(args: &HttpArgs) -> Result<impl Fetch + Clone + use<>, Failure> {
    let limits = FetchLimits::default();
    let limits = match args.timeout {
        Some(timeout) => limits.deadline(timeout),
        None => limits,
    };
    Ok(TowerFetch::new(hyper(args)?).limits(limits))
}

/// Reaches nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Offline;

impl Fetch for Offline {
    fn fetch(&self, _: Request<Bytes>) -> Begin<Response<Bytes>> {
        Begin::failed(Error::configuration(
            "--offline sends nothing, so no token can be had: set accessToken, or name a stored one that is valid",
        ))
    }
}
