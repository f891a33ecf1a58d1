//! Opens a tunnel: the one loop drives a `CONNECT` request over a connection to the proxy.

use std::sync::Arc;

use bytes::Bytes;
use countersign_core::lanes::Lanes;
use countersign_core::{AuthBody, BoxError, Drive, Origin, Settings};
use http::header::HOST;
use http::{HeaderValue, Method, Request, Response, Uri};
use http_body_util::Empty;
use hyper::body::Incoming;
use hyper::rt::{Read, Write};
use hyper_util::client::legacy::connect::Connection;
use tower_service::Service;

use super::wire::Wire;
use super::{Proxy, ProxyError, ProxyErrorKind};

/// A connection through the proxy to the origin of `uri`.
pub(super) async fn open<K>(proxy: &Proxy, connect: K, uri: &Uri) -> Result<K::Response, ProxyError>
where
    K: Service<Uri> + Clone + Send + 'static,
    K::Response: Read + Write + Connection + Unpin + Send + 'static,
    K::Error: Into<BoxError>,
    K::Future: Send,
{
    let request =
        connect_to(uri).ok_or_else(|| ProxyError::new(ProxyErrorKind::Target, &proxy.origin))?;
    let settings = proxy.settings(Settings::default().lanes(Lanes::<()>::new(1)));
    // It holds the connection until the tunnel was taken out of it.
    let wire = Wire::new(proxy.clone(), connect);
    let auth = Arc::new(proxy.auth.clone());
    let driven = Drive::new(auth, Arc::new(settings), request, wire.clone()).await;
    let response = driven.map_err(|failure| ProxyError::of(failure, &proxy.origin))?;
    match response.status().is_success() {
        true => take(proxy, response).await,
        false => Err(ProxyError::refused(&proxy.origin, response.into_parts().0)),
    }
}

/// The head and nothing of the request that wants the tunnel.
fn connect_to(uri: &Uri) -> Option<Request<Empty<Bytes>>> {
    let origin = Origin::of(uri)?;
    let authority = format!("{}:{}", origin.host(), origin.port());
    let mut request = Request::new(Empty::new());
    *request.method_mut() = Method::CONNECT;
    request
        .headers_mut()
        .insert(HOST, HeaderValue::from_str(&authority).ok()?);
    *request.uri_mut() = authority.parse().ok()?;
    Some(request)
}

/// The connection that became the tunnel. A server of HTTP waits for the client, so what is there already is not its own.
async fn take<S>(proxy: &Proxy, response: Response<AuthBody<Incoming>>) -> Result<S, ProxyError>
where
    S: Read + Write + Unpin + 'static,
{
    let broken = || ProxyError::new(ProxyErrorKind::Broken, &proxy.origin);
    let upgraded = hyper::upgrade::on(response)
        .await
        .map_err(|error| broken().because(error))?;
    let parts = upgraded.downcast().map_err(|_| broken())?;
    match parts.read_buf.is_empty() {
        true => Ok(parts.io),
        false => {
            Err(broken().because("it sent bytes through the tunnel before anything was asked"))
        }
    }
}
