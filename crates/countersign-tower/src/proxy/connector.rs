//! [`ProxyConnector`].

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use countersign_core::{BoxError, Origin};
use http::Uri;
use http::uri::Scheme;
use hyper::rt::{Read, Write};
use hyper_util::client::legacy::connect::Connection;
use tower_service::Service;

use super::{Proxy, ProxyError, ProxyErrorKind, ProxyStream, tunnel};

/// Connects through a [`Proxy`]: a connector for hyper's clients and for [`HyperLanes`](crate::HyperLanes).
///
/// Its errors are [`ProxyError`], in a box.
#[derive(Clone)]
pub struct ProxyConnector<K> {
    proxy: Option<Proxy>,
    connect: K,
}

impl<K> ProxyConnector<K> {
    pub(super) fn through(proxy: Proxy, connect: K) -> Self {
        Self {
            proxy: Some(proxy),
            connect,
        }
    }

    /// Connects to the servers themselves, by TCP alone: for a program that has a proxy or not, and one type for both.
    pub fn direct(connect: K) -> Self {
        Self {
            proxy: None,
            connect,
        }
    }
}

type Connecting<S> = Pin<Box<dyn Future<Output = Result<ProxyStream<S>, BoxError>> + Send>>;

impl<K> Service<Uri> for ProxyConnector<K>
where
    K: Service<Uri> + Clone + Send + 'static,
    K::Response: Read + Write + Connection + Unpin + Send + 'static,
    K::Error: Into<BoxError>,
    K::Future: Send,
{
    type Response = ProxyStream<K::Response>;
    type Error = BoxError;
    type Future = Connecting<K::Response>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let Self { proxy, connect } = self.clone();
        Box::pin(async move {
            match proxy {
                None => Ok(ProxyStream::to_server(dial(connect, plain(&uri)).await?)),
                Some(proxy) => Ok(through(proxy, connect, uri).await?),
            }
        })
    }
}

async fn through<K>(
    proxy: Proxy,
    connect: K,
    uri: Uri,
) -> Result<ProxyStream<K::Response>, ProxyError>
where
    K: Service<Uri> + Clone + Send + 'static,
    K::Response: Read + Write + Connection + Unpin + Send + 'static,
    K::Error: Into<BoxError>,
    K::Future: Send,
{
    let connected = async {
        match uri.scheme() == Some(&Scheme::HTTP) {
            true => reach(&proxy, connect).await.map(ProxyStream::to_proxy),
            false => tunnel::open(&proxy, connect, &uri)
                .await
                .map(ProxyStream::to_server),
        }
    };
    let late = |_| ProxyError::new(ProxyErrorKind::Timeout, &proxy.origin);
    tokio::time::timeout(proxy.timeout, connected)
        .await
        .map_err(late)?
}

/// A connection to the proxy itself.
pub(super) async fn reach<K>(proxy: &Proxy, connect: K) -> Result<K::Response, ProxyError>
where
    K: Service<Uri>,
    K::Error: Into<BoxError>,
{
    let reached = dial(connect, proxy.uri.clone()).await;
    reached
        .map_err(|error| ProxyError::new(ProxyErrorKind::Unreachable, &proxy.origin).because(error))
}

async fn dial<K>(mut connect: K, uri: Uri) -> Result<K::Response, BoxError>
where
    K: Service<Uri>,
    K::Error: Into<BoxError>,
{
    std::future::poll_fn(|cx| connect.poll_ready(cx))
        .await
        .map_err(Into::into)?;
    connect.call(uri).await.map_err(Into::into)
}

/// The same host and port by `http`, so that a connector which knows TLS leaves it to the one above.
fn plain(uri: &Uri) -> Uri {
    let origin = Origin::of(uri);
    let plain = origin.and_then(|origin| {
        format!("http://{}:{}/", origin.host(), origin.port())
            .parse()
            .ok()
    });
    plain.unwrap_or_else(|| uri.clone())
}

impl<K> fmt::Debug for ProxyConnector<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProxyConnector")
            .field("proxy", &self.proxy)
            .finish_non_exhaustive()
    }
}
