//! One leg over one connection.

use std::borrow::Cow;

use countersign_core::lanes::{Lane, needs_http1, refuses_http1};
use countersign_core::{BoxError, Error, ErrorKind, PeerCertificate, canonical};
use http::header::HOST;
use http::uri::Scheme;
use http::{HeaderValue, Request, Response, Uri, Version};
use http_body::Body;
use hyper::body::Incoming;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::rt::{Read, Write};
use hyper_util::client::legacy::connect::Connection;
use tower_service::Service;

use super::Connector;

/// Sends over the lane's connection, or over a new one if it has none yet.
pub(super) async fn send<K, B>(
    connector: Connector<K>,
    lane: Lane<SendRequest<B>>,
    mut request: Request<B>,
) -> Result<Response<Incoming>, BoxError>
where
    K: Service<Uri>,
    K::Response: Read + Write + Connection + Unpin + Send + 'static,
    K::Error: Into<BoxError>,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<BoxError>,
{
    let mut sender = match lane.take() {
        Some(sender) => sender,
        None => connect(connector, request.uri().clone(), lane.connection()).await?,
    };
    let proxied = lane.connection().recall::<Proxied>();
    to_wire_form(&mut request, proxied)?;
    if sender.ready().await.is_err() {
        lane.mark_lost();
        return Err(lost().into());
    }
    match sender.try_send_request(request).await {
        Ok(response) => {
            lane.put(sender);
            Ok(response)
        }
        Err(mut unsent) => {
            if unsent.take_message().is_some() {
                lane.mark_lost();
            }
            Err(explained(unsent.into_error().into()))
        }
    }
}

async fn connect<K, B>(
    connector: Connector<K>,
    uri: Uri,
    lane: &countersign_core::Connection,
) -> Result<SendRequest<B>, BoxError>
where
    K: Service<Uri>,
    K::Response: Read + Write + Connection + Unpin + Send + 'static,
    K::Error: Into<BoxError>,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<BoxError>,
{
    let Connector {
        mut connect,
        certificate,
    } = connector;
    std::future::poll_fn(|cx| connect.poll_ready(cx))
        .await
        .map_err(Into::into)?;
    let stream = connect.call(uri).await;
    let stream = stream.map_err(|error| explained(error.into()))?;
    let connected = stream.connected();
    if connected.is_negotiated_h2() {
        return Err(needs_http1().into());
    }
    if connected.is_proxied() {
        lane.remember(Proxied);
    }
    if let Some(der) = certificate(&stream) {
        lane.remember(PeerCertificate::new(der));
    }
    let (sender, connection) = handshake(stream).await?;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a lane's connection ended");
        }
    });
    Ok(sender)
}

/// The connection leads to a proxy that forwards plain HTTP.
#[derive(Clone, Copy)]
struct Proxied;

/// What a connection's own sender wants: the host in its field, and the path alone (RFC 9112 section 3.2.1); on the way to
/// a proxy the whole URI (section 3.2.2), unless the connection is a tunnel through it.
fn to_wire_form<B>(request: &mut Request<B>, proxied: Option<Proxied>) -> Result<(), Error> {
    *request.version_mut() = Version::HTTP_11;
    if !request.headers().contains_key(HOST) {
        let host = HeaderValue::from_str(&host(request.uri())?).map_err(|_| no_host())?;
        request.headers_mut().insert(HOST, host);
    }
    let uri = request.uri();
    let mut target = canonical::uri::request_target(uri);
    if proxied.is_some() && uri.scheme() == Some(&Scheme::HTTP) {
        target = format!("http://{}{target}", host(uri)?).into();
    }
    let target = target.parse().map_err(|_| no_host())?;
    *request.uri_mut() = target;
    Ok(())
}

fn host(uri: &Uri) -> Result<Cow<'_, str>, Error> {
    canonical::uri::authority(uri).ok_or_else(no_host)
}

fn no_host() -> Error {
    Error::configuration("the request's URI is not one that HTTP can send")
}

fn lost() -> Error {
    Error::new(
        ErrorKind::Connection,
        "the connection that was authenticated is gone",
    )
}

fn explained(error: BoxError) -> BoxError {
    match refuses_http1(&*error) {
        true => needs_http1().with_source(error).into(),
        false => error,
    }
}
