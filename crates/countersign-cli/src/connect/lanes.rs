//! Connections of their own, for schemes that authenticate a connection.

use countersign::tower::HyperLanes;
use http::Uri;
use http_body::Body;
use hyper_rustls::MaybeHttpsStream;
use tower::Service;

use super::{Connector, Hyper, connector, pooled, tls};
use crate::args::HttpArgs;
use crate::exit::Failure;

/// As [`hyper`](super::hyper), and a lane for one request at a time, in HTTP/1.1.
pub(crate) fn hyper_with_lanes<B>(
    args: &HttpArgs,
) -> Result<(Hyper<B>, HyperLanes<Connector, B>), Failure>
where
    B: Body<Data: Send> + Send + 'static,
{
    let config = tls::config(args)?;
    let lanes = HyperLanes::new(1, connector(config.clone(), true)).certificate(certificate);
    Ok((pooled(connector(config, args.http1)), lanes))
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
