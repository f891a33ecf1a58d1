//! Authentication to a plain-HTTP proxy: 407 and its fields.

use conformance::driver::through_reqwest;
use conformance::{Client, Driver, net};
use countersign_basic::Basic;
use countersign_core::{Any, Scheme, Settings, Target};
use countersign_digest::Digest;
use countersign_reqwest::AuthMiddleware;
use countersign_testkit::{Answer, RawServer};
use http::Request;
use reqwest_middleware::ClientBuilder;

use crate::{client, get};

const DIGEST: &str = "Digest realm=\"p\", nonce=\"n\", qop=\"auth\", algorithm=SHA-256";

/// A proxy that demands credentials, and answers for the origin itself.
async fn proxy() -> RawServer {
    RawServer::start(|seen| match seen.request.header("proxy-authorization") {
        None => Answer::new(407)
            .header("proxy-authenticate", "Basic realm=\"p\"")
            .header("proxy-authenticate", DIGEST),
        Some(_) => Answer::new(200).body("through"),
    })
    .await
}

fn through(proxy: &RawServer, scheme: impl Scheme) -> Client {
    let inner =
        net::reqwest(net::certificates()).proxy(reqwest::Proxy::http(proxy.url("")).unwrap());
    let settings = Settings::default()
        .target(Target::Proxy)
        .allow_cleartext(true);
    let auth = AuthMiddleware::new(scheme).settings(settings);
    through_reqwest(
        ClientBuilder::new(inner.build().unwrap())
            .with(auth)
            .build(),
    )
}

#[tokio::test]
async fn the_proxys_challenge_is_answered_to_the_proxy() {
    let schemes = [
        Any::new(Basic::new("bob", "secret").unwrap()),
        Any::new(Basic::new("bob", "secret").unwrap().reactive()),
        Any::new(Digest::new("bob", "secret").unwrap()),
    ];
    for scheme in schemes {
        let proxy = proxy().await;
        let client = through(&proxy, scheme);
        let request = Request::get("http://a.test/x")
            .header("authorization", "Own thing")
            .body("")
            .unwrap();
        let answer = client.send(request).await.unwrap();
        assert_eq!(
            (answer.status().as_u16(), &answer.body()[..]),
            (200, &b"through"[..])
        );
        for seen in proxy.seen() {
            assert_eq!(seen.request.target, "http://a.test/x");
            assert_eq!(seen.request.header("authorization"), Some("Own thing"));
        }
    }
}

#[tokio::test]
async fn wrong_credentials_leave_the_407_to_the_caller() {
    let proxy = RawServer::start(|_| Answer::new(407).header("proxy-authenticate", DIGEST)).await;
    let client = through(&proxy, Digest::new("bob", "wrong").unwrap());
    let answer = client.send(get("http://a.test/")).await.unwrap();
    assert_eq!(answer.status(), 407);
    assert!(answer.headers().contains_key("proxy-authenticate"));
    assert_eq!(proxy.seen().len(), 2);
}

#[tokio::test]
async fn an_origins_401_is_not_for_the_proxys_credentials() {
    let proxy = RawServer::start(|_| Answer::new(401).header("www-authenticate", DIGEST)).await;
    let client = through(&proxy, Digest::new("bob", "secret").unwrap());
    let answer = client.send(get("http://a.test/")).await.unwrap();
    assert_eq!(answer.status(), 401);
    assert_eq!(answer.headers()["www-authenticate"], DIGEST);
    assert_eq!(proxy.seen().len(), 1);
}

#[tokio::test]
async fn an_origin_that_answers_407_gets_nothing() {
    for driver in Driver::ALL {
        let phish = Answer::new(407)
            .header("proxy-authenticate", "Basic realm=\"p\"")
            .header("proxy-authenticate", DIGEST);
        let origin = RawServer::start(move |_| phish.clone()).await;
        for scheme in [
            Any::new(Basic::new("bob", "secret").unwrap().reactive()),
            Any::new(Digest::new("bob", "s").unwrap()),
        ] {
            let answer = client(driver, scheme, Settings::default())
                .send(get(&origin.url("/")))
                .await
                .unwrap();
            assert_eq!(answer.status(), 407, "{driver:?}");
        }
        assert_eq!(origin.seen().len(), 2, "{driver:?}");
        let bare = |seen: &countersign_testkit::Seen| {
            seen.request
                .header("proxy-authorization")
                .or(seen.request.header("authorization"))
                .is_none()
        };
        assert!(origin.seen().iter().all(bare), "{driver:?}");
    }
}
