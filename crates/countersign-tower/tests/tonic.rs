//! The client layer over a gRPC channel: relative targets, HTTP/2, trailers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use axum::response::IntoResponse;
use axum::{Router, routing::post};
use bytes::Bytes;
use countersign_basic::{Basic, BasicVerifier, MemoryAccounts};
use countersign_core::Settings;
use countersign_tower::{AuthBody, AuthLayer, VerifyLayer};
use http::{HeaderMap, HeaderValue, Request};
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
