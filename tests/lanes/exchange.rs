//! One exchange and its connection.

use bytes::Bytes;
use countersign_core::{Any, AnyOf, ErrorKind, Failure, Settings};
use countersign_reqwest::{AuthMiddleware, ReqwestLanes, auth_error};
use countersign_testkit::Handshake;
use countersign_tower::AuthLayer;
use http::{Request, StatusCode};
use http_body_util::Full;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use reqwest_middleware::ClientBuilder;
use tower::{Layer, ServiceExt};

use crate::{LANES, builder, by_reqwest, by_tower, send_by_reqwest, send_by_tower, server};

#[tokio::test]
async fn a_connection_is_authenticated_once() {
    let (handshakes, raw) = server(0).await;
    let scheme = Any::new(Handshake::new("user"));
    let (client, other) = (
        by_reqwest(LANES, scheme.clone()),
        by_tower(LANES, scheme.clone()),
    );
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
    let client = by_reqwest(LANES, scheme);
    for expected in 1..=3 {
        let request = client.get(raw.url("/")).header("x-wanted", "user");
        drop(request.send().await.unwrap());
        assert_eq!(raw.connections(), expected);
    }
}

#[tokio::test]
async fn a_dropped_exchange_leaves_no_half_authenticated_connection() {
    let (handshakes, raw) = server(0).await;
    let client = by_reqwest(LANES, Any::new(Handshake::new("user")));
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

#[tokio::test]
async fn lanes_stand_side_by_side_and_are_bounded() {
    let (handshakes, raw) = server(0).await;
    let scheme = Any::new(Handshake::new("user"));
    let client = by_reqwest(LANES, scheme.clone());
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
        by_reqwest(LANES, Any::new(choice.clone())),
        by_tower(LANES, Any::new(choice.clone())),
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
    let client = by_reqwest(LANES, Any::new(Handshake::new("nobody")));
    for expected in 1..=2 {
        let scheme = Any::new(Handshake::new("user"));
        send_by_reqwest(client.clone(), raw.url("/"), "user".into(), scheme)
            .await
            .unwrap();
        assert_eq!(raw.connections(), expected);
    }
}
