//! No secret shows in the log at TRACE, in an error, in `Debug` or in a panic, whatever happens on the wire.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

use std::time::Duration;

use bytes::Bytes;
use conformance::{App, Driver, Failed, Setup, cases};
use countersign_core::{Any, Settings};
use countersign_reqwest::AuthMiddleware;
use countersign_testkit::{Answer, Canary, Case, Keys, RawServer, Then, assert_clean, logs};
use countersign_tower::AuthLayer;
use http::{Request, Response};

fn keys() -> Keys {
    Keys::new(Canary::token().as_str())
}

/// Runs `check` for every scheme and driver under the watch.
async fn every_pair(check: impl AsyncFn(&Case, Driver)) {
    let watch = logs::watch();
    for case in cases::all() {
        for driver in Driver::ALL {
            check(&case, driver).await;
        }
    }
    assert!(
        logs::lines() > 100,
        "the log is not captured: {} lines",
        logs::lines()
    );
    drop(watch);
}

/// Whatever came of a request shows nothing.
fn clean(case: &Case, answered: Result<Response<Bytes>, Failed>) {
    let text = answered.map_or_else(
        |failed| failed.text,
        |response| format!("{:?}", response.map(drop)),
    );
    assert_clean(case.name, text.as_bytes());
}

#[tokio::test]
async fn when_all_is_well_or_refused() {
    every_pair(async |case, driver| {
        let (keys, setup) = (keys(), Setup::following());
        let app = App::start((case.server)(&keys)).await;
        let url = app.url(&format!("/to?307&{}", app.url("/there")));
        clean(
            case,
            driver
                .client((case.client)(&keys), &setup)
                .send(case.request(&url))
                .await,
        );
        let stranger = driver.client((case.client)(&self::keys()), &setup);
        clean(case, stranger.send(case.request(&app.url("/"))).await);
    })
    .await;
}

#[tokio::test]
async fn when_the_server_fails() {
    let answers = [
        Answer::raw(""),
        Answer::raw("nonsense\r\n\r\n"),
        Answer::raw("HTTP/1.1 200 x\r\ncontent-length: 5\r\n\r\nab"),
        Answer::new(401)
            .header("www-authenticate", "Digest realm=\"")
            .then(Then::Close),
        Answer::new(401).header(
            "www-authenticate",
            "Digest realm=\"r\", nonce=\"n\", algorithm=MD6",
        ),
        Answer::new(302).header("location", "http://[bad"),
    ];
    every_pair(async |case, driver| {
        for answer in answers.clone() {
            let server = RawServer::start(move |_| answer.clone()).await;
            let client = driver.client((case.client)(&keys()), &Setup::following());
            clean(case, client.send(case.request(&server.url("/a"))).await);
        }
    })
    .await;
}

#[tokio::test]
async fn when_nobody_is_there() {
    let address = RawServer::start(|_| Answer::new(200)).await.address();
    tokio::time::sleep(Duration::from_millis(20)).await;
    every_pair(async |case, driver| {
        let client = driver.client((case.client)(&keys()), &Setup::default());
        let failed = client
            .send(case.request(&format!("http://{address}/")))
            .await;
        assert!(failed.is_err(), "{}", case.name);
        clean(case, failed);
    })
    .await;
}

#[tokio::test]
async fn when_it_would_be_sent_in_the_clear_or_cannot_be_sent() {
    every_pair(async |case, driver| {
        let strict = Setup::settings(Settings::default());
        let client = driver.client((case.client)(&keys()), &strict);
        clean(case, client.send(case.request("http://a.test:9/")).await);
        clean(
            case,
            client
                .send(Request::get("/relative").body(Bytes::new()).unwrap())
                .await,
        );
    })
    .await;
}

#[test]
fn in_the_configuration_and_its_layers() {
    for case in cases::all() {
        let keys = keys();
        assert_clean(case.name, (case.debug)(&keys).as_bytes());
        let scheme: Any = (case.client)(&keys);
        assert_clean(
            case.name,
            format!("{:?}", AuthLayer::new(scheme.clone())).as_bytes(),
        );
        assert_clean(
            case.name,
            format!("{:?}", AuthMiddleware::new(scheme)).as_bytes(),
        );
        assert_clean(case.name, format!("{:?}", (case.server)(&keys)).as_bytes());
    }
}

#[tokio::test]
async fn in_a_preview() {
    for case in cases::all() {
        let settings = Settings::default().allow_cleartext(true);
        let request = case.request("http://127.0.0.1/");
        let preview = countersign_core::preview(&(case.client)(&keys()), &settings, request)
            .await
            .unwrap();
        assert_clean(case.name, format!("{preview:?}").as_bytes());
    }
}
