//! A handshake that is bound to its connection, under load, through both drivers.
//!
//! `COUNTERSIGN_LANES_REQUESTS` sets how many requests each driver sends; `cargo xtask soak` runs it in full.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::{Extension, Router, routing::get};
use bytes::Bytes;
use conformance::net;
use countersign_core::{Any, AnyOf, ErrorKind, Failure, Override, Settings};
use countersign_reqwest::{AuthMiddleware, ReqwestLanes, auth_error};
use countersign_testkit::{
    Answer, Handshake, HandshakeServer, HandshakeVerifier, RawServer, Seen, Then,
};
use countersign_tower::{AuthBody, AuthLayer, HyperLanes, PerConnection, Verified, VerifyLayer};
use http::{Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use reqwest_middleware::{ClientBuilder, ClientWithMiddleware};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tower::{Layer, Service, ServiceExt};

const TASKS: usize = 200;
const IDENTITIES: usize = 8;
const LANES: usize = 4;

fn requests() -> usize {
    let set = std::env::var("COUNTERSIGN_LANES_REQUESTS").ok();
    set.and_then(|set| set.parse().ok()).unwrap_or(5_000)
}

async fn server(close_every: usize) -> (HandshakeServer, RawServer) {
    let handshakes = HandshakeServer::new(close_every);
    let answering = handshakes.clone();
    (
        handshakes,
        RawServer::start(move |seen| answering.answer(seen)).await,
    )
}

fn identities() -> Vec<(String, Any)> {
    let named = (0..IDENTITIES).map(|index| format!("user{index}"));
    named
        .map(|user| (user.clone(), Any::new(Handshake::new(user))))
        .collect()
}

fn builder() -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
}

fn by_reqwest(scheme: Any) -> ClientWithMiddleware {
    let lanes = ReqwestLanes::new(LANES, builder);
    let auth = AuthMiddleware::new(scheme).settings(lanes.settings(Settings::default()));
    ClientBuilder::new(builder().build().unwrap())
        .with(auth)
        .with(lanes.middleware())
        .build()
}

type TowerClient =
    tower::util::BoxCloneSyncService<Request<Full<Bytes>>, (StatusCode, Bytes), String>;

fn by_tower(scheme: Any) -> TowerClient {
    let connector = HttpConnector::new();
    let pooled = Client::builder(TokioExecutor::new()).build(connector.clone());
    let lanes = HyperLanes::<_, AuthBody<Full<Bytes>>>::new(LANES, connector);
    let auth = AuthLayer::new(scheme).settings(lanes.settings(Settings::default()));
    let client = auth.layer(lanes.service(pooled));
    let client = tower::service_fn(move |request: Request<Full<Bytes>>| {
        let sent = client.clone().oneshot(request);
        async move {
            let (parts, body) = sent.await.map_err(|error| error.to_string())?.into_parts();
            let body = body.collect().await.map_err(|error| error.to_string())?;
            Ok((parts.status, body.to_bytes()))
        }
    });
    TowerClient::new(client)
}

/// What became of many requests.
#[derive(Default)]
struct Count {
    served: AtomicUsize,
    refused: AtomicUsize,
    failed: AtomicUsize,
}

impl Count {
    fn add(&self, result: Result<(StatusCode, Bytes), String>, user: &str) {
        match result {
            Ok((StatusCode::OK, body)) => {
                assert_eq!(body, user.as_bytes(), "another's name");
                self.served.fetch_add(1, Ordering::Relaxed);
            }
            Ok(_) => drop(self.refused.fetch_add(1, Ordering::Relaxed)),
            Err(_) => drop(self.failed.fetch_add(1, Ordering::Relaxed)),
        }
    }
}

async fn load<F, R>(send: F) -> Count
where
    F: Fn(String, Any) -> R + Clone + Send + Sync + 'static,
    R: Future<Output = Result<(StatusCode, Bytes), String>> + Send,
{
    let (count, identities) = (Arc::new(Count::default()), Arc::new(identities()));
    let mut tasks = JoinSet::new();
    for task in 0..TASKS {
        let (count, identities, send) = (Arc::clone(&count), Arc::clone(&identities), send.clone());
        tasks.spawn(async move {
            for request in 0..requests() / TASKS {
                let (user, scheme) = &identities[(task + request) % IDENTITIES];
                count.add(send(user.clone(), scheme.clone()).await, user);
            }
        });
    }
    while let Some(ended) = tasks.join_next().await {
        ended.unwrap();
    }
    Arc::into_inner(count).unwrap()
}

async fn send_by_reqwest(
    client: ClientWithMiddleware,
    url: String,
    user: String,
    scheme: Any,
) -> Result<(StatusCode, Bytes), String> {
    let request = client
        .get(url)
        .header("x-wanted", user)
        .with_extension(Override::with(scheme));
    let response = request.send().await.map_err(|error| error.to_string())?;
    let status = response.status();
    Ok((
        status,
        response.bytes().await.map_err(|error| error.to_string())?,
    ))
}

async fn send_by_tower(
    mut client: TowerClient,
    url: String,
    user: String,
    scheme: Any,
) -> Result<(StatusCode, Bytes), String> {
    let request = Request::get(url)
        .header("x-wanted", user)
        .extension(Override::with(scheme));
    client
        .ready()
        .await?
        .call(request.body(Full::default()).unwrap())
        .await
}

fn hold(name: &str, count: &Count, server: &HandshakeServer, raw: &RawServer) {
    let total = requests() / TASKS * TASKS;
    let [served, refused, failed] =
        [&count.served, &count.refused, &count.failed].map(|count| count.load(Ordering::Relaxed));
    println!(
        "{name}: {total} requests in {IDENTITIES} identities by {TASKS} tasks: {served} served, {refused} refused, \
         {failed} failed with the connection; {} handshakes on {} connections, {} split, {} mixed",
        server.handshakes(),
        raw.connections(),
        server.split(),
        server.mixed(),
    );
    assert_eq!((server.split(), server.mixed()), (0, 0));
    assert_eq!(served + refused + failed, total);
    // A connection that is closed while a leg is under way may have been served: that leg is not sent again.
    assert!(
        refused == 0 && failed * 100 <= total * 5,
        "{refused} refused, {failed} failed"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn no_handshake_is_split_through_reqwest() {
    let (handshakes, raw) = server(20).await;
    let (client, url) = (by_reqwest(Any::new(Handshake::new("nobody"))), raw.url("/"));
    let send = move |user, scheme| send_by_reqwest(client.clone(), url.clone(), user, scheme);
    hold("reqwest", &load(send).await, &handshakes, &raw);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_handshake_is_split_through_tower() {
    let (handshakes, raw) = server(20).await;
    let (client, url) = (by_tower(Any::new(Handshake::new("nobody"))), raw.url("/"));
    let send = move |user, scheme| send_by_tower(client.clone(), url.clone(), user, scheme);
    hold("tower", &load(send).await, &handshakes, &raw);
}

#[tokio::test]
async fn a_connection_is_authenticated_once() {
    let (handshakes, raw) = server(0).await;
    let scheme = Any::new(Handshake::new("user"));
    let (client, other) = (by_reqwest(scheme.clone()), by_tower(scheme.clone()));
    for _ in 0..5 {
        send_by_reqwest(client.clone(), raw.url("/"), "user".into(), scheme.clone())
            .await
            .unwrap();
        send_by_tower(other.clone(), raw.url("/"), "user".into(), scheme.clone())
            .await
            .unwrap();
    }
    assert_eq!((handshakes.handshakes(), raw.connections()), (2, 2));
}

#[tokio::test]
async fn without_lanes_it_is_a_typed_error_before_the_first_byte() {
    let (_, raw) = server(0).await;
    let auth = AuthMiddleware::new(Handshake::new("user"));
    let client = ClientBuilder::new(builder().build().unwrap())
        .with(auth)
        .build();
    let error = client.get(raw.url("/")).send().await.unwrap_err();
    assert_eq!(auth_error(&error).unwrap().kind(), ErrorKind::Connection);
    let pooled = Client::builder(TokioExecutor::new()).build_http();
    let client = AuthLayer::new(Handshake::new("user")).layer(pooled);
    let request = Request::get(raw.url("/"))
        .body(Full::<Bytes>::default())
        .unwrap();
    let Err(Failure::Auth(error)) = client.oneshot(request).await else {
        panic!("sent")
    };
    assert_eq!(error.kind(), ErrorKind::Connection);
    assert!(raw.seen().is_empty());
}

#[tokio::test]
async fn a_stack_without_its_bottom_piece_fails_on_the_first_leg() {
    let (handshakes, raw) = server(0).await;
    let lanes = ReqwestLanes::new(1, builder);
    let auth = AuthMiddleware::new(Handshake::new("user"));
    let auth = auth.settings(lanes.settings(Settings::default()));
    let client = ClientBuilder::new(builder().build().unwrap())
        .with(auth)
        .build();
    let error = client.get(raw.url("/")).send().await.unwrap_err();
    assert_eq!(auth_error(&error).unwrap().kind(), ErrorKind::Connection);
    assert_eq!((raw.seen().len(), handshakes.mixed()), (1, 0));
}

#[tokio::test]
async fn an_answer_that_is_not_read_gives_its_connection_up() {
    let (_, raw) = server(0).await;
    let scheme = Any::new(Handshake::new("user"));
    let client = by_reqwest(scheme);
    for expected in 1..=3 {
        let request = client.get(raw.url("/")).header("x-wanted", "user");
        drop(request.send().await.unwrap());
        assert_eq!(raw.connections(), expected);
    }
}

#[tokio::test]
async fn a_dropped_exchange_leaves_no_half_authenticated_connection() {
    let (handshakes, raw) = server(0).await;
    let client = by_reqwest(Any::new(Handshake::new("user")));
    for polls in 0..40 {
        let request = client.get(raw.url("/")).header("x-wanted", "user");
        let mut sending = std::pin::pin!(request.send());
        for _ in 0..polls {
            tokio::select! {
                biased;
                _ = &mut sending => break,
                () = tokio::task::yield_now() => {}
            }
        }
    }
    let request = client.get(raw.url("/")).header("x-wanted", "user");
    assert_eq!(request.send().await.unwrap().status(), 200);
    assert_eq!((handshakes.split(), handshakes.mixed()), (0, 0));
}

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
async fn lanes_stand_side_by_side_and_are_bounded() {
    let (handshakes, raw) = server(0).await;
    let scheme = Any::new(Handshake::new("user"));
    let client = by_reqwest(scheme.clone());
    let send = |_| send_by_reqwest(client.clone(), raw.url("/"), "user".into(), scheme.clone());
    let answers = futures_util::future::join_all((0..40).map(send)).await;
    assert!(
        answers
            .iter()
            .all(|answer| matches!(answer, Ok((StatusCode::OK, _))))
    );
    assert_eq!((raw.connections(), handshakes.handshakes()), (LANES, LANES));
}

#[tokio::test]
async fn a_choice_takes_a_connection_only_when_it_chose_a_scheme_that_needs_one() {
    let (handshakes, raw) = server(0).await;
    let choice = AnyOf::new([Any::new(Handshake::new("user"))]);
    let (reqwest, tower) = (
        by_reqwest(Any::new(choice.clone())),
        by_tower(Any::new(choice.clone())),
    );
    for expected in [(2, 1), (3, 2)] {
        let choice = Any::new(choice.clone());
        let sent = match expected.1 {
            1 => send_by_reqwest(reqwest.clone(), raw.url("/"), "user".into(), choice).await,
            _ => send_by_tower(tower.clone(), raw.url("/"), "user".into(), choice).await,
        };
        assert_eq!(sent.unwrap().0, StatusCode::OK);
        assert_eq!((raw.connections(), handshakes.handshakes()), expected);
    }
}

#[tokio::test]
async fn an_identity_that_is_dropped_takes_its_connections_along() {
    let (_, raw) = server(0).await;
    let client = by_reqwest(Any::new(Handshake::new("nobody")));
    for expected in 1..=2 {
        let scheme = Any::new(Handshake::new("user"));
        send_by_reqwest(client.clone(), raw.url("/"), "user".into(), scheme)
            .await
            .unwrap();
        assert_eq!(raw.connections(), expected);
    }
}

async fn verifying() -> std::net::SocketAddr {
    let hello = |Extension(user): Extension<Verified<String>>| async move { user.into_principal() };
    let app = Router::new()
        .route("/", get(hello))
        .layer(VerifyLayer::new(HandshakeVerifier::default()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, PerConnection::new(app)).await });
    address
}

#[tokio::test]
async fn a_verifier_knows_its_connection() {
    let url = format!("http://{}/", verifying().await);
    let client = by_reqwest(Any::new(Handshake::new("nobody")));
    for user in ["one", "two", "one", "two"] {
        let scheme = Any::new(Handshake::new(user));
        let (status, body) = send_by_reqwest(client.clone(), url.clone(), user.into(), scheme)
            .await
            .unwrap();
        assert_eq!((status, &*body), (StatusCode::OK, user.as_bytes()));
    }
}

#[tokio::test]
async fn a_proof_counts_on_its_own_connection_and_once() {
    let address = verifying().await;
    let ask = |authorization: &str| {
        format!("GET / HTTP/1.1\r\nhost: a\r\nauthorization: {authorization}\r\n\r\n")
    };
    let mut own = Keeping::connect(address).await;
    let challenge = own.ask(&ask("Handshake hello")).await;
    let token = challenge
        .split("token=")
        .nth(1)
        .unwrap()
        .split("\r\n")
        .next()
        .unwrap()
        .to_owned();
    let proof = ask(&format!("Handshake user=me, token={token}"));
    assert!(
        Keeping::connect(address)
            .await
            .ask(&proof)
            .await
            .starts_with("HTTP/1.1 401")
    );
    assert!(own.ask(&proof).await.starts_with("HTTP/1.1 200"));
    assert!(
        own.ask("GET / HTTP/1.1\r\nhost: a\r\n\r\n")
            .await
            .starts_with("HTTP/1.1 200")
    );
    assert!(
        own.ask(&proof).await.starts_with("HTTP/1.1 401"),
        "a token counts once"
    );
    let fresh = Keeping::connect(address)
        .await
        .ask("GET / HTTP/1.1\r\nhost: a\r\n\r\n")
        .await;
    assert!(fresh.starts_with("HTTP/1.1 401"));
}

/// A connection that stays open, and reads one short answer for each request.
struct Keeping(TcpStream);

impl Keeping {
    async fn connect(address: std::net::SocketAddr) -> Self {
        Self(TcpStream::connect(address).await.unwrap())
    }

    async fn ask(&mut self, request: &str) -> String {
        self.0.write_all(request.as_bytes()).await.unwrap();
        let mut answer = vec![0; 4096];
        let length = self.0.read(&mut answer).await.unwrap();
        String::from_utf8_lossy(&answer[..length]).into_owned()
    }
}
