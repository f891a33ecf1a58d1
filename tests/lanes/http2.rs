//! A server that speaks HTTP/2 alone.

use std::net::Ipv4Addr;

use conformance::driver::{through_reqwest, through_tower};
use conformance::serving::user;
use conformance::{Driver, Failed, Load, net};
use countersign_core::{ErrorKind, Settings};
use countersign_reqwest::{AuthMiddleware, ReqwestLanes};
use countersign_testkit::{Answer, RawServer};
use countersign_tower::{AuthBody, AuthLayer, HyperLanes};
use http::Request;
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::client::legacy;
use hyper_util::rt::TokioExecutor;
use reqwest_middleware::ClientBuilder;
use tower::{Layer, ServiceExt};

use crate::{client, put};

/// What a server begins with that speaks HTTP/2: `SETTINGS`, then `GOAWAY` (RFC 9113, section 3.4).
const FRAMES: &[u8] = b"\0\0\0\x04\0\0\0\0\0\0\0\x08\x07\0\0\0\0\0\0\0\0\0\0\0\0\x0d";

async fn server() -> (RawServer, String) {
    let certificates = net::certificates().speaking("h2");
    let answer = |_: &_| Answer::raw(FRAMES);
    let address = Ipv4Addr::LOCALHOST.into();
    let server = RawServer::start_on(address, Some(&certificates), answer).await;
    let url = format!("https://localhost:{}/", server.address().port());
    (server, url)
}

fn says_what_to_do(error: &Failed) {
    let advice = "offer http/1.1 alone, and let the server speak it";
    assert!(error.text.contains(advice), "{}", error.text);
}

/// A client that offers no protocol finds out by the answer; no proof is sent.
#[tokio::test]
async fn it_is_an_error_after_the_first_message() {
    for driver in Driver::WITH_LANES {
        let (server, url) = server().await;
        let error = client(driver, user(0)).send(put(&url)).await.unwrap_err();
        says_what_to_do(&error);
        assert_eq!(server.seen().len(), 1, "{driver:?}");
    }
}

/// One that offers http/1.1 is told while it connects.
#[tokio::test]
async fn it_is_an_error_before_the_first_byte() {
    let (server, url) = server().await;
    let own = || {
        let mut tls = net::certificates().client();
        tls.alpn_protocols = vec![b"http/1.1".to_vec()];
        reqwest::Client::builder().tls_backend_preconfigured(tls)
    };
    let lanes = ReqwestLanes::new(1, own);
    let auth = AuthMiddleware::new(user(0)).settings(lanes.settings(Settings::default()));
    let stack = ClientBuilder::new(own().build().unwrap()).with(auth);
    let client = through_reqwest(stack.with(lanes.middleware()).build());
    let error = client.send(put(&url)).await.unwrap_err();
    says_what_to_do(&error);
    assert_eq!(error.kind, Some(ErrorKind::Connection));
    assert!(server.seen().is_empty());
}

/// A connector that would take HTTP/2.
#[tokio::test]
async fn a_lane_is_never_one_of_http_2() {
    let (server, url) = server().await;
    let tls = HttpsConnectorBuilder::new().with_tls_config(net::certificates().client());
    let connector = tls.https_or_http().enable_all_versions().build();
    let pooled = legacy::Client::builder(TokioExecutor::new()).build(connector.clone());
    let lanes = HyperLanes::<_, AuthBody<Load>>::new(1, connector);
    let auth = AuthLayer::new(user(0)).settings(lanes.settings(Settings::default()));
    let service = lanes.service(pooled);
    let service = ServiceExt::<Request<AuthBody<Load>>>::map_err(service, std::io::Error::other);
    let client = through_tower(auth.layer(service));
    let error = client.send(put(&url)).await.unwrap_err();
    says_what_to_do(&error);
    assert!(server.seen().is_empty());
}
