//! What is special to reqwest: extensions, timeouts, URLs, and a client that follows redirects by itself.

use std::time::{Duration, Instant};

use bytes::Bytes;
use conformance::driver::through_reqwest;
use conformance::net;
use countersign_core::ErrorKind;
use countersign_reqwest::{AuthMiddleware, RedirectMiddleware, auth_error};
use countersign_testkit::{Answer, Canary, RawServer, Shape, Then, assert_clean};
use http::Extensions;
use reqwest_middleware::{ClientBuilder, ClientWithMiddleware, Middleware, Next, Result};

use crate::get;

#[derive(Clone, Debug, PartialEq)]
struct Down(u8);

#[derive(Clone, Debug, PartialEq)]
struct Up(u8);

/// Answers what came down with what goes up.
struct Echo;

#[async_trait::async_trait]
impl Middleware for Echo {
    async fn handle(
        &self,
        request: reqwest::Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> Result<reqwest::Response> {
        let down = extensions.get::<Down>().map_or(0, |down| down.0);
        extensions.insert(Up(down + 1));
        next.run(request, extensions).await
    }
}

fn stack(shape: Shape) -> ClientWithMiddleware {
    let inner = net::reqwest(net::certificates()).build().unwrap();
    let client = ClientBuilder::new(inner).with(RedirectMiddleware::default());
    client.with(AuthMiddleware::new(shape)).with(Echo).build()
}

#[tokio::test]
async fn extensions_go_down_and_come_up() {
    let server = RawServer::start(|_| Answer::new(200)).await;
    let mut extensions = Extensions::new();
    extensions.insert(Down(7));
    let request = reqwest::Request::new(reqwest::Method::GET, server.url("/").parse().unwrap());
    let client = stack(Shape::default());
    client
        .execute_with_extensions(request, &mut extensions)
        .await
        .unwrap();
    assert_eq!(extensions.get::<Up>(), Some(&Up(8)));
    assert_eq!(extensions.get::<Down>(), Some(&Down(7)));
}

#[tokio::test]
async fn a_requests_own_timeout_holds() {
    let server = RawServer::start(|_| Answer::raw("").then(Then::Hang)).await;
    let start = Instant::now();
    let request = stack(Shape::default())
        .get(server.url("/"))
        .timeout(Duration::from_millis(200));
    let error = request.send().await.unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
    assert!(start.elapsed() < Duration::from_secs(2));
}

#[tokio::test]
async fn the_answer_names_the_callers_url_and_not_the_one_that_was_sent() {
    let server = RawServer::start(|_| Answer::new(200)).await;
    let client = stack(Shape {
        readdresses: Some("/?key=hidden"),
        ..Shape::default()
    });
    let answer = client.get(server.url("/own")).send().await.unwrap();
    assert_eq!(answer.url().as_str(), server.url("/own"));
    assert_eq!(server.seen()[0].request.target, "/?key=hidden");
}

#[tokio::test]
async fn the_answers_url_has_the_fragment_that_bare_reqwest_gives_it() {
    let server = RawServer::start(|_| Answer::new(200)).await;
    let bare = net::reqwest(net::certificates()).build().unwrap();
    let expected = bare
        .get(server.url("/#here"))
        .send()
        .await
        .unwrap()
        .url()
        .clone();
    let answer = stack(Shape::default())
        .get(server.url("/#here"))
        .send()
        .await
        .unwrap();
    assert_eq!(*answer.url(), expected);
}

#[tokio::test]
async fn after_a_redirect_the_answer_names_where_it_came_from() {
    let server = RawServer::start(|seen| match seen.request.target.as_str() {
        "/" => Answer::new(302).header("location", "/there"),
        _ => Answer::new(200),
    })
    .await;
    let answer = stack(Shape::default())
        .get(server.url("/"))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.url().as_str(), server.url("/there"));
}

#[tokio::test]
async fn an_error_names_no_credential() {
    let address = {
        let server = RawServer::start(|_| Answer::new(200)).await;
        server.address()
    };
    let canary = Canary::token();
    let target: &'static str = Box::leak(format!("/?key={}", canary.as_str()).into_boxed_str());
    let client = stack(Shape {
        readdresses: Some(target),
        ..Shape::default()
    });
    let error = through_reqwest(client)
        .send(get(&format!("http://{address}/")))
        .await
        .unwrap_err();
    assert_clean("an error of reqwest", error.text.as_bytes());
}

#[tokio::test]
async fn a_client_that_follows_redirects_by_itself_is_an_error() {
    let server = RawServer::start(|seen| match seen.request.target.as_str() {
        "/" => Answer::new(302).header("location", "/there"),
        _ => Answer::new(200),
    })
    .await;
    let follows = net::reqwest(net::certificates()).redirect(reqwest::redirect::Policy::default());
    let client = ClientBuilder::new(follows.build().unwrap())
        .with(AuthMiddleware::new(Shape::default()))
        .build();
    let error = client.get(server.url("/")).send().await.unwrap_err();
    let error = auth_error(&error).unwrap();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(error.to_string().contains("RedirectMiddleware"));
}

#[tokio::test]
async fn the_easy_client_is_the_safe_one() {
    let server = RawServer::start(|seen| match seen.request.target.as_str() {
        "/" => Answer::new(302).header("location", "/there"),
        _ => Answer::new(200).body(Bytes::from_static(b"ok").to_vec()),
    })
    .await;
    let builder = reqwest::Client::builder().no_proxy().referer(true);
    let client = countersign_reqwest::client(builder, Shape::default()).unwrap();
    assert_eq!(
        client
            .get(server.url("/"))
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap(),
        "ok"
    );
    let seen = server.seen();
    assert!(
        seen.iter()
            .all(|seen| seen.request.header("x-leg") == Some("1"))
    );
    assert!(
        seen.iter()
            .all(|seen| seen.request.header("referer").is_none())
    );
}
