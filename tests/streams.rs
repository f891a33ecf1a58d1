//! Bodies that change while they stream, through both drivers and a gRPC channel, in constant memory.
//!
//! `COUNTERSIGN_STREAM_MIB` sets how much is sent; `cargo xtask soak` sends 1 GiB.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

use std::convert::Infallible;

use axum::body::{Body, HttpBody};
use axum::{Router, routing::put};
use bytes::Bytes;
use countersign_core::{AuthBody, Encode, Payload, Result, Sign, Touch};
use countersign_reqwest::AuthMiddleware;
use countersign_tower::AuthLayer;
use http::{HeaderMap, Request, request};
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use reqwest_middleware::ClientBuilder;
use tokio::net::TcpListener;
use tonic::transport::Endpoint;
use tower::{Layer, ServiceBuilder, ServiceExt};

const FRAME: usize = 64 << 10;
const CHUNK: usize = 100_000;
/// What may be held at once: a few frames and chunks in client, server and sockets.
const MEMORY: u64 = 8 << 20;

fn mebibytes() -> u64 {
    std::env::var("COUNTERSIGN_STREAM_MIB")
        .ok()
        .and_then(|set| set.parse().ok())
        .unwrap_or(64)
}

/// `<hex length>\r\n<bytes>\r\n`, and a last chunk with a checksum, as `aws-chunked` has one.
#[derive(Clone, Default)]
struct Summing {
    sum: u64,
}

impl Encode for Summing {
    fn chunk_size(&self) -> usize {
        CHUNK
    }

    fn encoded_len(&self, length: u64) -> u64 {
        let framed = |length: u64| length + format!("{length:x}").len() as u64 + 4;
        let (whole, rest) = (length / CHUNK as u64, length % CHUNK as u64);
        let rest = if rest > 0 { framed(rest) } else { 0 };
        whole * framed(CHUNK as u64) + rest + "0\r\nx-sum:0123456789abcdef\r\n\r\n".len() as u64
    }

    fn chunk(&mut self, chunk: &[u8], out: &mut Vec<u8>) {
        self.sum = chunk
            .iter()
            .fold(self.sum, |sum, byte| sum.wrapping_add(u64::from(*byte)));
        out.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
        if chunk.is_empty() {
            out.extend_from_slice(format!("x-sum:{:016x}\r\n", self.sum).as_bytes());
        }
        out.extend_from_slice(chunk);
        out.extend_from_slice(b"\r\n");
    }
}

impl Sign for Summing {
    fn name(&self) -> &'static str {
        "summing"
    }

    fn touches(&self, part: Touch<'_>) -> bool {
        part == Touch::Header(&http::header::CONTENT_ENCODING) || part == Touch::Body
    }

    fn sign(&self, request: &mut request::Parts, body: &mut Payload) -> Result<()> {
        request
            .headers
            .insert("content-encoding", http::HeaderValue::from_static("summed"));
        body.encode(self.clone());
        Ok(())
    }
}

/// Counts what arrives, and answers with the count, the declared length and the last bytes.
async fn count(headers: HeaderMap, mut body: Body) -> String {
    let (mut length, mut last) = (0, Vec::new());
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.unwrap().into_data() else {
            continue;
        };
        length += data.len();
        last.extend_from_slice(&data[data.len().saturating_sub(64)..]);
        let surplus = last.len().saturating_sub(29);
        last.drain(..surplus);
    }
    let declared = headers
        .get("content-length")
        .map_or("", |value| value.to_str().unwrap());
    format!(
        "{length} {declared} {}",
        String::from_utf8_lossy(&last).replace("\r\n", "|")
    )
}

async fn server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let app = Router::new()
        .route("/", put(count))
        .layer(axum::extract::DefaultBodyLimit::disable());
    tokio::spawn(async move { axum::serve(listener, app).await });
    url
}

/// A stream of known length that is made as it is read.
struct Flow(u64);

impl HttpBody for Flow {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<std::result::Result<Frame<Bytes>, Infallible>>> {
        let length = self.0.min(FRAME as u64);
        self.0 -= length;
        let frame = Frame::data(Bytes::from_static(&[7; FRAME]).slice(..length as usize));
        std::task::Poll::Ready((length > 0).then_some(Ok(frame)))
    }

    fn size_hint(&self) -> http_body::SizeHint {
        http_body::SizeHint::with_exact(self.0)
    }
}

fn expected(total: u64) -> String {
    let length = Summing::default().encoded_len(total);
    format!("{length} {length} 0|x-sum:{:016x}||", total * 7)
}

/// Runs it on one thread, and says how much memory it held at most.
fn measured(work: impl Future<Output = ()>) -> u64 {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    allocation_counter::measure(|| runtime.block_on(work)).bytes_max
}

#[test]
fn a_long_stream_goes_through_reqwest_in_constant_memory() {
    let total = mebibytes() << 20;
    let held = measured(async {
        let inner = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none());
        let client = ClientBuilder::new(inner.build().unwrap())
            .with(AuthMiddleware::new(Summing::default()))
            .build();
        let body = reqwest::Body::wrap(Flow(total));
        let response = client.put(server().await).body(body).send().await.unwrap();
        assert_eq!(response.text().await.unwrap(), expected(total));
    });
    println!(
        "reqwest: {} MiB sent, {held} bytes held at most",
        mebibytes()
    );
    assert!(held < MEMORY, "{held}");
}

#[test]
fn a_long_stream_goes_through_hyper_in_constant_memory() {
    let total = mebibytes() << 20;
    let held = measured(async {
        let client = AuthLayer::new(Summing::default())
            .layer(Client::builder(TokioExecutor::new()).build_http());
        let request = Request::put(server().await).body(Flow(total)).unwrap();
        let body = client
            .oneshot(request)
            .await
            .unwrap()
            .into_body()
            .collect()
            .await
            .unwrap();
        assert_eq!(body.to_bytes(), expected(total));
    });
    println!("hyper: {} MiB sent, {held} bytes held at most", mebibytes());
    assert!(held < MEMORY, "{held}");
}

/// HTTP/2 has its own flow control, and a channel its own buffer of requests.
#[test]
fn a_long_stream_goes_through_tonic_in_constant_memory() {
    let total = mebibytes() << 20;
    let held = measured(async {
        let endpoint = Endpoint::from_shared(server().await).unwrap();
        let client = ServiceBuilder::new()
            .layer(AuthLayer::new(Summing::default()))
            .map_request(|request: Request<AuthBody<Flow>>| request.map(tonic::body::Body::new))
            .service(endpoint.connect().await.unwrap());
        let request = Request::put("/").body(Flow(total)).unwrap();
        let body = client.oneshot(request).await.unwrap().into_body();
        assert_eq!(body.collect().await.unwrap().to_bytes(), expected(total));
    });
    println!("tonic: {} MiB sent, {held} bytes held at most", mebibytes());
    assert!(held < MEMORY, "{held}");
}

#[tokio::test]
async fn a_stream_of_unknown_length_is_chunked() {
    let frames = ["a", "b"].map(|text| Ok::<_, Infallible>(Frame::data(Bytes::from(text))));
    let body = StreamBody::new(futures_util::stream::iter(frames));
    let client = AuthLayer::new(Summing::default())
        .layer(Client::builder(TokioExecutor::new()).build_http());
    let request = Request::put(server().await).body(body).unwrap();
    let body = client
        .oneshot(request)
        .await
        .unwrap()
        .into_body()
        .collect()
        .await
        .unwrap();
    let sum = u64::from(b'a') + u64::from(b'b');
    assert_eq!(body.to_bytes(), format!("36  0|x-sum:{sum:016x}||"));
}
