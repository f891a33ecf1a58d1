//! The port that schemes reach their own endpoints through, over both drivers.

use std::time::{Duration, Instant};

use bytes::Bytes;
use conformance::net;
use countersign_core::{Error, ErrorKind, Fetch, FetchLimits};
use countersign_reqwest::ReqwestFetch;
use countersign_testkit::{Answer, Canary, RawServer, Then, assert_clean};
use countersign_tower::TowerFetch;
use http::{Request, Response};
use hyper_util::client::legacy;
use hyper_util::rt::TokioExecutor;

fn fetchers(limits: FetchLimits) -> [(&'static str, Box<dyn Fetch>); 2] {
    let hyper =
        legacy::Client::builder(TokioExecutor::new()).build(net::connector(net::certificates()));
    let follows = net::reqwest(net::certificates()).redirect(reqwest::redirect::Policy::default());
    [
        ("tower", Box::new(TowerFetch::new(hyper).limits(limits))),
        (
            "reqwest",
            Box::new(ReqwestFetch::new(follows, limits).unwrap()),
        ),
    ]
}

fn short() -> FetchLimits {
    FetchLimits::default()
        .max_body(1000)
        .deadline(Duration::from_millis(500))
}

async fn fetch(fetcher: &dyn Fetch, url: &str) -> Result<Response<Bytes>, Error> {
    fetcher
        .fetch(
            Request::post(url)
                .body(Bytes::from_static(b"grant"))
                .unwrap(),
        )
        .await
}

/// The failure that `answer` makes, within the deadline and some.
async fn fails(answer: Answer) {
    let canary = Canary::token();
    for (name, fetcher) in fetchers(short()) {
        let answer = answer.clone();
        let server = RawServer::start(move |_| answer.clone()).await;
        let start = Instant::now();
        let error = fetch(
            &*fetcher,
            &server.url(&format!("/?key={}", canary.as_str())),
        )
        .await
        .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Fetch, "{name}");
        assert!(
            start.elapsed() < Duration::from_secs(2),
            "{name}: {:?}",
            start.elapsed()
        );
        assert_clean("an error", format!("{error} {error:?}").as_bytes());
        assert_eq!(server.seen().len(), 1, "{name}");
    }
}

#[tokio::test]
async fn an_answer_of_any_status_is_whole() {
    for (name, fetcher) in fetchers(short()) {
        for status in [200, 400, 401, 500] {
            let server =
                RawServer::start(move |_| Answer::new(status).body(vec![b'x'; 1000])).await;
            let answer = fetch(&*fetcher, &server.url("/token")).await.unwrap();
            assert_eq!(
                (answer.status().as_u16(), answer.body().len()),
                (status, 1000),
                "{name}"
            );
            assert_eq!(server.seen()[0].request.body, b"grant", "{name}");
        }
    }
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_not_followed() {
    for (name, fetcher) in fetchers(short()) {
        let server = RawServer::start(|_| Answer::new(307).header("location", "/other")).await;
        assert_eq!(
            fetch(&*fetcher, &server.url("/token"))
                .await
                .unwrap()
                .status(),
            307,
            "{name}"
        );
        assert_eq!(server.seen().len(), 1, "{name}");
    }
}

#[tokio::test]
async fn an_answer_over_the_limit_fails() {
    fails(Answer::new(200).body(vec![b'x'; 1001])).await;
    fails(Answer::new(200).then(Then::Flood)).await;
}

#[tokio::test]
async fn an_answer_that_is_too_slow_fails() {
    fails(Answer::raw("").then(Then::Hang)).await;
    fails(Answer::new(200).then(Then::Drip)).await;
    fails(Answer::raw("HTTP/1.1 200 x\r\ncontent-length: 5\r\n\r\nab").then(Then::Hang)).await;
}

#[tokio::test]
async fn an_answer_that_breaks_off_fails() {
    fails(Answer::raw("HTTP/1.1 200 x\r\ncontent-length: 5\r\n\r\nab")).await;
    fails(Answer::raw("nonsense\r\n\r\n")).await;
}

#[tokio::test]
async fn nobody_there_fails() {
    for (name, fetcher) in fetchers(short()) {
        let address = {
            let server = RawServer::start(|_| Answer::new(200)).await;
            server.address()
        };
        tokio::time::sleep(Duration::from_millis(20)).await;
        let error = fetch(&*fetcher, &format!("http://{address}/?key=x"))
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Fetch, "{name}");
    }
}
