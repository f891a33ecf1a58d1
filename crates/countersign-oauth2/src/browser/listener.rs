//! [`Listener`], which waits for the browser to come back.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::io;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use countersign_core::{Error, ErrorKind, Result};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::timeout;
use url::Url;

use super::loopback;
use super::visit::{self, Place, Visits};
use crate::authorization::{Authorization, AuthorizationError, Authorized};

/// How many connections there are at most; a newer one takes the place of the oldest.
const MAX_CONNECTIONS: usize = 16;
/// How long one lives, in all.
const CONNECTION_TIME: Duration = Duration::from_secs(10);
/// How long the last page may take once the answer is there.
const FAREWELL: Duration = Duration::from_secs(2);
/// The largest head of a request, in bytes.
const MAX_HEAD: usize = 16 << 10;

/// Waits for the browser to come back.
pub(super) struct Listener {
    sockets: Vec<TcpListener>,
    url: Url,
    redirect_uri: String,
}

impl Listener {
    /// On a free port, at a path that nobody can guess.
    pub(super) async fn anywhere(authorization: &Authorization) -> Result<Self> {
        let path = authorization.random()?;
        let uri = format!("http://127.0.0.1:0/{path}");
        Self::bind(&loopback::both(), &uri, &parsed(&uri)?).await
    }

    /// Where a given redirect URI leads; `None` if that is no place to listen on.
    pub(super) async fn at(redirect_uri: &str) -> Result<Option<Self>> {
        let url = parsed(redirect_uri)?;
        match loopback::addresses(&url) {
            Some(addresses) => Self::bind(&addresses, redirect_uri, &url).await.map(Some),
            None => Ok(None),
        }
    }

    async fn bind(addresses: &[IpAddr], redirect_uri: &str, url: &Url) -> Result<Self> {
        let port = url.port_or_known_default().unwrap_or(80);
        let sockets = loopback::bind(addresses, port).await.map_err(not_bound)?;
        let bound = sockets.first().map(TcpListener::local_addr);
        let (mut url, mut redirect_uri) = (url.clone(), redirect_uri.to_owned());
        if let (0, Some(Ok(bound))) = (port, bound) {
            // A port can be set on any URL that has a host.
            let _ = url.set_port(Some(bound.port()));
            redirect_uri = url.as_str().to_owned();
        }
        Ok(Self {
            sockets,
            url,
            redirect_uri,
        })
    }

    /// Where the browser is to come back to.
    pub(super) fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    /// Serves until an answer came, then shows its page and is closed.
    pub(super) async fn serve(
        self,
        visits: &Arc<Visits>,
    ) -> Result<Authorized, AuthorizationError> {
        let place = Arc::new(Place::of(&self.url));
        let mut connections = Connections::new();
        let answer = loop {
            tokio::select! {
                answer = visits.answer() => break answer,
                stream = accept(&self.sockets) => connections.spawn(stream, visits, &place),
            }
        };
        drop(self.sockets);
        connections.finish().await;
        Ok(answer?)
    }
}

fn parsed(uri: &str) -> Result<Url> {
    Url::parse(uri).map_err(|_| Error::configuration("the redirect URI is no URI"))
}

fn not_bound(error: io::Error) -> Error {
    let message = "the redirect URI cannot be listened on: another program may have its port";
    Error::new(ErrorKind::Configuration, message).with_source(error)
}

async fn accept(sockets: &[TcpListener]) -> TcpStream {
    std::future::poll_fn(|cx| {
        for socket in sockets {
            if let Poll::Ready(Ok((stream, _))) = socket.poll_accept(cx) {
                return Poll::Ready(stream);
            }
        }
        Poll::Pending
    })
    .await
}

/// What is connected, the oldest first.
struct Connections {
    tasks: JoinSet<()>,
    order: VecDeque<AbortHandle>,
    /// As long as it is held, those that are idle may stay.
    open: watch::Sender<()>,
}

impl Connections {
    fn new() -> Self {
        Self {
            tasks: JoinSet::new(),
            order: VecDeque::new(),
            open: watch::Sender::new(()),
        }
    }

    fn spawn(&mut self, stream: TcpStream, visits: &Arc<Visits>, place: &Arc<Place>) {
        while self.tasks.try_join_next().is_some() {}
        self.order.retain(|task| !task.is_finished());
        if self.order.len() >= MAX_CONNECTIONS {
            self.order.pop_front().iter().for_each(AbortHandle::abort);
        }
        let (visits, place) = (Arc::clone(visits), Arc::clone(place));
        let connection = serve(stream, visits, place, self.open.subscribe());
        let connection = timeout(CONNECTION_TIME, connection);
        self.order.push_back(self.tasks.spawn(async move {
            let _ = connection.await;
        }));
    }

    /// Lets those that are being answered end, and the idle ones not: a browser has some of these.
    async fn finish(mut self) {
        drop(self.open);
        let all = async { while self.tasks.join_next().await.is_some() {} };
        let _ = timeout(FAREWELL, all).await;
    }
}

/// Whatever is wrong with a connection, the next one may be right.
async fn serve(
    stream: TcpStream,
    visits: Arc<Visits>,
    place: Arc<Place>,
    mut open: watch::Receiver<()>,
) {
    let service = service_fn(move |request| {
        let (visits, place) = (Arc::clone(&visits), Arc::clone(&place));
        async move { Ok::<_, Infallible>(visit::receive(request, &visits, &place).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(CONNECTION_TIME)
        .keep_alive(false)
        .max_buf_size(MAX_HEAD)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = open.changed() => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}
