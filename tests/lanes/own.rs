//! The user's own settings hold on the lanes.

use std::net::Ipv4Addr;
use std::time::Duration;

use conformance::driver::{through_reqwest, through_tower};
use conformance::serving::{Closing, Serving, user, wanted};
use conformance::{Client, Driver, Load, net};
use countersign_core::Settings;
use countersign_reqwest::{AuthMiddleware, ReqwestLanes};
use countersign_testkit::{Answer, RawServer, Then};
use countersign_tower::{AuthBody, AuthLayer, HyperLanes, Proxy};
use http::Request;
use hyper_util::client::legacy::{self, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;
use reqwest_middleware::ClientBuilder;
use tower::timeout::TimeoutLayer;
use tower::{Layer, ServiceExt};

use crate::{answer, client, get, send, served};

/// A name, and a certificate, that only the client's own settings lead to and trust.
#[tokio::test]
async fn the_users_tls_and_names_hold() {
    for driver in Driver::WITH_LANES {
        let server = Serving::named().await;
        let client = client(driver, user(0));
        assert_eq!(answer(&client, get(&server.tls_url())).await, served());
        assert!(server.raw.seen().iter().all(|seen| seen.tls), "{driver:?}");
    }
}

fn by_reqwest(own: impl Fn() -> reqwest::ClientBuilder + Clone + Send + Sync + 'static) -> Client {
    let lanes = ReqwestLanes::new(1, own.clone());
    let auth = AuthMiddleware::new(user(0)).settings(lanes.settings(Settings::default()));
    let stack = ClientBuilder::new(own().build().unwrap()).with(auth);
    through_reqwest(stack.with(lanes.middleware()).build())
}

#[tokio::test]
async fn the_users_timeout_holds_on_reqwests_lanes() {
    let drip = |_: &_| Answer::new(200).then(Then::Drip);
    let server = RawServer::start_on(Ipv4Addr::LOCALHOST.into(), None, drip).await;
    let client =
        by_reqwest(|| net::reqwest(net::certificates()).timeout(Duration::from_millis(300)));
    let sent = send(&client, wanted("POST", &server.url("/"), "user0", ""));
    let error = sent.await.unwrap_err();
    assert!(error.contains("TimedOut"), "{error}");
}

/// A layer of the user's own below auth ends the leg; what was begun on the connection is not gone on with.
#[tokio::test]
async fn the_users_timeout_holds_on_hypers_lanes() {
    let silent = |_: &_| Answer::raw(b"").then(Then::Hang);
    let server = RawServer::start_on(Ipv4Addr::LOCALHOST.into(), None, silent).await;
    let pooled = legacy::Client::builder(TokioExecutor::new()).build(HttpConnector::new());
    let lanes = HyperLanes::<_, AuthBody<Load>>::new(1, HttpConnector::new());
    let auth = AuthLayer::new(user(0)).settings(lanes.settings(Settings::default()));
    let timed = TimeoutLayer::new(Duration::from_millis(300)).layer(lanes.service(pooled));
    let timed = ServiceExt::<Request<AuthBody<Load>>>::map_err(timed, std::io::Error::other);
    let client = through_tower(auth.layer(timed));
    for connections in 1..=2 {
        let sent = send(&client, wanted("POST", &server.url("/"), "user0", ""));
        let error = sent.await.unwrap_err();
        assert!(error.contains("Elapsed"), "{error}");
        assert_eq!(server.connections(), connections);
    }
}

#[tokio::test]
async fn the_users_proxy_holds_on_reqwests_lanes() {
    let server = Serving::start(Closing::Never).await;
    let there = server.raw.url("");
    let client = by_reqwest(move || {
        let proxy = reqwest::Proxy::http(&there).unwrap();
        net::reqwest(net::certificates()).proxy(proxy)
    });
    carries(&server, &client).await;
}

#[tokio::test]
async fn the_users_proxy_holds_on_hypers_lanes() {
    let server = Serving::start(Closing::Never).await;
    let proxy = Proxy::new(&server.raw.url("")).unwrap();
    let connector = proxy.connector(HttpConnector::new());
    let pooled = legacy::Client::builder(TokioExecutor::new()).build(connector.clone());
    let lanes = HyperLanes::<_, AuthBody<Load>>::new(1, connector);
    let auth = AuthLayer::new(user(0)).settings(lanes.settings(Settings::default()));
    let service = lanes.service(pooled);
    let service = ServiceExt::<Request<AuthBody<Load>>>::map_err(service, std::io::Error::other);
    carries(&server, &through_tower(auth.layer(service))).await;
}

/// One connection is authenticated, and every request on it is one that a proxy understands (RFC 9112, section 3.2.2).
async fn carries(server: &Serving, client: &Client) {
    for _ in 0..2 {
        let sent = wanted("POST", "http://a.test/", "user0", "");
        assert_eq!(answer(client, sent).await, served());
    }
    for seen in server.raw.seen() {
        assert_eq!(seen.request.target, "http://a.test/");
        assert_eq!(seen.request.header("host"), Some("a.test"));
    }
    let opened = (server.counted().handshakes, server.raw.connections());
    assert_eq!(opened, (1, 1));
}
