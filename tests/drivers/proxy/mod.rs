//! Authentication to a plain-HTTP proxy, beside that to the origin behind it: 407, 401 and their fields.

mod ways;

use conformance::driver::{through_reqwest, through_tower};
use conformance::proxy::{Kind, forwarding, origin};
use conformance::{Client, Driver, Load, net};
use countersign_basic::Basic;
use countersign_core::verify::{AnyVerifier, any_of};
use countersign_core::{Any, AuthBody, Settings, Target};
use countersign_reqwest::{AuthMiddleware, ReqwestLanes};
use countersign_testkit::{Answer, Canary, RawServer, Seen};
use countersign_tower::{AuthLayer, HyperLanes, Policy, Proxy, RedirectLayer};
use http::Request;
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use reqwest_middleware::ClientBuilder;
use tower::{Layer, ServiceExt};

use crate::{client, get};

/// Who is known to the origin and to the proxy; base64 has no such names.
const AMY: &str = "amy.a";
const BOB: &str = "bob.b";
const DIGEST: &str = "Digest realm=\"p\", nonce=\"n\", qop=\"auth\", algorithm=SHA-256";

/// Who sends through a proxy.
#[derive(Clone, Copy, Debug)]
enum By {
    Reqwest,
    Tower,
}

impl By {
    const BOTH: [Self; 2] = [Self::Reqwest, Self::Tower];

    /// A client of `proxy`, with an authenticating layer for it and another one above for the origin.
    fn client(self, proxy: &RawServer, for_proxy: Any, for_origin: Any) -> Client {
        match self {
            Self::Reqwest => by_reqwest(proxy, for_proxy, for_origin),
            Self::Tower => by_tower(proxy, for_proxy, for_origin),
        }
    }
}

fn cleartext() -> Settings {
    Settings::default().allow_cleartext(true)
}

fn by_reqwest(proxy: &RawServer, for_proxy: Any, for_origin: Any) -> Client {
    let url = proxy.url("");
    let builder = move || {
        let there = reqwest::Proxy::http(&url).unwrap();
        net::reqwest(net::certificates()).proxy(there)
    };
    let inner = builder().build().unwrap();
    let lanes = ReqwestLanes::new(1, builder);
    let to_proxy = lanes.settings(cleartext().target(Target::Proxy));
    let stack = ClientBuilder::new(inner)
        .with(AuthMiddleware::new(for_origin).settings(lanes.settings(cleartext())))
        .with(AuthMiddleware::new(for_proxy).settings(to_proxy))
        .with(lanes.middleware());
    through_reqwest(stack.build())
}

fn by_tower(proxy: &RawServer, for_proxy: Any, for_origin: Any) -> Client {
    let proxy = Proxy::new(&proxy.url("")).unwrap().auth(for_proxy);
    let connector = proxy.connector(HttpConnector::new());
    let pooled = legacy::Client::builder(TokioExecutor::new()).build(connector.clone());
    let lanes = HyperLanes::<_, AuthBody<AuthBody<AuthBody<Load>>>>::new(1, connector);
    let for_proxy = proxy.layer(lanes.settings(Settings::default()));
    let for_origin = AuthLayer::new(for_origin).settings(lanes.settings(cleartext()));
    let service = lanes.service(pooled).map_err(std::io::Error::other);
    let client = for_origin.layer(for_proxy.layer(service));
    through_tower(RedirectLayer::new(Policy::default()).layer(client))
}

/// Of a proxy and of an origin; one that authenticates a connection to the proxy has none for the origin.
fn pairs() -> impl Iterator<Item = (Kind, Kind)> {
    let origins = [Kind::Basic, Kind::Digest];
    Kind::ALL
        .into_iter()
        .flat_map(move |proxy| origins.map(|origin| (proxy, origin)))
}

/// A proxy, the origin behind it, and the secret of each.
struct Way {
    proxy: RawServer,
    origin: RawServer,
    secrets: [Canary; 2],
}

impl Way {
    async fn new(for_proxy: Kind, for_origin: Kind) -> Self {
        let secrets = [Canary::token(), Canary::token()];
        let origin = origin(for_origin.verifier(AMY, secrets[1].as_str())).await;
        let guard = for_proxy.verifier(BOB, secrets[0].as_str());
        let proxy = forwarding(guard, origin.address()).await;
        Self {
            proxy,
            origin,
            secrets,
        }
    }

    /// The status of one upload with these secrets.
    async fn status(&self, by: By, kinds: (Kind, Kind), secrets: [&str; 2]) -> u16 {
        let for_proxy = kinds.0.client(BOB, secrets[0]);
        let for_origin = kinds.1.client(AMY, secrets[1]);
        let request = Request::put("http://a.test/x").body("body").unwrap();
        let client = by.client(&self.proxy, for_proxy, for_origin);
        client.send(request).await.unwrap().status().as_u16()
    }

    fn secrets(&self) -> [&str; 2] {
        [self.secrets[0].as_str(), self.secrets[1].as_str()]
    }

    /// Nothing of one's credentials was in the other's field, nor went on to the origin.
    fn is_parted(&self) -> bool {
        let [proxys, origins] = &self.secrets;
        let of_proxy = |seen: &Seen| {
            let own = seen.request.header("proxy-authorization").unwrap_or("");
            let others = seen.request.header("authorization").unwrap_or("");
            !origins.is_in(own.as_bytes()) && !proxys.is_in(others.as_bytes()) && !own.contains(AMY)
        };
        let of_origin = |seen: &Seen| {
            let bytes = &seen.request.bytes;
            seen.request.header("proxy-authorization").is_none()
                && !proxys.is_in(bytes)
                && !String::from_utf8_lossy(bytes).contains(BOB)
        };
        self.proxy.seen().iter().all(of_proxy) && self.origin.seen().iter().all(of_origin)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_407_and_then_a_401_are_each_answered_in_their_own_fields() {
    for by in By::BOTH {
        for kinds in pairs() {
            let way = Way::new(kinds.0, kinds.1).await;
            let status = way.status(by, kinds, way.secrets()).await;
            assert_eq!(status, 200, "{by:?} {kinds:?}");
            let to_proxy = way.proxy.seen();
            assert!(to_proxy.len() <= 4, "{by:?} {kinds:?}: {}", to_proxy.len());
            let absolute = |seen: &Seen| seen.request.target == "http://a.test/x";
            assert!(to_proxy.iter().all(absolute), "{by:?}: absolute form");
            let to_origin = way.origin.seen();
            assert_eq!(to_origin.len(), 2, "{by:?} {kinds:?}: asked, and answered");
            assert_eq!(
                to_origin[1].request.header("authorization"),
                to_proxy.last().unwrap().request.header("authorization"),
            );
            assert_eq!(to_origin[1].request.body, b"body");
            assert!(way.is_parted(), "{by:?} {kinds:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_challenges_of_a_proxy_the_one_that_is_known_is_answered() {
    let secret = Canary::new();
    for by in By::BOTH {
        for kind in [Kind::Basic, Kind::Digest] {
            let origin = RawServer::start(|_| Answer::new(200)).await;
            let kinds = [Kind::Digest, Kind::Basic];
            let guard = any_of(kinds.map(|kind| kind.verifier(BOB, secret.as_str())));
            let proxy = forwarding(AnyVerifier::new(guard), origin.address()).await;
            let nobody = Kind::Basic.client(AMY, "unused");
            let client = by.client(&proxy, kind.client(BOB, secret.as_str()), nobody);
            assert_eq!(
                client.status("http://a.test/").await,
                200,
                "{by:?} {kind:?}"
            );
            assert_eq!(
                (proxy.seen().len(), origin.seen().len()),
                (2, 1),
                "{by:?} {kind:?}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_caller_says_to_the_origin_is_nothing_to_the_proxy() {
    for by in By::BOTH {
        let proxy = RawServer::start(|seen| match seen.request.header("proxy-authorization") {
            None => Answer::new(407).header("proxy-authenticate", "Basic realm=\"p\""),
            Some(_) => Answer::new(200),
        })
        .await;
        let nobody = Kind::Basic.client(AMY, "unused");
        let client = by.client(&proxy, Any::new(Basic::new(BOB, "x").unwrap()), nobody);
        let request = Request::get("http://a.test/").header("authorization", "Own thing");
        assert_eq!(
            client
                .send(request.body("").unwrap())
                .await
                .unwrap()
                .status(),
            200
        );
        assert_eq!(proxy.seen().len(), 1, "{by:?}: sent without being asked");
        let seen = &proxy.seen()[0].request;
        assert_eq!(seen.header("authorization"), Some("Own thing"));
        assert_eq!(
            seen.header("proxy-authorization"),
            Some("Basic Ym9iLmI6eA==")
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_credentials_leave_the_refusal_to_the_caller() {
    for by in By::BOTH {
        for kinds in pairs() {
            let way = Way::new(kinds.0, kinds.1).await;
            let [proxys, origins] = way.secrets();
            let status = way.status(by, kinds, ["wrong", origins]).await;
            assert_eq!(status, 407, "{by:?} {kinds:?}");
            let seen = (way.proxy.seen().len(), way.origin.seen().len());
            assert_eq!(seen, (kinds.0.legs(), 0), "{by:?} {kinds:?}");
            let status = way.status(by, kinds, [proxys, "wrong"]).await;
            assert_eq!(status, 401, "{by:?} {kinds:?}");
            assert_eq!(way.origin.seen().len(), 2, "{by:?} {kinds:?}");
            assert!(way.is_parted(), "{by:?} {kinds:?}");
        }
    }
}

#[tokio::test]
async fn an_origins_401_is_not_for_the_proxys_credentials() {
    for by in By::BOTH {
        let proxy = RawServer::start(|_| Answer::new(401).header("www-authenticate", DIGEST)).await;
        let nobody = Kind::Basic.client(AMY, "unused");
        let client = by.client(&proxy, Kind::Digest.client(BOB, "secret"), nobody);
        let answer = client.send(get("http://a.test/")).await.unwrap();
        assert_eq!(answer.status(), 401);
        assert_eq!(answer.headers()["www-authenticate"], DIGEST);
        assert_eq!(proxy.seen().len(), 1, "{by:?}");
    }
}

#[tokio::test]
async fn an_origin_that_answers_407_gets_nothing() {
    for driver in Driver::ALL {
        let phish = Answer::new(407)
            .header("proxy-authenticate", "Basic realm=\"p\"")
            .header("proxy-authenticate", DIGEST);
        let origin = RawServer::start(move |_| phish.clone()).await;
        for kind in [Kind::Basic, Kind::Digest] {
            let client = client(driver, kind.client(BOB, "secret"), Settings::default());
            let answer = client.send(get(&origin.url("/"))).await.unwrap();
            assert_eq!(answer.status(), 407, "{driver:?}");
        }
        assert_eq!(origin.seen().len(), 2, "{driver:?}");
        let fields = ["proxy-authorization", "authorization"];
        let bare = |seen: &Seen| {
            fields
                .iter()
                .all(|name| seen.request.header(name).is_none())
        };
        assert!(origin.seen().iter().all(bare), "{driver:?}");
    }
}
