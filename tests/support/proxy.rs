//! Servers that demand credentials on raw sockets: a proxy for plain HTTP that forwards, and the origin behind it.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};

use countersign_core::verify::{AnyVerifier, Refusal, Verdict};
use countersign_testkit::{Answer, RawRequest, RawServer, exchange, judge};
use http::header::{AUTHORIZATION, CONTENT_LENGTH, PROXY_AUTHORIZATION};
use http::{Uri, request};
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::runtime::Handle;
use tower::Service;

/// An origin that demands what `verifier` demands, and answers 200 and `through`.
pub async fn origin(verifier: AnyVerifier<String>) -> RawServer {
    RawServer::start(move |seen| {
        let head = seen.request.to_http().into_parts().0;
        match refusal(&verifier, &head, &seen.request.body) {
            Some(refusal) => demand(401, "www-authenticate", &refusal),
            None => Answer::new(200).body("through"),
        }
    })
    .await
}

/// A proxy for plain HTTP that demands what `verifier` demands, keeps the credentials that are its own, and forwards all
/// else to `origin`, whatever name is asked for. It needs a runtime of several threads.
pub async fn forwarding(verifier: AnyVerifier<String>, origin: SocketAddr) -> RawServer {
    RawServer::start(move |seen| {
        let (own, onward) = part(&seen.request);
        match refusal(&verifier, &own, &seen.request.body) {
            Some(refusal) => demand(407, "proxy-authenticate", &refusal),
            None => forward(&onward, &seen.request.body, origin),
        }
    })
    .await
}

/// The head as the proxy's own verifier sees it, and as it goes on.
fn part(request: &RawRequest) -> (request::Parts, request::Parts) {
    let mut onward = request.to_http().into_parts().0;
    let mut own = onward.clone();
    own.headers.remove(AUTHORIZATION);
    if let Some(credentials) = onward.headers.remove(PROXY_AUTHORIZATION) {
        own.headers.insert(AUTHORIZATION, credentials);
    }
    (own, onward)
}

fn refusal(verifier: &AnyVerifier<String>, head: &request::Parts, body: &[u8]) -> Option<Refusal> {
    match judge(verifier, head, body) {
        Verdict::Accept(_) => None,
        Verdict::Refuse(refusal) => Some(refusal),
    }
}

fn demand(status: u16, name: &str, refusal: &Refusal) -> Answer {
    let challenges = refusal.challenges.iter();
    challenges.fold(Answer::new(status), |answer, challenge| {
        answer.header(name, challenge.to_str().unwrap())
    })
}

fn forward(head: &request::Parts, body: &[u8], origin: SocketAddr) -> Answer {
    let target = head.uri.path_and_query().unwrap();
    let mut bytes = format!("{} {target} HTTP/1.1\r\n", head.method).into_bytes();
    for (name, value) in &head.headers {
        bytes.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    bytes.extend([b"\r\n", body].concat());
    let sent = exchange(origin, &bytes);
    let response = tokio::task::block_in_place(|| Handle::current().block_on(sent)).unwrap();
    let fields = response.headers.iter();
    let fields = fields.filter(|(name, _)| **name != CONTENT_LENGTH);
    let answer = Answer::new(response.status.as_u16()).body(response.body);
    fields.fold(answer, |answer, (name, value)| {
        answer.header(name.as_str(), value.to_str().unwrap())
    })
}

/// hyper's connector to a proxy: every connection is opened to it, and carries requests in absolute form.
#[derive(Clone, Debug)]
pub struct ToProxy(pub SocketAddr);

/// A connection to a proxy.
#[derive(Debug)]
pub struct Proxied(TcpStream);

type Connecting = Pin<Box<dyn Future<Output = io::Result<TokioIo<Proxied>>> + Send>>;

impl Service<Uri> for ToProxy {
    type Response = TokioIo<Proxied>;
    type Error = io::Error;
    type Future = Connecting;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Uri) -> Connecting {
        let stream = TcpStream::connect(self.0);
        Box::pin(async move { Ok(TokioIo::new(Proxied(stream.await?))) })
    }
}

impl Connection for Proxied {
    fn connected(&self) -> Connected {
        Connected::new().proxy(true)
    }
}

impl AsyncRead for Proxied {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, into)
    }
}

impl AsyncWrite for Proxied {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}
