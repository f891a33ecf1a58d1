//! [`RawServer`], an HTTP/1.1 server of scripted bytes that keeps what it sees.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, BufStream};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinSet};

use crate::tls::Certificates;
use crate::wire::{Message, RawRequest};

/// How long a connection may live.
const CONNECTION_TIME: Duration = Duration::from_secs(60);
/// How many requests one server answers.
const MAX_REQUESTS: usize = 1_000_000;
/// How many of them it keeps.
const MAX_KEPT: usize = 10_000;

/// A server of scripted bytes on a loopback port of its own; it stops when dropped.
///
/// A connection is TLS if it begins so, clear text otherwise, so that one port is two origins.
#[derive(Debug)]
pub struct RawServer {
    address: SocketAddr,
    shared: Arc<Shared>,
    accepting: AbortHandle,
}

/// A request that the server saw.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Which connection it came over, counted from 0.
    pub connection: usize,
    /// Whether that was TLS.
    pub tls: bool,
    /// The request.
    pub request: RawRequest,
}

/// What a script answers.
#[derive(Clone, Debug)]
pub struct Answer {
    head: String,
    body: Vec<u8>,
    framed: bool,
    then: Then,
}

/// What follows an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// The connection stays.
    Keep,
    /// The connection is closed.
    Close,
    /// The body goes on for ever, as fast as it is read.
    Flood,
    /// The body goes on for ever, a byte every 20 ms.
    Drip,
    /// Nothing more comes, and the connection stays open.
    Hang,
}

type Script = dyn Fn(&Seen) -> Answer + Send + Sync;

struct Shared {
    script: Box<Script>,
    tls: Option<Certificates>,
    seen: Mutex<Vec<Seen>>,
    answered: AtomicUsize,
    written: AtomicUsize,
    connections: AtomicUsize,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Shared")
    }
}

impl Answer {
    /// An answer without fields or body.
    pub fn new(status: u16) -> Self {
        Self {
            head: format!("HTTP/1.1 {status} x\r\n"),
            body: Vec::new(),
            framed: true,
            then: Then::Keep,
        }
    }

    /// These bytes, whatever they are; then the connection is closed.
    pub fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            head: String::new(),
            body: bytes.into(),
            framed: false,
            then: Then::Close,
        }
    }

    /// One more field.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.head.push_str(&format!("{name}: {value}\r\n"));
        self
    }

    /// The body; its length is named.
    #[must_use]
    pub fn body(self, body: impl Into<Vec<u8>>) -> Self {
        Self {
            body: body.into(),
            ..self
        }
    }

    /// What follows. A body that goes on for ever is chunked.
    #[must_use]
    pub fn then(self, then: Then) -> Self {
        Self { then, ..self }
    }

    fn bytes(&self) -> Vec<u8> {
        let framing = match self.then {
            _ if !self.framed => String::new(),
            Then::Flood | Then::Drip => "transfer-encoding: chunked\r\n\r\n".into(),
            _ => format!("content-length: {}\r\n\r\n", self.body.len()),
        };
        [self.head.as_bytes(), framing.as_bytes(), &self.body].concat()
    }
}

impl RawServer {
    /// Answers by `script` on `127.0.0.1`.
    pub async fn start(script: impl Fn(&Seen) -> Answer + Send + Sync + 'static) -> Self {
        Self::start_on(Ipv4Addr::LOCALHOST.into(), None, script).await
    }

    /// The same on another loopback address, and with TLS where a connection begins with it.
    pub async fn start_on(
        address: IpAddr,
        tls: Option<&Certificates>,
        script: impl Fn(&Seen) -> Answer + Send + Sync + 'static,
    ) -> Self {
        assert!(address.is_loopback(), "tests stay on this machine");
        let listener = TcpListener::bind((address, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            script: Box::new(script),
            tls: tls.cloned(),
            seen: Mutex::default(),
            answered: AtomicUsize::new(0),
            written: AtomicUsize::new(0),
            connections: AtomicUsize::new(0),
        });
        let accepting = tokio::spawn(accept(listener, Arc::clone(&shared))).abort_handle();
        Self {
            address,
            shared,
            accepting,
        }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://ADDRESS` followed by `path`.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Every request so far, in order of arrival; the first 10,000 if there were more.
    pub fn seen(&self) -> Vec<Seen> {
        self.shared.seen.lock().unwrap().clone()
    }

    /// How many connections were opened.
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// How many bytes of endless bodies were written.
    pub fn written(&self) -> usize {
        self.shared.written.load(Ordering::SeqCst)
    }
}

impl Drop for RawServer {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let number = shared.connections.fetch_add(1, Ordering::SeqCst);
        let serving = serve(stream, number, Arc::clone(&shared));
        connections.spawn(tokio::time::timeout(CONNECTION_TIME, serving));
    }
}

async fn serve(stream: TcpStream, number: usize, shared: Arc<Shared>) -> std::io::Result<()> {
    const HANDSHAKE: u8 = 22;
    stream.set_nodelay(true)?;
    let mut first = [0];
    stream.peek(&mut first).await?;
    match &shared.tls {
        Some(tls) if first[0] == HANDSHAKE => {
            let stream = tls.acceptor().accept(stream).await?;
            converse(BufStream::new(stream), number, true, &shared).await
        }
        _ => converse(BufStream::new(stream), number, false, &shared).await,
    }
}

async fn converse(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    connection: usize,
    tls: bool,
    shared: &Shared,
) -> std::io::Result<()> {
    while let Some(message) = Message::read(&mut stream).await? {
        let seen = Seen {
            connection,
            tls,
            request: RawRequest::from(message),
        };
        let answer = (shared.script)(&seen);
        shared.keep(seen);
        if shared.answered.fetch_add(1, Ordering::SeqCst) >= MAX_REQUESTS {
            break;
        }
        stream.write_all(&answer.bytes()).await?;
        stream.flush().await?;
        match answer.then {
            Then::Keep => {}
            Then::Close => break,
            Then::Hang => std::future::pending().await,
            Then::Flood => pour(&mut stream, &[b'x'; 8192], Duration::ZERO, shared).await?,
            Then::Drip => pour(&mut stream, b"x", Duration::from_millis(20), shared).await?,
        }
    }
    stream.shutdown().await
}

impl Shared {
    fn keep(&self, seen: Seen) {
        let mut all = self.seen.lock().unwrap();
        if all.len() < MAX_KEPT {
            all.push(seen);
        }
    }
}

/// Writes chunks until the other side goes away.
async fn pour(
    stream: &mut (impl AsyncWrite + Unpin),
    data: &[u8],
    pause: Duration,
    shared: &Shared,
) -> std::io::Result<()> {
    let chunk = [format!("{:x}\r\n", data.len()).as_bytes(), data, b"\r\n"].concat();
    loop {
        stream.write_all(&chunk).await?;
        stream.flush().await?;
        shared.written.fetch_add(data.len(), Ordering::SeqCst);
        tokio::time::sleep(pause).await;
    }
}
