//! Tunnels through a proxy: what `CONNECT` says, whom it authenticates to, and what a hostile proxy can do.

mod hostile;

use std::net::SocketAddr;

use conformance::driver::through_tower;
use conformance::proxy::Kind;
use conformance::serving::Serving;
use conformance::tunnels::{Asked, Reply, Tunnels, refusal};
use conformance::{Client, Load, net};
use countersign_basic::Basic;
use countersign_core::{Any, AuthBody, Settings};
use countersign_ntlm::ChannelBinding;
use countersign_testkit::{Answer, Canary, RawServer};
use countersign_tower::{
    AuthLayer, HyperLanes, Proxy, ProxyConnector, ProxyError, ProxyErrorKind, ProxyStream,
};
use http::Uri;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder, MaybeHttpsStream};
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpStream;
use tower::{Layer, Service, ServiceExt};

const USER: &str = "bob.b";
const NOWHERE: &str = "127.0.0.1:9";
const DIGEST: &str = "Digest realm=\"p\", nonce=\"n\", qop=\"auth\", algorithm=SHA-256";

type Tls<S> = MaybeHttpsStream<S>;
type Below = HttpsConnector<HttpConnector>;
type Above = HttpsConnector<ProxyConnector<Below>>;
type Sent = AuthBody<AuthBody<Load>>;

/// TLS to the servers over tunnels, and to a proxy that has it.
fn connector(proxy: &Proxy) -> Above {
    let mut http = HttpConnector::new();
    http.enforce_http(false);
    let tls = || HttpsConnectorBuilder::new().with_tls_config(net::certificates().client());
    let below = tls().https_or_http().enable_http1().wrap_connector(http);
    let above = tls().https_or_http().enable_http1();
    above.wrap_connector(proxy.connector(below))
}

/// What the server behind a tunnel showed.
fn certificate(stream: &Tls<ProxyStream<Tls<TokioIo<TcpStream>>>>) -> Option<Vec<u8>> {
    let MaybeHttpsStream::Https(stream) = stream else {
        return None;
    };
    let (_, session) = stream.inner().get_ref();
    Some(session.peer_certificates()?.first()?.to_vec())
}

fn client(proxy: &Proxy, for_origin: Any) -> Client {
    let connector = connector(proxy);
    let pooled = legacy::Client::builder(TokioExecutor::new()).build(connector.clone());
    let lanes = HyperLanes::<_, Sent>::new(1, connector).certificate(certificate);
    let for_proxy = proxy.layer(lanes.settings(Settings::default()));
    let for_origin = AuthLayer::new(for_origin).settings(lanes.settings(Settings::default()));
    let service = lanes.service(pooled).map_err(std::io::Error::other);
    through_tower(for_origin.layer(for_proxy.layer(service)))
}

fn amy(secret: &Canary) -> Any {
    Any::new(Basic::new("amy.a", secret.as_str()).unwrap())
}

async fn origin() -> RawServer {
    let here = std::net::Ipv4Addr::LOCALHOST.into();
    RawServer::start_on(here, Some(net::certificates()), |_| Answer::new(200)).await
}

fn url(origin: &RawServer) -> String {
    format!("https://a.test:{}/x", origin.address().port())
}

fn proxy_of(tunnels: &Tunnels, scheme: Any) -> Proxy {
    Proxy::new(&tunnels.url()).unwrap().auth(scheme)
}

/// A tunnel to `a.test`, or why there is none.
async fn open(proxy: &Proxy) -> Result<(), ProxyError> {
    let mut connector = proxy.connector(HttpConnector::new());
    let opened = connector.call(Uri::from_static("https://a.test/")).await;
    opened.map(drop).map_err(|error| *error.downcast().unwrap())
}

async fn scripted(script: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Tunnels {
    Tunnels::scripted(NOWHERE.parse::<SocketAddr>().unwrap(), script).await
}

#[tokio::test]
async fn a_tunnel_is_asked_for_by_its_authority_alone() {
    let origin = origin().await;
    let tunnels = Tunnels::scripted(origin.address(), |_| Reply::Open(b"")).await;
    let (secret, port) = (Canary::new(), origin.address().port());
    let proxy = Proxy::new(&tunnels.url()).unwrap();
    assert_eq!(
        client(&proxy, amy(&secret)).status(&url(&origin)).await,
        200
    );
    let basic = Any::new(Basic::new("Aladdin", "open sesame").unwrap());
    assert_eq!(
        client(&proxy_of(&tunnels, basic), amy(&secret))
            .status(&url(&origin))
            .await,
        200
    );
    let asked: Vec<_> = tunnels
        .asked()
        .into_iter()
        .map(|asked| asked.request.bytes)
        .collect();
    let head = format!("CONNECT a.test:{port} HTTP/1.1\r\nhost: a.test:{port}\r\n");
    let credentials = "proxy-authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n";
    assert_eq!(
        asked,
        [
            format!("{head}\r\n").into_bytes(),
            format!("{head}{credentials}\r\n").into_bytes()
        ]
    );
    for seen in origin.seen() {
        assert!(seen.tls && seen.request.target == "/x");
        assert!(seen.request.header("authorization").is_some());
        assert_eq!(seen.request.header("proxy-authorization"), None);
    }
}

#[tokio::test]
async fn every_scheme_opens_tunnels_over_one_connection_and_stays_out_of_them() {
    for kind in Kind::ALL {
        let [own, wrong, origins] = [Canary::token(), Canary::token(), Canary::token()];
        let origin = origin().await;
        let verifier = kind.verifier(USER, own.as_str());
        let tunnels = Tunnels::demanding(verifier, origin.address()).await;
        let proxy = proxy_of(&tunnels, kind.client(USER, own.as_str()));
        assert_eq!(
            client(&proxy, amy(&origins)).status(&url(&origin)).await,
            200,
            "{kind:?}"
        );
        let asked = tunnels.asked();
        assert_eq!(asked.len(), kind.legs(), "{kind:?}");
        assert!(asked.iter().all(|asked| asked.connection == 0), "{kind:?}");
        let shows = |asked: &Asked| origins.is_in(&asked.request.bytes);
        assert!(
            !asked.iter().any(shows),
            "{kind:?}: the origin's to the proxy"
        );
        let shows =
            |bytes: &[u8]| own.is_in(bytes) || String::from_utf8_lossy(bytes).contains(USER);
        assert!(
            !origin.seen().iter().any(|seen| shows(&seen.request.bytes)),
            "{kind:?}"
        );

        let proxy = proxy_of(&tunnels, kind.client(USER, wrong.as_str()));
        let refused = open(&proxy).await.unwrap_err();
        assert_eq!(refused.kind(), ProxyErrorKind::Refused, "{kind:?}");
        assert_eq!(refused.status().unwrap(), 407, "{kind:?}");
        let scheme = format!("{kind:?}");
        assert!(
            refused.challenges().iter().any(|one| one.is(&scheme)),
            "{kind:?}"
        );
        assert!(refused.to_string().contains(&tunnels.url()), "{refused}");
        assert!(!wrong.is_in(format!("{refused:?}").as_bytes()));
    }
}

#[tokio::test]
async fn a_proxy_that_closes_after_its_407_is_asked_anew() {
    for named in [true, false] {
        let origin = origin().await;
        let closing = move |asked: &Asked| match asked.request.header("proxy-authorization") {
            None if named => Reply::Last(refusal(
                407,
                &[("proxy-authenticate", DIGEST), ("connection", "close")],
            )),
            None => Reply::Last(refusal(407, &[("proxy-authenticate", DIGEST)])),
            Some(_) => Reply::Open(b""),
        };
        let tunnels = Tunnels::scripted(origin.address(), closing).await;
        let proxy = proxy_of(&tunnels, Kind::Digest.client(USER, "secret"));
        assert_eq!(
            client(&proxy, amy(&Canary::new()))
                .status(&url(&origin))
                .await,
            200
        );
        let connections: Vec<_> = tunnels
            .asked()
            .iter()
            .map(|asked| asked.connection)
            .collect();
        assert_eq!(connections, [0, 1], "{named}");
        let proof = tunnels.asked()[1]
            .request
            .header("proxy-authorization")
            .unwrap()
            .to_owned();
        let uri = format!("uri=\"a.test:{}\"", origin.address().port());
        assert!(proof.contains(&uri), "{proof}");
    }
}

/// The binding to the certificate that servers show.
async fn shown() -> ChannelBinding {
    let origin = origin().await;
    let url: Uri = format!("https://{}/", origin.address()).parse().unwrap();
    let direct = ProxyConnector::direct(HttpConnector::new());
    let tls = HttpsConnectorBuilder::new().with_tls_config(net::certificates().client());
    let mut connector = tls.https_only().enable_http1().wrap_connector(direct);
    let MaybeHttpsStream::Https(stream) = connector.call(url).await.unwrap() else {
        panic!("no TLS")
    };
    let (_, session) = stream.inner().get_ref();
    ChannelBinding::server_end_point(&session.peer_certificates().unwrap()[0]).unwrap()
}

#[tokio::test]
async fn a_connection_is_authenticated_through_a_tunnel_and_bound_to_its_origin() {
    let serving = Serving::bound(shown().await).await;
    let (address, secret) = (serving.raw.address(), Canary::new());
    let tunnels = Tunnels::demanding(Kind::Ntlm.verifier(USER, secret.as_str()), address).await;
    let proxy = proxy_of(&tunnels, Kind::Ntlm.client(USER, secret.as_str()));
    let own = countersign_ntlm::Ntlm::new("user0", conformance::serving::PASSWORD).unwrap();
    let client = client(&proxy, Any::new(own));
    for _ in 0..3 {
        assert_eq!(client.status(&serving.tls_url()).await, 200);
    }
    assert_eq!(serving.counted().handshakes, 1);
    assert_eq!(
        tunnels.asked().len(),
        4,
        "one tunnel to ask, and one for the lane"
    );
}

#[tokio::test]
async fn a_proxy_itself_may_be_behind_tls() {
    let (origin, secret) = (origin().await, Canary::new());
    let verifier = Kind::Digest.verifier(USER, secret.as_str());
    let tunnels = Tunnels::demanding_by_tls(net::certificates(), verifier, origin.address()).await;
    let proxy = proxy_of(&tunnels, Kind::Digest.client(USER, secret.as_str()));
    assert_eq!(
        client(&proxy, amy(&Canary::new()))
            .status(&url(&origin))
            .await,
        200
    );
    assert_eq!(tunnels.asked().len(), 2);
}

#[tokio::test]
async fn an_origins_407_is_not_for_the_proxys_credentials() {
    let here = std::net::Ipv4Addr::LOCALHOST.into();
    let phish = |_: &_| Answer::new(407).header("proxy-authenticate", "Basic realm=\"p\"");
    let origin = RawServer::start_on(here, Some(net::certificates()), phish).await;
    let secret = Canary::new();
    let verifier = Kind::Basic.verifier(USER, secret.as_str());
    let tunnels = Tunnels::demanding(verifier, origin.address()).await;
    let proxy = proxy_of(&tunnels, Kind::Basic.client(USER, secret.as_str()));
    assert_eq!(
        client(&proxy, amy(&Canary::new()))
            .status(&url(&origin))
            .await,
        407
    );
    assert_eq!(origin.seen().len(), 1);
    assert_eq!(origin.seen()[0].request.header("proxy-authorization"), None);
}
