//! A proxy between a hyper client and the servers, and the credentials for it.

mod connector;
mod error;
mod stream;
mod tunnel;
mod wire;

use std::time::Duration;

use countersign_core::{Any, Error, Origin, Payload, Result, Scheme, Settings, Sign};
use http::{Uri, request};

use crate::AuthLayer;
pub use connector::ProxyConnector;
pub use error::{ProxyError, ProxyErrorKind};
pub use stream::ProxyStream;

/// How long it may take to connect to a proxy and have it open a tunnel.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A proxy that everything is sent through, and who one is there.
///
/// It has two halves, and both are needed. [`connector`](Self::connector) makes the connections: to servers of `https` by a
/// tunnel (`CONNECT`, RFC 9110 section 9.3.6), which it authenticates, and for `http` to the proxy itself.
/// [`layer`](Self::layer) authenticates the requests over the latter. TLS to the servers stands above the connector; below
/// it, with a connector that speaks TLS as well, it is to a proxy at `https://`.
///
/// ```
/// use countersign_basic::Basic;
/// use countersign_core::Any;
/// use countersign_tower::{AuthBody, Proxy, Settings};
/// use http_body_util::Empty;
/// use hyper_util::{client::legacy::{Client, connect::HttpConnector}, rt::TokioExecutor};
/// use tower::Layer;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use tokio_rustls::rustls;
/// # rustls::crypto::aws_lc_rs::default_provider().install_default().ok();
/// let basic = Basic::new("Aladdin", "open sesame")?;
/// let proxy = Proxy::new("http://127.0.0.1:3128")?.auth(Any::new(basic));
/// let tls = rustls::ClientConfig::builder().with_root_certificates(rustls::RootCertStore::empty());
/// let connector = hyper_rustls::HttpsConnectorBuilder::new()
///     .with_tls_config(tls.with_no_client_auth())
///     .https_or_http()
///     .enable_http1()
///     .wrap_connector(proxy.connector(HttpConnector::new()));
/// type Sent = AuthBody<Empty<bytes::Bytes>>;
/// let pooled: Client<_, Sent> = Client::builder(TokioExecutor::new()).build(connector);
/// let client = proxy.layer(Settings::default()).layer(pooled);
/// # Ok(())
/// # }
/// ```
///
/// A scheme that authenticates connections works in tunnels by itself. For `http` the layer needs
/// [`HyperLanes`](crate::HyperLanes) over the same connector, which lead to the proxy wherever the requests go.
///
/// A challenge of the proxy is answered over the connection that it came on, or over a new one if the proxy closed that.
/// What the proxy's answers may cost is bounded: three of them, 64 KiB of head each, and [`timeout`](Self::timeout).
#[derive(Clone, Debug)]
pub struct Proxy {
    uri: Uri,
    origin: Origin,
    auth: Any,
    allow_cleartext: bool,
    timeout: Duration,
}

impl Proxy {
    /// The proxy at `http://host:port` or `https://host:port`, without credentials.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for another scheme, user information (give it
    /// to [`auth`](Self::auth) as [`Basic`](https://docs.rs/countersign-basic)), or a path.
    pub fn new(url: &str) -> Result<Self> {
        let uri: Uri = url.parse().map_err(|_| unusable("it is no URL"))?;
        let origin =
            Origin::of(&uri).ok_or_else(|| unusable("it needs http:// or https:// and a host"))?;
        check(&uri, &origin)?;
        Ok(Self {
            uri,
            origin,
            auth: Any::new(Nobody),
            allow_cleartext: false,
            timeout: TIMEOUT,
        })
    }

    /// Authenticates to it by `scheme`: Basic, Digest, NTLM, Bearer, or a choice of these.
    #[must_use]
    pub fn auth(self, scheme: impl Scheme) -> Self {
        let auth = Any::new(scheme);
        Self { auth, ..self }
    }

    /// Lets a credential that is readable on the wire go to a proxy at `http://` that is not this machine.
    #[must_use]
    pub fn allow_cleartext(self, allow: bool) -> Self {
        Self {
            allow_cleartext: allow,
            ..self
        }
    }

    /// How long it may take to connect to it and have it open a tunnel. 30 seconds by default.
    #[must_use]
    pub fn timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    /// Makes connections through it over those that `connect` makes to it.
    pub fn connector<K>(&self, connect: K) -> ProxyConnector<K> {
        ProxyConnector::through(self.clone(), connect)
    }

    /// Authenticates requests over `http` to it, and lets those over `https` pass; of `settings` the lanes and limits count.
    ///
    /// It stands below the layer that authenticates to the origins.
    pub fn layer(&self, settings: Settings) -> AuthLayer<Any> {
        AuthLayer::new(self.auth.clone()).settings(self.settings(settings))
    }

    fn settings(&self, settings: Settings) -> Settings {
        settings
            .proxy(self.origin.clone())
            .allow_cleartext(self.allow_cleartext)
    }
}

fn check(uri: &Uri, origin: &Origin) -> Result<()> {
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    match uri.path_and_query().map(|path| path.as_str()) {
        _ if !["http", "https"].contains(&origin.scheme()) => Err(unusable(
            "it is neither http:// nor https://, and SOCKS is not spoken: name the proxy's port for HTTP",
        )),
        _ if authority.contains('@') => Err(unusable(
            "credentials do not belong into its URL: use auth()",
        )),
        None | Some("" | "/") => Ok(()),
        Some(_) => Err(unusable("it has a path or a query")),
    }
}

fn unusable(why: &'static str) -> Error {
    Error::configuration(format!("the proxy's URL cannot be used: {why}"))
}

/// Adds nothing.
#[derive(Clone, Copy, Debug)]
struct Nobody;

impl Sign for Nobody {
    fn name(&self) -> &'static str {
        "none"
    }

    fn sign(&self, _: &mut request::Parts, _: &mut Payload) -> Result<()> {
        Ok(())
    }
}
