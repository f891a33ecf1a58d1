//! Cookies stand below authentication: each leg takes along what the one before was given, and each hop what is its own.

use std::sync::Arc;

use conformance::driver::through_reqwest;
use conformance::{Client, Driver, Setup, net};
use countersign_apikey::ApiKey;
use countersign_cookies::{Jar, NoCookies};
use countersign_core::redirect::Policy;
use countersign_core::{Any, Binding, Identity, Leg, Next, Scheme};
use countersign_digest::Digest;
use countersign_reqwest::AuthMiddleware;
use countersign_testkit::{Answer, Canary, RawServer, Seen, Shape};
use http::{Request, Uri};
use reqwest_middleware::ClientBuilder;

use crate::get;

fn with_jar(driver: Driver, scheme: impl Scheme, jar: &Jar) -> Client {
    let setup = Setup {
        jar: Some(jar.clone()),
        ..Setup::following()
    };
    driver.client(scheme, &setup)
}

fn key() -> ApiKey {
    ApiKey::cookie("key", "s3cret").unwrap()
}

/// The `Cookie` field of a request; several are a fault.
fn field(seen: &Seen) -> Option<String> {
    let fields = seen.request.headers.iter();
    let fields = fields.filter(|(name, _)| name.eq_ignore_ascii_case("cookie"));
    let fields: Vec<_> = fields.map(|(_, value)| value.clone()).collect();
    assert!(fields.len() < 2, "several Cookie fields");
    let field = fields.into_iter().next();
    field.map(|field| String::from_utf8(field).unwrap())
}

fn cookies(server: &RawServer) -> Vec<Option<String>> {
    server.seen().iter().map(field).collect()
}

fn some(field: &str) -> Option<String> {
    Some(field.to_owned())
}

/// Sets `session=1`, and asks `/digest` for credentials.
async fn greeter() -> RawServer {
    const CHALLENGE: &str = "Digest realm=\"r\", nonce=\"n\", qop=\"auth\", algorithm=SHA-256";
    RawServer::start(|seen| {
        let is_known = seen.request.header("authorization").is_some();
        let asks = !is_known && seen.request.target == "/digest";
        match asks {
            true => Answer::new(401).header("www-authenticate", CHALLENGE),
            false => Answer::new(200),
        }
        .header("set-cookie", "session=1")
    })
    .await
}

#[tokio::test]
async fn a_cookie_that_came_with_the_challenge_goes_with_its_answer() {
    for driver in Driver::ALL {
        let server = greeter().await;
        let digest = Digest::new("bob", "secret").unwrap();
        let client = with_jar(driver, digest, &Jar::new());
        assert_eq!(client.status(&server.url("/digest")).await, 200);
        assert_eq!(cookies(&server), [None, some("session=1")], "{driver:?}");
    }
}

#[tokio::test]
async fn a_key_in_a_cookie_and_the_jars_cookies_are_one_field() {
    for driver in Driver::ALL {
        let server = greeter().await;
        let client = with_jar(driver, key(), &Jar::new());
        for _ in 0..2 {
            assert_eq!(client.status(&server.url("/")).await, 200);
        }
        let both = [some("key=s3cret"), some("key=s3cret; session=1")];
        assert_eq!(cookies(&server), both, "{driver:?}");
    }
}

#[tokio::test]
async fn what_auth_or_the_caller_sets_wins_over_a_cookie_of_that_name() {
    for driver in Driver::ALL {
        let server = greeter().await;
        let (jar, uri) = (Jar::new(), server.url("/").parse().unwrap());
        for cookie in ["key=stale", "own=stale", "Key=other"] {
            jar.set(&uri, cookie).unwrap();
        }
        let request = Request::get(&uri).header("cookie", "own=mine").body("");
        let client = with_jar(driver, key(), &jar);
        client.send(request.unwrap()).await.unwrap();
        let sent = cookies(&server).remove(0).unwrap();
        let mut sent: Vec<_> = sent.split("; ").collect();
        sent.sort_unstable();
        assert_eq!(sent, ["Key=other", "key=s3cret", "own=mine"], "{driver:?}");
    }
}

#[tokio::test]
async fn one_request_goes_without() {
    for driver in Driver::ALL {
        let (server, jar) = (greeter().await, Jar::new());
        let client = with_jar(driver, Shape::default(), &jar);
        let mut request = get(&server.url("/"));
        request.extensions_mut().insert(NoCookies);
        client.send(request.clone()).await.unwrap();
        assert_eq!(jar.cookies(), [], "{driver:?}: its answer sets nothing");
        client.send(get(&server.url("/"))).await.unwrap();
        client.send(request).await.unwrap();
        assert_eq!(cookies(&server), [None, None, None], "{driver:?}");
        assert_eq!(jar.cookies().len(), 1, "{driver:?}");
    }
}

#[tokio::test]
async fn drivers_share_a_jar() {
    let (server, jar) = (greeter().await, Jar::new());
    for driver in Driver::ALL {
        let client = with_jar(driver, Shape::default(), &jar);
        assert_eq!(client.status(&server.url("/")).await, 200);
    }
    let seen = [None, some("session=1"), some("session=1")];
    assert_eq!(cookies(&server), seen);
}

#[tokio::test]
async fn the_legs_of_a_lane_share_the_jar() {
    for driver in Driver::WITH_LANES {
        let server = RawServer::start(|seen| match seen.request.header("x-leg") {
            Some("1") => Answer::new(401).header("set-cookie", "leg=1"),
            _ => Answer::new(200),
        })
        .await;
        let shape = Shape {
            plan: Leg::Doubtful,
            refused: vec![Next::Again],
            binding: Binding::Connection(Identity::of("bob")),
            ..Shape::default()
        };
        let setup = Setup {
            jar: Some(Jar::new()),
            lanes: Some(1),
            ..Setup::default()
        };
        let client = driver.client(shape, &setup);
        assert_eq!(client.status(&server.url("/")).await, 200);
        assert_eq!(cookies(&server), [None, some("leg=1")], "{driver:?}");
        assert_eq!(server.connections(), 1, "{driver:?}");
    }
}

/// Answers `/from` with a redirect to what its query says, and sets two cookies with every answer.
async fn redirecting(cookies: [String; 2]) -> RawServer {
    let script = move |seen: &Seen| {
        let target = seen.request.target.strip_prefix("/from?");
        let answer = target.map_or_else(
            || Answer::new(200),
            |target| Answer::new(302).header("location", target),
        );
        let [one, two] = &cookies;
        answer.header("set-cookie", one).header("set-cookie", two)
    };
    let address = std::net::Ipv4Addr::LOCALHOST.into();
    RawServer::start_on(address, Some(net::certificates()), script).await
}

/// Where a redirect leads from and to, and which of the cookies that the first answer set go along: `one` is for its
/// host alone, `two` for `a.test` and what is below it, if the host may set that.
const HOPS: [(&str, &str, &str); 11] = [
    ("http://a.test", "http://a.test", "one two"),
    ("http://a.test", "https://a.test", "one two"),
    ("http://a.test", "http://sub.a.test", "two"),
    ("http://sub.a.test", "http://a.test", "two"),
    ("https://sub.a.test", "http://sub.a.test", "one two"),
    ("http://a.test", "http://b.test", ""),
    ("http://b.test", "http://a.test", ""),
    ("http://b.test", "http://b.test", "one"),
    ("http://127.0.0.1", "http://127.0.0.1", "one"),
    ("http://127.0.0.1", "http://localhost", ""),
    ("http://localhost", "https://localhost", "one"),
];

#[tokio::test]
async fn each_hop_takes_along_what_is_its_own() {
    for driver in Driver::ALL {
        for (from, to, expected) in HOPS {
            let canaries = [Canary::token(), Canary::token()];
            let [one, two] = canaries.each_ref().map(Canary::as_str);
            let domain = format!("two={two}; Domain=a.test");
            let server = redirecting([format!("one={one}"), domain]).await;
            let port = server.address().port();
            let jar = Jar::new();
            let client = with_jar(driver, Shape::default(), &jar);
            let mut request = get(&format!("{from}:{port}/from?{to}:{port}/to"));
            let own = Canary::token();
            let field = format!("own={}", own.as_str()).parse().unwrap();
            request.headers_mut().insert("cookie", field);
            assert_eq!(client.send(request).await.unwrap().status(), 200);
            let hops = server.seen();
            let place = format!("{driver:?} {from} {to}");
            let holds = |hop: &Seen, canary: &Canary| canary.is_in(&hop.request.bytes);
            assert!(holds(&hops[0], &own), "{place}");
            assert_eq!(
                holds(&hops[1], &own),
                from == to,
                "{place}: the caller's own"
            );
            for (name, canary) in ["one", "two"].iter().zip(&canaries) {
                let goes = holds(&hops[1], canary);
                assert_eq!(goes, expected.contains(name), "{place}: {name}");
            }
        }
    }
}

#[tokio::test]
async fn a_secure_cookie_stays_off_the_open_road() {
    for driver in Driver::ALL {
        let canary = Canary::token();
        let secure = format!("one={}; Secure", canary.as_str());
        let server = redirecting([secure, "two=2".to_owned()]).await;
        let port = server.address().port();
        let jar = Jar::new();
        let client = with_jar(driver, Shape::default(), &jar);
        let open = format!("http://a.test:{port}/");
        client.status(&open).await;
        assert_eq!(jar.cookies().len(), 1, "{driver:?}: nor is it set there");
        client
            .status(&format!("https://a.test:{port}/from?{open}"))
            .await;
        client.status(&format!("https://a.test:{port}/")).await;
        let seen = server.seen();
        let had: Vec<_> = seen
            .iter()
            .map(|seen| canary.is_in(&seen.request.bytes))
            .collect();
        assert_eq!(had, [false, false, false, true], "{driver:?}");
    }
}

#[tokio::test]
async fn a_flood_is_bounded() {
    for driver in Driver::ALL {
        let server = RawServer::start(|seen| {
            let wave = seen.request.target.clone();
            let fields = (0..90).map(|number| format!("{wave}-{number}=x; Path=/"));
            fields.fold(Answer::new(200), |answer, field| {
                answer.header("set-cookie", &field)
            })
        })
        .await;
        let jar = Jar::new();
        let client = with_jar(driver, Shape::default(), &jar);
        for wave in 0..4 {
            assert_eq!(client.status(&server.url(&format!("/{wave}"))).await, 200);
        }
        assert_eq!(jar.cookies().len(), 180, "{driver:?}");
    }
}

#[tokio::test]
async fn a_trusted_origin_gets_no_cookie_that_is_not_for_it() {
    for driver in Driver::ALL {
        let canary = Canary::token();
        let both = [format!("one={}", canary.as_str()), "two=2".to_owned()];
        let server = redirecting(both).await;
        let port = server.address().port();
        let trusted = format!("http://b.test:{port}");
        let setup = Setup {
            redirects: Some(Policy::default().trust([trusted.parse().unwrap()])),
            jar: Some(Jar::new()),
            ..Setup::default()
        };
        let client = driver.client(Shape::default(), &setup);
        let from = format!("http://a.test:{port}/from?{trusted}/");
        assert_eq!(client.status(&from).await, 200);
        assert!(!canary.is_in(&server.seen()[1].request.bytes), "{driver:?}");
    }
}

/// The jar in the place of reqwest's own.
fn provided(scheme: Any, jar: Jar) -> Client {
    let inner = net::reqwest(net::certificates()).cookie_provider(Arc::new(jar));
    let stack = ClientBuilder::new(inner.build().unwrap());
    through_reqwest(stack.with(AuthMiddleware::new(scheme)).build())
}

#[tokio::test]
async fn the_jar_takes_the_place_of_reqwests_own() {
    let (server, jar) = (greeter().await, Jar::new());
    let digest = Any::new(Digest::new("bob", "secret").unwrap());
    let client = provided(digest, jar.clone());
    assert_eq!(client.status(&server.url("/digest")).await, 200);
    assert_eq!(cookies(&server), [None, some("session=1")]);
    let uri: Uri = server.url("/").parse().unwrap();
    jar.set(&uri, "other=2").unwrap();
    client.status(&server.url("/")).await;
    assert_eq!(cookies(&server)[2], some("session=1; other=2"));
}

/// Why a middleware is the better place: reqwest asks only whether there is a `Cookie`.
#[tokio::test]
async fn reqwest_asks_its_jar_nothing_for_a_request_with_a_cookie() {
    let server = greeter().await;
    let client = provided(Any::new(key()), Jar::new());
    for _ in 0..2 {
        assert_eq!(client.status(&server.url("/")).await, 200);
    }
    assert_eq!(cookies(&server), [some("key=s3cret"), some("key=s3cret")]);
}
