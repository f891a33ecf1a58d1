//! A whole request through reqwest to a server on loopback: the limit is the same client with a header made beforehand.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::rc::Rc;

use bytes::Bytes;
use countersign_basic::Basic;
use countersign_core::Scheme;
use countersign_digest::Digest;
use countersign_reqwest::AuthMiddleware;
use diqwest::{DigestAuthSession, WithDigestAuth};
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::Empty;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use reqwest_middleware::{ClientBuilder, ClientWithMiddleware};
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};

use super::Work;

const CHALLENGE: &str = r#"Digest realm="r", qop="auth", nonce="5TsQWLVdgBdmrQ0XsxbDODV+57Qd""#;

pub(crate) fn works() -> [Work; 1] {
    let peer = Peer {
        runtime: Rc::new(runtime()),
        url: format!("http://{}/", serve()).into(),
    };
    let basic = through(Basic::new("Aladdin", "open sesame").unwrap());
    let digest = through(Digest::new("Aladdin", "open sesame").unwrap());
    let work = Work::new("Loopback, reqwest", prebuilt(peer.clone()))
        .with("countersign Basic", authenticated(peer.clone(), basic))
        .with("countersign Digest", authenticated(peer.clone(), digest));
    [work.with("diqwest", diqwest(peer))]
}

#[derive(Clone)]
struct Peer {
    runtime: Rc<Runtime>,
    url: Rc<str>,
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

fn client() -> reqwest::Client {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    client.build().unwrap()
}

fn through(scheme: impl Scheme) -> ClientWithMiddleware {
    let auth = AuthMiddleware::new(scheme);
    ClientBuilder::new(client()).with(auth).build()
}

fn prebuilt(Peer { runtime, url }: Peer) -> impl FnMut() {
    let client = ClientBuilder::new(client()).build();
    let value = HeaderValue::from_static("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    move || {
        let request = client.get(&*url).header(AUTHORIZATION, value.clone());
        assert_eq!(runtime.block_on(request.send()).unwrap().status(), 200);
    }
}

fn authenticated(Peer { runtime, url }: Peer, client: ClientWithMiddleware) -> impl FnMut() {
    move || {
        let request = client.get(&*url);
        assert_eq!(runtime.block_on(request.send()).unwrap().status(), 200);
    }
}

fn diqwest(Peer { runtime, url }: Peer) -> impl FnMut() {
    let (client, session) = (client(), DigestAuthSession::new("Aladdin", "open sesame"));
    move || {
        let request = client.get(&*url);
        let answer = runtime.block_on(request.send_digest_auth(&session));
        assert_eq!(answer.unwrap().status(), 200);
    }
}

/// Serves until the process ends, on a thread of its own, so that its allocations are not counted.
fn serve() -> SocketAddr {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let runtime = runtime();
        runtime.block_on(async move {
            let listener = TcpListener::from_std(listener).unwrap();
            while let Ok((stream, _)) = listener.accept().await {
                let connection = hyper::server::conn::http1::Builder::new();
                tokio::spawn(connection.serve_connection(TokioIo::new(stream), service_fn(answer)));
            }
        });
    });
    address
}

async fn answer(
    request: Request<hyper::body::Incoming>,
) -> Result<Response<Empty<Bytes>>, Infallible> {
    let mut response = Response::new(Empty::new());
    if !request.headers().contains_key(AUTHORIZATION) {
        *response.status_mut() = StatusCode::UNAUTHORIZED;
        let challenge = HeaderValue::from_static(CHALLENGE);
        response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    }
    Ok(response)
}
