//! The client layer over a gRPC channel: relative targets, HTTP/2, trailers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

use axum::response::IntoResponse;
use axum::{Router, routing::post};
use bytes::Bytes;
use countersign_basic::{Basic, BasicVerifier, MemoryAccounts};
use countersign_core::{Encode, Failure, Next, Payload, Result, Settings, Sign, Touch};
use countersign_testkit::Shape;
use countersign_tower::{AuthBody, AuthLayer, VerifyLayer};
use http::{HeaderMap, HeaderValue, Request, request};
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};
use tokio::net::TcpListener;
use tonic::body::Body;
use tonic::transport::{Channel, Endpoint};
use tower::{Service, ServiceBuilder, ServiceExt};

/// Answers what it was sent, and a status in the trailers.
async fn echo(body: axum::body::Body) -> impl IntoResponse {
    let bytes = body.collect().await.unwrap().to_bytes();
    let mut trailers = HeaderMap::new();
    trailers.insert("grpc-status", HeaderValue::from_static("0"));
    let frames = [
        Ok::<_, std::io::Error>(Frame::data(bytes)),
        Ok(Frame::trailers(trailers)),
    ];
    axum::body::Body::new(StreamBody::new(tokio_stream::iter(frames)))
}

async fn channel() -> Channel {
    let users = MemoryAccounts::new([("Aladdin", "open sesame")]);
    let verifier = BasicVerifier::new("cave", users).unwrap();
    let app = Router::new()
        .route("/echo.Echo/Say", post(echo))
        .layer(VerifyLayer::new(verifier));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });
    Endpoint::from_shared(format!("http://{address}"))
        .unwrap()
        .connect()
        .await
        .unwrap()
}

fn boxed(request: Request<AuthBody<Body>>) -> Request<Body> {
    request.map(Body::new)
}

fn say() -> Request<Body> {
    let frames =
        ["hello ", "there"].map(|text| Ok::<_, std::io::Error>(Frame::data(Bytes::from(text))));
    Request::post("/echo.Echo/Say")
        .body(Body::new(StreamBody::new(tokio_stream::iter(frames))))
        .unwrap()
}

#[tokio::test]
async fn a_channel_authenticates_its_calls() {
    let channel = channel().await;
    for (password, expected) in [("open sesame", 200), ("wrong", 401)] {
        let layer = AuthLayer::new(Basic::new("Aladdin", password).unwrap());
        let settings = Settings::default().base("http://127.0.0.1:1".parse().unwrap());
        let mut client = ServiceBuilder::new()
            .layer(layer.settings(settings))
            .map_request(boxed)
            .service(channel.clone());
        let response = client.ready().await.unwrap().call(say()).await.unwrap();
        assert_eq!(response.status(), expected);
        if expected == 200 {
            let answer = response.into_body().collect().await.unwrap();
            assert_eq!(answer.trailers().unwrap()["grpc-status"], "0");
            assert_eq!(answer.to_bytes(), "hello there");
        }
    }
}

/// Sends every byte in upper case, four at a time, and a mark at the end.
#[derive(Clone)]
struct Shouting;

impl Encode for Shouting {
    fn chunk_size(&self) -> usize {
        4
    }

    fn encoded_len(&self, length: u64) -> u64 {
        length + 1
    }

    fn chunk(&mut self, chunk: &[u8], out: &mut Vec<u8>) {
        out.extend(chunk.to_ascii_uppercase());
        if chunk.is_empty() {
            out.push(b'!');
        }
    }
}

/// Encodes the body, or replaces it where it is read.
#[derive(Clone)]
struct Changing {
    replaces: bool,
}

impl Sign for Changing {
    fn name(&self) -> &'static str {
        "changing"
    }

    fn reads_body(&self, _: &request::Parts) -> bool {
        self.replaces
    }

    fn touches(&self, part: Touch<'_>) -> bool {
        part.is_authorization() || part == Touch::Body
    }

    fn sign(&self, request: &mut request::Parts, body: &mut Payload) -> Result<()> {
        // The server's side wants to know who this is.
        let basic = HeaderValue::from_static("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        request.headers.insert("authorization", basic);
        match body.bytes() {
            Some(bytes) if self.replaces => body.replace([bytes, b", and there"].concat()),
            _ => body.encode(Shouting),
        }
        Ok(())
    }
}

#[tokio::test]
async fn a_channels_stream_can_be_encoded_and_replaced() {
    let channel = channel().await;
    for (replaces, expected) in [(false, "HELLO THERE!"), (true, "hello there, and there")] {
        let mut client = ServiceBuilder::new()
            .layer(AuthLayer::new(Changing { replaces }))
            .map_request(boxed)
            .service(channel.clone());
        let response = client.ready().await.unwrap().call(say()).await.unwrap();
        assert_eq!(
            response.into_body().collect().await.unwrap().to_bytes(),
            expected
        );
    }
}

#[tokio::test]
async fn a_channels_answer_can_be_verified_after_it_was_read() {
    for distrusts in [false, true] {
        let shape = Shape {
            otherwise: Next::Read,
            distrusts,
            ..Shape::default()
        };
        let read = shape.read.clone();
        let mut client = ServiceBuilder::new()
            .layer(AuthLayer::new(shape))
            .map_request(boxed)
            .service(channel().await);
        let mut request = say();
        let basic = HeaderValue::from_static("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        request.headers_mut().insert("authorization", basic);
        let answered = client.ready().await.unwrap().call(request).await;
        assert_eq!(*read.lock().unwrap(), [b"hello there".to_vec()]);
        if distrusts {
            assert!(matches!(answered, Err(Failure::Auth(_))));
            continue;
        }
        let answer = answered.unwrap().into_body().collect().await.unwrap();
        assert_eq!(answer.trailers().unwrap()["grpc-status"], "0");
        assert_eq!(answer.to_bytes(), "hello there");
    }
}
