//! Connections to a proxy that are authenticated, and requests that are led elsewhere.

use conformance::driver::through_reqwest;
use conformance::proxy::{Kind, forwarding};
use conformance::{Driver, net};
use countersign_basic::Basic;
use countersign_core::{Any, ErrorKind, Override, Target};
use countersign_reqwest::{AuthMiddleware, ReqwestLanes};
use countersign_testkit::{Answer, Canary, RawServer, Seen};
use http::{Extensions, Request};
use reqwest_middleware::{ClientBuilder, Middleware, Next};

use super::{AMY, BOB, By, Way, cleartext};
use crate::{client, get};

#[tokio::test(flavor = "multi_thread")]
async fn a_body_crosses_the_wire_once_where_a_connection_is_authenticated() {
    for by in By::BOTH {
        let secret = Canary::new();
        let origin = RawServer::start(|_| Answer::new(200)).await;
        let guard = Kind::Ntlm.verifier(BOB, secret.as_str());
        let proxy = forwarding(guard, origin.address()).await;
        let nobody = Any::new(Basic::new(AMY, "x").unwrap().reactive());
        let client = by.client(&proxy, Kind::Ntlm.client(BOB, secret.as_str()), nobody);
        for body in ["one", "two"] {
            let request = Request::put("http://a.test/x").body(body).unwrap();
            assert_eq!(client.send(request).await.unwrap().status(), 200, "{by:?}");
        }
        let bodies: Vec<_> = proxy
            .seen()
            .into_iter()
            .map(|seen| seen.request.body)
            .collect();
        assert_eq!(bodies, [&b""[..], b"one", b"two"], "{by:?}");
        assert_eq!(proxy.connections(), 1, "{by:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_to_a_named_proxy_serves_every_origin() {
    let secret = Canary::new();
    let origin = RawServer::start(|_| Answer::new(200)).await;
    let guard = Kind::Ntlm.verifier(BOB, secret.as_str());
    let proxy = forwarding(guard, origin.address()).await;
    let nobody = Any::new(Basic::new(AMY, "x").unwrap().reactive());
    let client = By::Tower.client(&proxy, Kind::Ntlm.client(BOB, secret.as_str()), nobody);
    for url in ["http://a.test/", "http://b.test/", "http://a.test/"] {
        assert_eq!(client.status(url).await, 200);
    }
    assert_eq!(
        (proxy.connections(), proxy.seen().len()),
        (2, 5),
        "asked, twice, and once each"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_redirect_the_proxy_is_authenticated_to_and_the_other_origin_is_not() {
    for kind in Kind::ALL {
        let secrets = [Canary::token(), Canary::token()];
        let origin = RawServer::start(|seen| match seen.request.header("host") {
            Some("a.test") => Answer::new(302).header("location", "http://b.test/there"),
            _ => Answer::new(200),
        })
        .await;
        let proxy = forwarding(kind.verifier(BOB, secrets[0].as_str()), origin.address()).await;
        let for_origin = Any::new(Basic::new(AMY, secrets[1].as_str()).unwrap());
        let client = By::Tower.client(&proxy, kind.client(BOB, secrets[0].as_str()), for_origin);
        assert_eq!(client.status("http://a.test/").await, 200, "{kind:?}");
        let seen = origin.seen();
        assert!(
            seen[0].request.header("authorization").is_some(),
            "{kind:?}"
        );
        assert_eq!(seen[1].request.header("authorization"), None, "{kind:?}");
        let passed = |seen: &Seen| seen.request.header("proxy-authorization").is_none();
        assert!(seen.iter().all(passed), "{kind:?}");
    }
}

#[tokio::test]
async fn what_is_said_of_one_request_is_for_its_origin() {
    for by in By::BOTH {
        let proxy = RawServer::start(|_| Answer::new(200)).await;
        let secret = Canary::new();
        let nobody = Any::new(Basic::new("nobody", "x").unwrap());
        let client = by.client(&proxy, Any::new(Basic::new(BOB, "x").unwrap()), nobody);
        let other = Any::new(Basic::new(AMY, secret.as_str()).unwrap());
        for way in [Override::with(other), Override::none()] {
            let mut request = get("http://a.test/");
            request.extensions_mut().insert(way);
            assert_eq!(client.send(request).await.unwrap().status(), 200);
        }
        let sent = |seen: &Seen| {
            seen.request
                .header("proxy-authorization")
                .map(str::to_owned)
        };
        let own = Some("Basic Ym9iLmI6eA==".to_owned());
        let sent: Vec<_> = proxy.seen().iter().map(sent).collect();
        assert_eq!(sent, [own.clone(), own], "{by:?}");
        assert_eq!(
            proxy.seen()[1].request.header("authorization"),
            None,
            "{by:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_connection_cannot_be_authenticated_twice() {
    for by in By::BOTH {
        let way = Way::new(Kind::Ntlm, Kind::Ntlm).await;
        let client = |kind: Kind, user, secret: &Canary| kind.client(user, secret.as_str());
        let [proxys, origins] = &way.secrets;
        let client = by.client(
            &way.proxy,
            client(Kind::Ntlm, BOB, proxys),
            client(Kind::Ntlm, AMY, origins),
        );
        let request = Request::put("http://a.test/x").body("body").unwrap();
        let error = client.send(request).await.unwrap_err();
        assert!(
            error.text.contains("through a tunnel"),
            "{by:?}: {}",
            error.text
        );
        assert!(way.origin.seen().is_empty(), "{by:?}");
    }
}

/// Sends everything twice, with the same extensions.
struct Twice;

#[async_trait::async_trait]
impl Middleware for Twice {
    async fn handle(
        &self,
        request: reqwest::Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> reqwest_middleware::Result<reqwest::Response> {
        let first = request.try_clone().unwrap();
        next.clone().run(first, extensions).await?.bytes().await?;
        next.run(request, extensions).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_of_an_earlier_try_is_none_of_this_one() {
    let secret = Canary::new();
    let origin = RawServer::start(|_| Answer::new(200)).await;
    let guard = Kind::Ntlm.verifier(BOB, secret.as_str());
    let proxy = forwarding(guard, origin.address()).await;
    let url = proxy.url("");
    let builder =
        move || net::reqwest(net::certificates()).proxy(reqwest::Proxy::http(&url).unwrap());
    let inner = builder().build().unwrap();
    let lanes = ReqwestLanes::new(1, builder);
    let auth = AuthMiddleware::new(Kind::Ntlm.client(BOB, secret.as_str()));
    let stack = ClientBuilder::new(inner)
        .with(Twice)
        .with(auth.settings(lanes.settings(cleartext().target(Target::Proxy))))
        .with(lanes.middleware());
    assert_eq!(
        through_reqwest(stack.build())
            .status("http://a.test/")
            .await,
        200
    );
    assert_eq!(origin.seen().len(), 2);
}

#[tokio::test]
async fn a_client_that_leaves_tunnels_to_itself_sends_nothing_over_https() {
    let origin = RawServer::start_on(
        std::net::Ipv4Addr::LOCALHOST.into(),
        Some(net::certificates()),
        |_| Answer::new(407).header("proxy-authenticate", "Basic realm=\"p\""),
    )
    .await;
    let url = format!("https://a.test:{}/", origin.address().port());
    let basic = || Any::new(Basic::new(BOB, "x").unwrap());
    for driver in Driver::ALL {
        let strict = client(driver, basic(), cleartext().target(Target::Proxy));
        let refused = strict.send(get(&url)).await.unwrap_err();
        assert_eq!(refused.kind, Some(ErrorKind::Unsupported), "{driver:?}");
        let settings = cleartext().proxy("http://127.0.0.1:1".parse().unwrap());
        let passing = client(driver, basic(), settings);
        assert_eq!(passing.status(&url).await, 407, "{driver:?}");
    }
    let bare = |seen: &Seen| seen.request.header("proxy-authorization").is_none();
    assert_eq!(origin.seen().len(), Driver::ALL.len());
    assert!(origin.seen().iter().all(bare));
}
