//! One exchange and its connection.

use conformance::serving::{Closing, Serving, user, wanted};
use conformance::{Driver, Setup, net};
use countersign_core::{ErrorKind, Settings};
use countersign_reqwest::{AuthMiddleware, ReqwestLanes, auth_error};
use futures_util::future::join_all;
use reqwest_middleware::ClientBuilder;

use crate::{LANES, answer, by, client, put, served};

#[tokio::test]
async fn without_lanes_it_is_a_typed_error_before_the_first_byte() {
    let server = Serving::start(Closing::Never).await;
    for driver in Driver::WITH_LANES {
        let client = driver.client(user(0), &Setup::default());
        let error = client.send(put(&server.url())).await.unwrap_err();
        assert_eq!(error.kind, Some(ErrorKind::Connection), "{driver:?}");
    }
    assert!(server.raw.seen().is_empty());
}

#[tokio::test]
async fn a_stack_without_its_bottom_piece_fails_on_the_first_leg() {
    let server = Serving::start(Closing::Never).await;
    let own = || net::reqwest(net::certificates());
    let lanes = ReqwestLanes::new(1, own);
    let auth = AuthMiddleware::new(user(0)).settings(lanes.settings(Settings::default()));
    let client = ClientBuilder::new(own().build().unwrap())
        .with(auth)
        .build();
    let error = client.post(server.url()).send().await.unwrap_err();
    assert_eq!(auth_error(&error).unwrap().kind(), ErrorKind::Connection);
    assert_eq!(server.counted().legs, 1);
}

#[tokio::test]
async fn an_answer_that_is_not_read_gives_its_connection_up() {
    for driver in Driver::WITH_LANES {
        let server = Serving::start(Closing::Never).await;
        let client = client(driver, user(0));
        for expected in 1..=3 {
            drop(client.start(put(&server.url())).await.unwrap());
            assert_eq!(server.raw.connections(), expected, "{driver:?}");
        }
    }
}

/// It is dropped after so many steps of the runtime, wherever that is.
#[tokio::test]
async fn a_dropped_exchange_leaves_no_half_authenticated_connection() {
    for driver in Driver::WITH_LANES {
        let server = Serving::start(Closing::Never).await;
        let client = client(driver, user(0));
        for steps in 0..40 {
            let mut sending = std::pin::pin!(client.send(put(&server.url())));
            for _ in 0..steps {
                tokio::select! {
                    biased;
                    _ = &mut sending => break,
                    () = tokio::task::yield_now() => {}
                }
            }
        }
        assert_eq!(answer(&client, put(&server.url())).await, served());
        let counted = server.counted();
        assert_eq!((counted.split, counted.mixed), (0, 0));
        assert!(
            counted.greetings > counted.handshakes,
            "some were dropped in between: {counted:?}"
        );
    }
}

#[tokio::test]
async fn lanes_stand_side_by_side_and_are_bounded() {
    for driver in Driver::WITH_LANES {
        let server = Serving::start(Closing::Never).await;
        let client = client(driver, user(0));
        let answers = join_all((0..40).map(|_| answer(&client, put(&server.url())))).await;
        assert!(answers.iter().all(|answer| *answer == served()));
        let opened = (server.raw.connections(), server.counted().handshakes);
        assert_eq!(opened, (LANES, LANES), "{driver:?}");
    }
}

#[tokio::test]
async fn an_identity_that_is_dropped_takes_its_connections_along() {
    for driver in Driver::WITH_LANES {
        let server = Serving::start(Closing::Never).await;
        let client = client(driver, user(1));
        for expected in 1..=2 {
            let sent = by(wanted("POST", &server.url(), "user0", ""), user(0));
            assert_eq!(answer(&client, sent).await, served());
            assert_eq!(server.raw.connections(), expected, "{driver:?}");
        }
    }
}
