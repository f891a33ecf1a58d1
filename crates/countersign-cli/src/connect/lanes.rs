//! A client with connections of its own, for schemes that authenticate a connection, and with its proxy.

use countersign::tower::{AuthLayer, HyperLanes, LaneService, Proxy};
use countersign::{Any, Auth, BoxError, Error, Failure as Driven, Settings};
use http::Uri;
use http_body::Body;
use hyper_rustls::MaybeHttpsStream;
use tower::Service;

use super::{Connector, Hyper, connector, pooled, proxy, tls};
use crate::args::HttpArgs;
use crate::exit::Failure;

/// A client for bodies of this type, a lane for one request at a time in HTTP/1.1, and the proxy in between.
pub(crate) struct Below<B> {
    pooled: Hyper<B>,
    lanes: HyperLanes<Connector, B>,
    proxy: Option<Proxy>,
}

/// The one that the arguments ask for.
pub(crate) fn below<B>(args: &HttpArgs) -> Result<Below<B>, Failure>
where
    B: Body<Data: Send> + Send + 'static,
{
    let (config, proxy) = (tls::config(args)?, proxy::proxy(&args.proxy)?);
    let lanes = connector(config.clone(), true, proxy.as_ref());
    Ok(Below {
        pooled: pooled(connector(config, args.http1, proxy.as_ref())),
        lanes: HyperLanes::new(1, lanes).certificate(certificate),
        proxy,
    })
}

impl<B: Body<Data: Send> + Send + 'static> Below<B> {
    /// `settings` with the lanes.
    pub(crate) fn settings(&self, settings: Settings) -> Settings {
        self.lanes.settings(settings)
    }

    /// Authenticates to the proxy what it forwards; [`at_proxy`] stands above.
    pub(crate) fn to_proxy(&self, settings: Settings) -> AuthLayer<Any> {
        match &self.proxy {
            Some(proxy) => proxy.layer(self.settings(settings)),
            None => AuthLayer::new(Any::new(Auth::none())),
        }
    }

    /// The client itself.
    pub(crate) fn service(&self) -> LaneService<Connector, B, Hyper<B>> {
        self.lanes.service(self.pooled.clone())
    }
}

/// What failed in between, as the failure of the client.
pub(crate) fn at_proxy(failure: Driven<BoxError>) -> BoxError {
    match failure {
        Driven::Auth(error) => Error::new(error.kind(), "at the proxy")
            .with_source(error)
            .into(),
        Driven::Inner(error) => error,
    }
}

/// What the server showed, in DER.
fn certificate(stream: &<Connector as Service<Uri>>::Response) -> Option<Vec<u8>> {
    let MaybeHttpsStream::Https(stream) = stream else {
        return None;
    };
    let (_, session) = stream.inner().get_ref();
    let certificate = session.peer_certificates()?.first()?;
    Some(certificate.to_vec())
}
