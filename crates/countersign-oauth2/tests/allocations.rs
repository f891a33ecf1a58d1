//! A token that is held reaches the request at no cost.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use countersign_core::{Cx, Exchange, Payload, Scheme};
use countersign_oauth2::OAuth2;
use http::request;
use support::{Server, client};

fn head() -> request::Parts {
    let request = http::Request::get("https://api.example/").header("accept", "*/*");
    request.body(()).unwrap().into_parts().0
}

fn sign(scheme: &OAuth2, head: &mut request::Parts) {
    let mut begun = pin!(scheme.begin(Cx::new(head, None)));
    let poll = begun.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    let Poll::Ready(Ok(mut exchange)) = poll else {
        panic!("no token is held")
    };
    exchange.prepare(head, &mut Payload::default()).unwrap();
}

#[tokio::test]
async fn a_held_token_reaches_the_header_without_an_allocation() {
    let scheme = client()
        .build(Server::json(
            200,
            r#"{"access_token":"t","expires_in":3600}"#,
        ))
        .unwrap();
    scheme.manager().unwrap().token().await.unwrap();
    sign(&scheme, &mut head());
    let mut head = head();
    let cost = allocation_counter::measure(|| sign(&scheme, &mut head));
    assert_eq!(head.headers["authorization"], "Bearer t");
    assert_eq!(cost.count_total, 0);
}

#[test]
fn neither_does_a_token_from_elsewhere() {
    let scheme = OAuth2::access_token(
        "t",
        &countersign_core::placement::Placement::Header("Bearer".into()),
    )
    .unwrap();
    let mut head = head();
    let cost = allocation_counter::measure(|| sign(&scheme, &mut head));
    assert_eq!(cost.count_total, 0);
}
