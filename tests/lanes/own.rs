//! The user's own settings hold on the lanes.

use std::net::Ipv4Addr;
use std::time::Duration;

use bytes::Bytes;
use conformance::{net, proxy::ToProxy};
use countersign_core::Settings;
use countersign_reqwest::{AuthMiddleware, ReqwestLanes};
use countersign_testkit::{Answer, Handshake, HandshakeServer, RawServer, Seen, Then};
use countersign_tower::{AuthBody, AuthLayer, HyperLanes};
use http::Request;
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use reqwest_middleware::ClientBuilder;
use tower::{Layer, ServiceExt};

/// A server of TLS that is known by a name which only the client's own settings lead to it.
async fn named() -> (RawServer, String) {
    let handshakes = HandshakeServer::new(0);
    let answer = move |seen: &Seen| match &*seen.request.target {
        "/slow" => Answer::new(200).then(Then::Drip),
        _ => handshakes.answer(seen),
    };
    let server = RawServer::start_on(
        Ipv4Addr::LOCALHOST.into(),
        Some(net::certificates()),
        answer,
    )
    .await;
    let url = format!("https://a.test:{}/", server.address().port());
    (server, url)
}

#[tokio::test]
async fn the_users_tls_names_and_timeouts_hold_on_reqwests_lanes() {
    let (server, url) = named().await;
    let own = || net::reqwest(net::certificates()).timeout(Duration::from_millis(300));
    let lanes = ReqwestLanes::new(1, own);
    let auth = AuthMiddleware::new(Handshake::new("user"));
    let auth = auth.settings(lanes.settings(Settings::default()));
    let stack = ClientBuilder::new(own().build().unwrap()).with(auth);
    let client = stack.with(lanes.middleware()).build();
    let response = client
        .get(&url)
        .header("x-wanted", "user")
        .send()
        .await
        .unwrap();
    assert_eq!(response.text().await.unwrap(), "user");
    assert!(server.seen().iter().all(|seen| seen.tls));
    let slow = client.get(format!("{url}slow")).send().await.unwrap();
    assert!(slow.bytes().await.unwrap_err().is_timeout());
}

#[tokio::test]
async fn the_users_connector_makes_hypers_lanes() {
    let (server, url) = named().await;
    let connector = net::connector(net::certificates());
    let pooled = Client::builder(TokioExecutor::new()).build(connector.clone());
    let lanes = HyperLanes::<_, AuthBody<Full<Bytes>>>::new(1, connector);
    let auth = AuthLayer::new(Handshake::new("user")).settings(lanes.settings(Settings::default()));
    let request = Request::get(url)
        .header("x-wanted", "user")
        .body(Full::default())
        .unwrap();
    let response = auth
        .layer(lanes.service(pooled))
        .oneshot(request)
        .await
        .unwrap();
    assert_eq!(
        response.into_body().collect().await.unwrap().to_bytes(),
        "user"
    );
    assert!(server.seen().iter().all(|seen| seen.tls));
}

#[tokio::test]
async fn the_users_proxy_holds_on_reqwests_lanes() {
    let handshakes = HandshakeServer::new(0);
    let answering = handshakes.clone();
    let proxy = RawServer::start(move |seen| answering.answer(seen)).await;
    let there = proxy.url("");
    let own = move || {
        let proxy = reqwest::Proxy::http(&there).unwrap();
        net::reqwest(net::certificates()).proxy(proxy)
    };
    let lanes = ReqwestLanes::new(1, own.clone());
    let auth = AuthMiddleware::new(Handshake::new("user"));
    let auth = auth.settings(lanes.settings(Settings::default()));
    let stack = ClientBuilder::new(own().build().unwrap()).with(auth);
    let client = stack.with(lanes.middleware()).build();
    for _ in 0..2 {
        let request = client.get("http://a.test/").header("x-wanted", "user");
        assert_eq!(request.send().await.unwrap().text().await.unwrap(), "user");
    }
    carried(&handshakes, &proxy);
}

/// One connection was authenticated, and every request on it was one that a proxy understands (RFC 9112, section 3.2.2).
fn carried(handshakes: &HandshakeServer, proxy: &RawServer) {
    for seen in proxy.seen() {
        assert_eq!(seen.request.target, "http://a.test/");
        assert_eq!(seen.request.header("host"), Some("a.test"));
    }
    assert_eq!((handshakes.handshakes(), proxy.connections()), (1, 1));
}

#[tokio::test]
async fn the_users_proxy_holds_on_hypers_lanes() {
    let handshakes = HandshakeServer::new(0);
    let answering = handshakes.clone();
    let proxy = RawServer::start(move |seen| answering.answer(seen)).await;
    let connector = ToProxy(proxy.address());
    let pooled = Client::builder(TokioExecutor::new()).build(connector.clone());
    let lanes = HyperLanes::<_, AuthBody<Full<Bytes>>>::new(1, connector);
    let auth = AuthLayer::new(Handshake::new("user")).settings(lanes.settings(Settings::default()));
    let client = auth.layer(lanes.service(pooled));
    for _ in 0..2 {
        let request = Request::get("http://a.test").header("x-wanted", "user");
        let request = request.body(Full::default()).unwrap();
        let body = client.clone().oneshot(request).await.unwrap().into_body();
        assert_eq!(body.collect().await.unwrap().to_bytes(), "user");
    }
    carried(&handshakes, &proxy);
}
