//! How often one request is sent.

use std::sync::atomic::Ordering;

use conformance::Driver;
use countersign_core::challenge::Offered;
use countersign_core::{Leg, Next, Once};
use countersign_testkit::{Answer, RawServer, Shape};

use crate::{client, get, settings};

async fn storm() -> RawServer {
    RawServer::start(|_| Answer::new(401).header("www-authenticate", "Shape")).await
}

#[tokio::test]
async fn a_scheme_that_never_ends_sends_three_legs() {
    for driver in Driver::ALL {
        for next in [Next::Again, Next::Restart] {
            let (server, shape) = (storm().await, Shape::always(next));
            let begun = shape.begun.clone();
            let client = client(driver, shape, settings());
            assert_eq!(
                client.send(get(&server.url("/"))).await.unwrap().status(),
                401
            );
            assert_eq!(server.seen().len(), 3, "{driver:?}, {next:?}");
            let restarts = if next == Next::Restart { 3 } else { 1 };
            assert_eq!(
                begun.load(Ordering::SeqCst),
                restarts,
                "{driver:?}, {next:?}"
            );
        }
    }
}

#[tokio::test]
async fn legs_are_counted_over_restarts_and_hops() {
    for driver in Driver::ALL {
        let server = RawServer::start(|seen| match seen.request.target.as_str() {
            "/first" if seen.request.header("x-leg") == Some("2") => {
                Answer::new(302).header("location", "/second")
            }
            _ => Answer::new(401),
        })
        .await;
        let client = driver.client(Shape::always(Next::Again), &conformance::Setup::following());
        assert_eq!(
            client
                .send(get(&server.url("/first")))
                .await
                .unwrap()
                .status(),
            401
        );
        let targets: Vec<_> = server
            .seen()
            .iter()
            .map(|seen| seen.request.target.clone())
            .collect();
        assert_eq!(
            targets,
            ["/first", "/first", "/second", "/second", "/second"],
            "{driver:?}"
        );
    }
}

#[tokio::test]
async fn a_limit_of_one_is_kept_and_nothing_is_less_than_one() {
    for driver in Driver::ALL {
        for limit in [0, 1, 2] {
            let server = storm().await;
            let client = client(
                driver,
                Shape::always(Next::Again),
                settings().max_legs(limit),
            );
            assert_eq!(
                client.send(get(&server.url("/"))).await.unwrap().status(),
                401
            );
            assert_eq!(server.seen().len(), usize::from(limit.max(1)), "{driver:?}");
        }
    }
}

#[tokio::test]
async fn without_its_retry_a_scheme_sends_one_leg() {
    for driver in Driver::ALL {
        let server = storm().await;
        let client = client(
            driver,
            Once(Shape::once(Leg::Doubtful, Next::Again)),
            settings(),
        );
        let refusal = client.send(get(&server.url("/"))).await.unwrap();
        assert_eq!(refusal.status(), 401);
        assert_eq!(server.seen().len(), 1, "{driver:?}");
        let offered: &Offered = refusal.extensions().get().unwrap();
        let challenges = offered.challenges();
        let names: Vec<_> = challenges.iter().map(|one| one.scheme()).collect();
        assert_eq!(names, ["Shape"], "{driver:?}");
    }
}

#[tokio::test]
async fn a_failed_connection_is_not_tried_again() {
    for driver in Driver::ALL {
        let server = RawServer::start(|_| Answer::raw("")).await;
        let client = client(driver, Shape::always(Next::Again), settings());
        let request = http::Request::post(server.url("/")).body("once").unwrap();
        let error = client.send(request).await.unwrap_err();
        assert_eq!(error.kind, None, "{driver:?}: {}", error.text);
        assert_eq!(server.seen().len(), 1, "{driver:?}");
    }
}
