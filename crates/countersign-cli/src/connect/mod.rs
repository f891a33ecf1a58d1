//! The way to servers: hyper, and TLS and a proxy as the arguments say. It knows no cookie, no default header and no
//! compression.

mod lanes;
mod proxy;
mod route;
mod tls;

use bytes::Bytes;
use countersign::tower::{Proxy, ProxyConnector, TowerFetch};
use countersign::{AuthBody, Begin, Error, Fetch, FetchLimits, Settings};
use http::{Request, Response};
use http_body::Body;
use http_body_util::Full;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio_rustls::rustls::ClientConfig;
use tower::ServiceBuilder;

use crate::args::HttpArgs;
use crate::exit::Failure;
use crate::tokens;

pub(crate) use lanes::{at_proxy, below};
pub(crate) use proxy::check_proxy;
pub(crate) use route::Route;

/// How connections are made: TLS over a tunnel or TCP, and TLS to a proxy that has it.
pub(crate) type Connector = HttpsConnector<ProxyConnector<HttpsConnector<HttpConnector>>>;

/// A client for bodies of this type.
pub(crate) type Hyper<B> = Client<Connector, B>;

fn pooled<B: Body<Data: Send> + Send>(connector: Connector) -> Hyper<B> {
    Client::builder(TokioExecutor::new()).build(connector)
}

fn connector(config: ClientConfig, http1: bool, proxy: Option<&Proxy>) -> Connector {
    let tls = |config| {
        HttpsConnectorBuilder::new()
            .with_tls_config(config)
            .https_or_http()
    };
    let below = tls(config.clone()).enable_http1().build();
    let route = match proxy {
        Some(proxy) => proxy.connector(below),
        None => ProxyConnector::direct(below),
    };
    match http1 {
        true => tls(config).enable_http1().wrap_connector(route),
        false => tls(config).enable_all_versions().wrap_connector(route),
    }
}

/// How the endpoints of an authorization server are reached.
pub(crate) fn fetch(args: &HttpArgs) -> Result<impl Fetch + Clone + use<>, Failure> {
    let below = below::<AuthBody<Full<Bytes>>>(args)?;
    let client = ServiceBuilder::new()
        .map_err(at_proxy)
        .layer(below.to_proxy(Settings::default()))
        .service(below.service());
    let limits = FetchLimits::default();
    Ok(TowerFetch::new(client).limits(match args.timeout {
        // The command waits a little longer for a renewal than for an answer.
        Some(timeout) => limits.deadline(timeout.saturating_add(tokens::PATIENCE)),
        None => limits,
    }))
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
