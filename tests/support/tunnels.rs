//! A proxy on raw sockets that forwards, opens tunnels, or answers what a script says.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use countersign_core::verify::AnyVerifier;
use countersign_testkit::{Certificates, RawRequest};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinSet};

use crate::proxy::{Connections, part};

/// How long a connection may live.
const CONNECTION_TIME: Duration = Duration::from_secs(60);

/// A proxy that leads to one place, whoever is asked for; it stops when dropped.
#[derive(Debug)]
pub struct Tunnels {
    address: SocketAddr,
    shared: Arc<Shared>,
    accepting: AbortHandle,
}

/// A request for a tunnel.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Over which connection, counted from 0.
    pub connection: usize,
    /// The request.
    pub request: RawRequest,
}

/// What the proxy does.
#[derive(Clone, Debug)]
pub enum Reply {
    /// It opens the tunnel, with these bytes after the head of its answer.
    Open(&'static [u8]),
    /// It answers these bytes, and waits for more.
    Say(String),
    /// It answers these bytes, and closes the connection.
    Last(String),
    /// It says nothing more.
    Hang,
}

type Script = dyn Fn(&Asked) -> Reply + Send + Sync;

struct Shared {
    script: Box<Script>,
    onward: SocketAddr,
    tls: Option<Certificates>,
    asked: Mutex<Vec<Asked>>,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Shared")
    }
}

/// A refusal of the proxy, without a body.
pub fn refusal(status: u16, fields: &[(&str, &str)]) -> String {
    let fields: String = fields
        .iter()
        .map(|(name, value)| format!("{name}: {value}\r\n"))
        .collect();
    format!("HTTP/1.1 {status} no\r\n{fields}content-length: 0\r\n\r\n")
}

impl Tunnels {
    /// Opens every tunnel to `onward` that `verifier` lets through.
    pub async fn demanding(verifier: AnyVerifier<String>, onward: SocketAddr) -> Self {
        Self::start(None, onward, script(verifier)).await
    }

    /// The same behind TLS.
    pub async fn demanding_by_tls(
        certificates: &Certificates,
        verifier: AnyVerifier<String>,
        onward: SocketAddr,
    ) -> Self {
        Self::start(Some(certificates.clone()), onward, script(verifier)).await
    }

    /// Does what `script` says; its tunnels lead to `onward`.
    pub async fn scripted(
        onward: SocketAddr,
        script: impl Fn(&Asked) -> Reply + Send + Sync + 'static,
    ) -> Self {
        Self::start(None, onward, script).await
    }

    async fn start(
        tls: Option<Certificates>,
        onward: SocketAddr,
        script: impl Fn(&Asked) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            script: Box::new(script),
            onward,
            tls,
            asked: Mutex::default(),
        });
        let accepting = tokio::spawn(accept(listener, Arc::clone(&shared))).abort_handle();
        Self {
            address,
            shared,
            accepting,
        }
    }

    /// Its URL.
    pub fn url(&self) -> String {
        let scheme = if self.shared.tls.is_some() {
            "https"
        } else {
            "http"
        };
        format!("{scheme}://{}", self.address)
    }

    /// Every request for a tunnel so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.shared.asked.lock().unwrap().clone()
    }
}

impl Drop for Tunnels {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

fn script(verifier: AnyVerifier<String>) -> impl Fn(&Asked) -> Reply {
    let connections = Connections::default();
    move |asked| {
        let head = part(&asked.request).0;
        let Some(refusal) = connections.refusal(asked.connection, &verifier, head, b"") else {
            return Reply::Open(b"");
        };
        let challenges: Vec<_> = refusal
            .challenges
            .iter()
            .map(|challenge| ("proxy-authenticate", challenge.to_str().unwrap()))
            .collect();
        Reply::Say(self::refusal(407, &challenges))
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let (mut connections, mut count) = (JoinSet::new(), 0);
    while let Ok((stream, _)) = listener.accept().await {
        let (shared, number) = (Arc::clone(&shared), count);
        let serving = async move {
            match &shared.tls {
                None => converse(stream, number, &shared).await,
                Some(tls) => {
                    let stream = tls.acceptor().accept(stream).await?;
                    converse(stream, number, &shared).await
                }
            }
        };
        connections.spawn(tokio::time::timeout(CONNECTION_TIME, serving));
        count += 1;
    }
}

async fn converse(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    connection: usize,
    shared: &Shared,
) -> io::Result<()> {
    while let Some(request) = read(&mut stream).await? {
        let asked = Asked {
            connection,
            request,
        };
        let reply = (shared.script)(&asked);
        shared.asked.lock().unwrap().push(asked);
        match reply {
            Reply::Open(more) => {
                stream
                    .write_all(&[b"HTTP/1.1 200 open\r\n\r\n", more].concat())
                    .await?;
                let mut onward = TcpStream::connect(shared.onward).await?;
                return copy_bidirectional(&mut stream, &mut onward).await.map(drop);
            }
            Reply::Say(bytes) => stream.write_all(bytes.as_bytes()).await?,
            Reply::Last(bytes) => {
                stream.write_all(bytes.as_bytes()).await?;
                return stream.shutdown().await;
            }
            Reply::Hang => std::future::pending().await,
        }
        stream.flush().await?;
    }
    Ok(())
}

/// One head, byte by byte, so that nothing of what follows it is taken.
async fn read(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<RawRequest>> {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => bytes.push(byte),
            Err(_) => return Ok(None),
        }
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let mut lines = text.trim_end().split("\r\n");
    let mut line = lines.next().unwrap().split(' ').map(str::to_owned);
    let fields = lines.filter_map(|field| field.split_once(": "));
    Ok(Some(RawRequest {
        method: line.next().unwrap(),
        target: line.next().unwrap(),
        headers: fields
            .map(|(name, value)| (name.to_owned(), value.into()))
            .collect(),
        bytes,
        body: Vec::new(),
    }))
}
