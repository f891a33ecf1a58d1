//! [`Server`].

use std::net::{Ipv4Addr, SocketAddr};

use conformance::net;
use countersign_testkit::Certificates;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::entry::{Entry, Leg};
use crate::wire::Wire;

/// wiremock, with TLS before it where the entry's request asks for that.
pub(crate) struct Server {
    mock: MockServer,
    tls: Option<Tls>,
}

struct Tls {
    certificates: Certificates,
    port: u16,
    serving: AbortHandle,
}

impl Server {
    /// Answers each leg once, and everything else with 403.
    pub(crate) async fn start(entry: &Entry) -> Self {
        let mock = MockServer::start().await;
        for leg in &entry.legs {
            once(leg).mount(&mock).await;
        }
        let refusal = Mock::given(any()).respond_with(ResponseTemplate::new(403));
        refusal.with_priority(9).mount(&mock).await;
        let tls = match entry.is_over_tls() {
            true => Some(Tls::start(entry, *mock.address()).await),
            false => None,
        };
        Self { mock, tls }
    }

    pub(crate) fn port(&self) -> u16 {
        let plain = || self.mock.address().port();
        self.tls.as_ref().map_or_else(plain, |tls| tls.port)
    }

    pub(crate) fn certificates(&self) -> Certificates {
        let own = self.tls.as_ref().map(|tls| &tls.certificates);
        own.unwrap_or_else(|| net::certificates()).clone()
    }

    pub(crate) async fn received(&self) -> Vec<Wire> {
        let requests = self.mock.received_requests().await.unwrap();
        requests.iter().map(Wire::received).collect()
    }
}

fn once(leg: &Leg) -> Mock {
    let expected = Wire::of(&leg.sent);
    let same = move |request: &wiremock::Request| Wire::received(request) == expected;
    Mock::given(same)
        .respond_with(leg.answer.clone())
        .up_to_n_times(1)
}

impl Tls {
    async fn start(entry: &Entry, mock: SocketAddr) -> Self {
        let certificates = Certificates::new(&entry.hosts().collect::<Vec<_>>());
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let serving = forward(listener, certificates.clone(), mock);
        Self {
            certificates,
            port,
            serving: tokio::spawn(serving).abort_handle(),
        }
    }
}

/// Takes TLS off every connection.
async fn forward(listener: TcpListener, certificates: Certificates, mock: SocketAddr) {
    while let Ok((stream, _)) = listener.accept().await {
        let acceptor = certificates.acceptor();
        tokio::spawn(async move {
            let mut client = acceptor.accept(stream).await?;
            let mut server = TcpStream::connect(mock).await?;
            copy_bidirectional(&mut client, &mut server).await
        });
    }
}

impl Drop for Tls {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
