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

#[tokio::test]
async fn a_proxy_and_an_origin_are_each_answered_in_their_own_fields() {
    let own = "Digest realm=\"o\", nonce=\"m\", qop=\"auth\", algorithm=SHA-256";
    let both = RawServer::start(move |seen| {
        let field = |name| seen.request.header(name).map(str::to_owned);
        let for_proxy = field("proxy-authorization").filter(|value| value.contains("realm=\"p\""));
        let for_origin = field("authorization").filter(|value| value.contains("realm=\"o\""));
        match (for_proxy, for_origin) {
            (None, _) => Answer::new(407).header("proxy-authenticate", DIGEST),
            (Some(_), None) => Answer::new(401).header("www-authenticate", own),
            (Some(_), Some(_)) => Answer::new(200).body("through"),
        }
    })
    .await;
    let inner =
        net::reqwest(net::certificates()).proxy(reqwest::Proxy::http(both.url("")).unwrap());
    let for_proxy = AuthMiddleware::new(Digest::new("bob", "proxys").unwrap())
        .settings(Settings::default().target(Target::Proxy));
    let for_origin = AuthMiddleware::new(Digest::new("amy", "origins").unwrap());
    let stack = ClientBuilder::new(inner.build().unwrap())
        .with(for_origin)
        .with(for_proxy);
    let answer = through_reqwest(stack.build())
        .send(get("http://a.test/x"))
        .await
        .unwrap();
    assert_eq!(
        (answer.status().as_u16(), &answer.body()[..]),
        (200, &b"through"[..])
    );
    assert_eq!(both.seen().len(), 3);
    for seen in both.seen() {
        let field = |name| seen.request.header(name).unwrap_or_default().to_owned();
        assert!(
            !field("authorization").contains("bob")
                && !field("proxy-authorization").contains("amy")
        );
    }
}
