//! The scheme under its drivers, over real connections.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use countersign_core::placement::Placement;
use countersign_core::{Any, AnyOf, Cx, ErrorKind, Exchange, Next, Payload, Scheme};
use countersign_oauth2::{Builder, OAuth2, OAuth2Exchange, TokenError};
use countersign_reqwest::{AuthMiddleware, ReqwestFetch, auth_error};
use countersign_testkit::{Answer, RawServer, Seen};
use countersign_token::{Refused, RefusedKind};
use countersign_tower::{AuthLayer, TowerFetch};
use http::{Request, StatusCode, response};
use http_body_util::Full;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use reqwest_middleware::{ClientBuilder, ClientWithMiddleware};
use tower::{Layer, ServiceExt};

/// A server that gives out `t1`, `t2` and so on at `/token`, and answers `/api` by `api`, which is given the token.
async fn server(api: impl Fn(&Seen, &str) -> Answer + Send + Sync + 'static) -> RawServer {
    let tokens = AtomicUsize::new(0);
    RawServer::start(move |seen| {
        if seen.request.target.starts_with("/token") {
            let number = tokens.fetch_add(1, Ordering::SeqCst) + 1;
            return token_answer(&format!("t{number}"));
        }
        let sent = seen.request.header("authorization").unwrap_or_default();
        api(seen, sent.trim_start_matches("Bearer "))
    })
    .await
}

fn token_answer(token: &str) -> Answer {
    let body = format!(r#"{{"access_token":"{token}","token_type":"Bearer","expires_in":3600}}"#);
    Answer::new(200)
        .header("content-type", "application/json")
        .body(body)
}

fn refusing(challenge: &str) -> Answer {
    Answer::new(401).header("www-authenticate", challenge)
}

fn fetch() -> ReqwestFetch {
    let limits = countersign_core::FetchLimits::default();
    ReqwestFetch::new(reqwest::Client::builder(), limits).unwrap()
}

fn credentials(server: &RawServer) -> Builder {
    OAuth2::client_credentials(server.url("/token"), "id", "s3cret-of-the-client")
}

fn client(scheme: OAuth2) -> ClientWithMiddleware {
    ClientBuilder::new(reqwest::Client::new())
        .with(AuthMiddleware::new(scheme))
        .build()
}

async fn status(client: &ClientWithMiddleware, server: &RawServer) -> u16 {
    client
        .get(server.url("/api"))
        .send()
        .await
        .unwrap()
        .status()
        .as_u16()
}

fn count(server: &RawServer, path: &str) -> usize {
    let seen = server.seen();
    seen.iter()
        .filter(|seen| seen.request.target.starts_with(path))
        .count()
}

#[tokio::test]
async fn a_token_is_fetched_once_for_many_requests() {
    let server = server(|_, token| Answer::new(if token == "t1" { 200 } else { 401 })).await;
    let client = client(credentials(&server).build(fetch()).unwrap());
    for _ in 0..10 {
        assert_eq!(status(&client, &server).await, 200);
    }
    assert_eq!((count(&server, "/token"), count(&server, "/api")), (1, 10));
}

#[tokio::test]
async fn a_hundred_callers_at_once_cost_one_token() {
    let server = server(|_, token| Answer::new(if token == "t1" { 200 } else { 401 })).await;
    let client = client(credentials(&server).build(fetch()).unwrap());
    let all = (0..100).map(|_| status(&client, &server));
    let all: Vec<u16> = futures_util::future::join_all(all).await;
    assert!(all.iter().all(|status| *status == 200));
    assert_eq!(count(&server, "/token"), 1);
}

#[tokio::test]
async fn a_refused_token_is_renewed_once_and_the_body_sent_again() {
    for challenge in [
        Some("Bearer error=\"invalid_token\""),
        Some("Bearer realm=\"r\""),
        None,
    ] {
        let server = server(move |_, token| match (token, challenge) {
            ("t2", _) => Answer::new(200),
            (_, Some(challenge)) => refusing(challenge),
            (_, None) => Answer::new(401),
        })
        .await;
        let client = client(credentials(&server).build(fetch()).unwrap());
        let sent = client
            .post(server.url("/api"))
            .body("the body")
            .send()
            .await
            .unwrap();
        assert_eq!(sent.status(), 200, "{challenge:?}");
        assert_eq!((count(&server, "/token"), count(&server, "/api")), (2, 2));
        let last = server.seen().pop().unwrap();
        assert_eq!(last.request.body, b"the body");
    }
}

#[tokio::test]
async fn what_another_token_does_not_help_is_the_callers_answer() {
    for answer in [
        Answer::new(403).header("www-authenticate", "Bearer error=\"insufficient_scope\""),
        refusing("Bearer error=\"insufficient_scope\""),
        refusing("Bearer error=\"invalid_request\""),
        refusing("Basic realm=\"r\""),
        Answer::new(500),
    ] {
        let server = server(move |_, _| answer.clone()).await;
        let client = client(credentials(&server).build(fetch()).unwrap());
        assert_ne!(status(&client, &server).await, 200);
        assert_eq!((count(&server, "/token"), count(&server, "/api")), (1, 1));
    }
}

#[tokio::test]
async fn a_server_that_always_refuses_costs_one_renewal() {
    let server = server(|_, _| refusing("Bearer error=\"invalid_token\"")).await;
    let client = client(credentials(&server).build(fetch()).unwrap());
    assert_eq!(status(&client, &server).await, 401);
    assert_eq!((count(&server, "/token"), count(&server, "/api")), (2, 2));
    for _ in 0..5 {
        assert_eq!(status(&client, &server).await, 401);
    }
    assert_eq!(count(&server, "/token"), 2);
}

#[tokio::test]
async fn a_renewal_gives_up_only_the_token_that_was_refused() {
    // Twenty that were sent with t1 are refused at once; t2 is good for all.
    let server = server(|_, token| match token {
        "t2" => Answer::new(200),
        _ => refusing("Bearer error=\"invalid_token\""),
    })
    .await;
    let client = client(credentials(&server).build(fetch()).unwrap());
    let all = futures_util::future::join_all((0..20).map(|_| status(&client, &server))).await;
    assert!(all.iter().all(|status| *status == 200), "{all:?}");
    assert_eq!(count(&server, "/token"), 2);
}

/// The refusal among an error's sources.
fn refused(error: &countersign_core::Error) -> &Refused {
    std::error::Error::source(error)
        .unwrap()
        .downcast_ref()
        .unwrap()
}

#[tokio::test]
async fn without_a_token_nothing_is_sent_and_the_error_says_why() {
    let server = RawServer::start(|seen| match seen.request.target.as_str() {
        "/token" => Answer::new(401)
            .header("content-type", "application/json")
            .body(r#"{"error":"invalid_client","error_description":"unknown client"}"#),
        _ => Answer::new(200),
    })
    .await;
    let client = client(credentials(&server).build(fetch()).unwrap());
    let error = client.get(server.url("/api")).send().await.unwrap_err();
    let error = auth_error(&error).unwrap();
    assert_eq!(error.kind(), ErrorKind::Fetch);
    assert_eq!(refused(error).kind(), RefusedKind::Denied);
    let told = std::error::Error::source(refused(error)).unwrap();
    let told = told.downcast_ref::<TokenError>().unwrap();
    assert_eq!(
        (told.code.as_deref(), told.status.as_u16()),
        (Some("invalid_client"), 401)
    );
    assert_eq!(count(&server, "/api"), 0);
}

#[tokio::test]
async fn a_renewal_that_fails_fails_the_request() {
    let first = AtomicUsize::new(0);
    let server = RawServer::start(move |seen| match seen.request.target.as_str() {
        "/token" if first.fetch_add(1, Ordering::SeqCst) == 0 => token_answer("t1"),
        "/token" => Answer::new(400).body(r#"{"error":"unauthorized_client"}"#),
        _ => refusing("Bearer error=\"invalid_token\""),
    })
    .await;
    let client = client(credentials(&server).build(fetch()).unwrap());
    let error = client.get(server.url("/api")).send().await.unwrap_err();
    assert_eq!(
        refused(auth_error(&error).unwrap()).kind(),
        RefusedKind::Denied
    );
    let bare = |seen: &&Seen| seen.request.header("authorization").is_none();
    assert_eq!(server.seen().iter().filter(bare).count(), 0);
}

#[tokio::test]
async fn a_token_goes_where_it_is_wanted() {
    for (placement, expected) in [
        (Placement::Header("Token".into()), "/api?a=b|Token t1|x=y"),
        (Placement::Header("".into()), "/api?a=b|t1|x=y"),
        (
            Placement::Query("access_token".into()),
            "/api?a=b&access_token=t1||x=y",
        ),
        (Placement::Form("token".into()), "/api?a=b||x=y&token=t1"),
    ] {
        let server = server(|_, _| Answer::new(200)).await;
        let scheme = credentials(&server)
            .placement(placement)
            .build(fetch())
            .unwrap();
        let request = client(scheme).post(server.url("/api?a=b"));
        let request = request
            .header("content-type", "application/x-www-form-urlencoded")
            .body("x=y");
        assert_eq!(request.send().await.unwrap().status(), 200);
        let last = server.seen().pop().unwrap().request;
        let header = last.header("authorization").unwrap_or_default();
        let body = String::from_utf8(last.body.clone()).unwrap();
        assert_eq!(format!("{}|{header}|{body}", last.target), expected);
    }
}

#[tokio::test]
async fn a_challenge_of_ones_own_word_is_ones_own() {
    let server = server(|seen, _| match seen.request.header("authorization") {
        Some("Token t2") => Answer::new(200),
        _ => refusing("Token error=\"invalid_token\""),
    })
    .await;
    let scheme = credentials(&server).placement(Placement::Header("Token".into()));
    assert_eq!(
        status(&client(scheme.build(fetch()).unwrap()), &server).await,
        200
    );
}

#[tokio::test]
async fn a_token_from_elsewhere_is_sent_and_not_renewed() {
    let server = server(|_, token| Answer::new(if token == "own" { 200 } else { 401 })).await;
    let of = |token: &str| {
        client(OAuth2::access_token(token, &Placement::Header("Bearer".into())).unwrap())
    };
    assert_eq!(status(&of("own"), &server).await, 200);
    assert_eq!(status(&of("old"), &server).await, 401);
    assert_eq!((count(&server, "/token"), count(&server, "/api")), (0, 2));
}

#[tokio::test]
async fn in_a_choice_it_answers_a_bearer_challenge_alone() {
    let server = server(|seen, token| match (seen.request.target.as_str(), token) {
        ("/api", "t1") => Answer::new(200),
        ("/api", _) => refusing("Bearer realm=\"r\""),
        _ => refusing("Basic realm=\"r\""),
    })
    .await;
    let scheme = credentials(&server).build(fetch()).unwrap();
    let choice = AnyOf::new([Any::new(scheme)]);
    let client = ClientBuilder::new(reqwest::Client::new())
        .with(AuthMiddleware::new(choice))
        .build();
    let get = |path: &str| client.get(server.url(path)).send();
    assert_eq!(get("/api").await.unwrap().status(), 200);
    assert_eq!(get("/other").await.unwrap().status(), 401);
    assert_eq!(count(&server, "/token"), 1);
}

#[tokio::test]
async fn tower_renews_as_well() {
    let server = server(|_, token| match token {
        "t2" => Answer::new(200),
        _ => refusing("Bearer error=\"invalid_token\""),
    })
    .await;
    let hyper = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
    let fetch = TowerFetch::new(hyper);
    let scheme = credentials(&server).build(fetch).unwrap();
    let http = Client::builder(TokioExecutor::new()).build_http();
    let service = AuthLayer::new(scheme).layer(http);
    let request = Request::get(server.url("/api"))
        .body(Full::new(Bytes::new()))
        .unwrap();
    assert_eq!(
        service.oneshot(request).await.unwrap().status(),
        StatusCode::OK
    );
}

#[tokio::test]
async fn the_token_endpoint_is_never_followed_elsewhere() {
    let other = Arc::new(RawServer::start(|_| token_answer("stolen")).await);
    for status in [301, 302, 303, 307, 308] {
        let elsewhere = other.url("/token");
        let server =
            RawServer::start(move |_| Answer::new(status).header("location", &elsewhere)).await;
        let client = client(credentials(&server).build(fetch()).unwrap());
        let error = client.get(server.url("/api")).send().await.unwrap_err();
        let error = auth_error(&error).unwrap();
        assert_eq!(refused(error).kind(), RefusedKind::Malformed, "{status}");
        assert!(error.to_string().contains("redirects"), "{error}");
    }
    assert!(other.seen().is_empty());
}

/// An exchange with its token in a request.
async fn begun(scheme: &OAuth2, refused: Option<&response::Parts>) -> (OAuth2Exchange, String) {
    let (mut head, ()) = Request::get("https://api.example/")
        .body(())
        .unwrap()
        .into_parts();
    let cx = Cx::new(&head, None);
    let cx = refused.map_or(cx, |refused| cx.refused(refused));
    let mut exchange = scheme.begin(cx).await.unwrap();
    exchange
        .prepare(&mut head, &mut Payload::default())
        .unwrap();
    let sent = head.headers["authorization"].to_str().unwrap().to_owned();
    (exchange, sent)
}

#[tokio::test]
async fn a_token_that_others_take_is_not_given_up_by_who_was_refused_twice() {
    let number = AtomicUsize::new(0);
    let server = support::Server::new(move |_| {
        let number = number.fetch_add(1, Ordering::SeqCst);
        support::json(
            200,
            &format!(r#"{{"access_token":"t{number}","expires_in":3600}}"#),
        )
    });
    let scheme = support::client().build(server).unwrap();
    let head = |status| {
        http::Response::builder()
            .status(status)
            .body(())
            .unwrap()
            .into_parts()
            .0
    };
    let (refusal, success) = (head(401), head(200));

    let (mut first, sent) = begun(&scheme, None).await;
    assert_eq!(
        (first.receive(&refusal).unwrap(), sent.as_str()),
        (Next::Restart, "Bearer t0")
    );
    let (mut second, sent) = begun(&scheme, Some(&refusal)).await;
    assert_eq!(sent, "Bearer t1");
    let (mut other, _) = begun(&scheme, None).await;
    assert_eq!(other.receive(&success).unwrap(), Next::Done);
    assert_eq!(second.receive(&refusal).unwrap(), Next::Done);
    assert_eq!(begun(&scheme, None).await.1, "Bearer t1");
}
