//! Names that lead to this machine, for both kinds of client.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use countersign_testkit::Certificates;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder, MaybeHttpsStream};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::Name;
use hyper_util::rt::TokioIo;
use reqwest::dns::{Addrs, Resolve, Resolving};
use tokio::net::TcpStream;
use tower::service_fn;
use tower::util::BoxCloneSyncService;

type Names = BoxCloneSyncService<Name, std::iter::Once<SocketAddr>, std::io::Error>;

/// hyper's connector, where every name is `127.0.0.1` and only `certificates` are trusted.
pub type Connector = HttpsConnector<HttpConnector<Names>>;

/// Every name is `127.0.0.1`, at this port where a URL names none; 0 is the port of its scheme.
fn here(port: u16) -> SocketAddr {
    SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port)
}

/// The connector of a hyper client.
pub fn connector(certificates: &Certificates) -> Connector {
    connector_to(0, certificates)
}

/// The same, where a URL without a port leads to this one.
pub fn connector_to(port: u16, certificates: &Certificates) -> Connector {
    let names = service_fn(move |_: Name| async move { Ok(std::iter::once(here(port))) });
    let mut http = HttpConnector::new_with_resolver(Names::new(names));
    http.enforce_http(false);
    HttpsConnectorBuilder::new()
        .with_tls_config(certificates.client())
        .https_or_http()
        .enable_http1()
        .wrap_connector(http)
}

/// The certificate that the server of a connection showed.
pub fn certificate_shown(stream: &MaybeHttpsStream<TokioIo<TcpStream>>) -> Option<Vec<u8>> {
    match stream {
        MaybeHttpsStream::Http(_) => None,
        MaybeHttpsStream::Https(stream) => {
            let shown = stream.inner().get_ref().1.peer_certificates()?;
            shown.first().map(|certificate| certificate.to_vec())
        }
    }
}

/// The same for reqwest.
pub fn reqwest(certificates: &Certificates) -> reqwest::ClientBuilder {
    reqwest_to(0, certificates)
}

/// The same, where a URL without a port leads to this one.
pub fn reqwest_to(port: u16, certificates: &Certificates) -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .no_proxy()
        .dns_resolver(Here(port))
        .tls_backend_preconfigured(certificates.client())
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
}

struct Here(u16);

impl Resolve for Here {
    fn resolve(&self, _: reqwest::dns::Name) -> Resolving {
        let addresses: Addrs = Box::new(std::iter::once(here(self.0)));
        Box::pin(std::future::ready(Ok(addresses)))
    }
}

/// One certificate for every name of the tests, made once.
pub fn certificates() -> &'static Certificates {
    static MADE: std::sync::OnceLock<Arc<Certificates>> = std::sync::OnceLock::new();
    MADE.get_or_init(|| {
        let names = [
            "localhost",
            "a.test",
            "b.test",
            "sub.a.test",
            "evil.test",
            "127.0.0.1",
            "::1",
        ];
        Arc::new(Certificates::new(&names))
    })
}
