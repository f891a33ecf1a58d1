//! A token that is held reaches its header without a heap call.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use countersign_core::placement::{Placed, Placement};
use countersign_core::{Error, Payload, Result};
use countersign_token::{Held, Manager, Token};
use http::{Request, request};

use self::support::{Client, TestClock};

fn place(token: &Token) -> Result<Placed> {
    Placement::Header("Bearer".into()).place(token.access.clone())
}

fn send(manager: &Manager, request: &mut request::Parts) {
    let held = manager.held().unwrap();
    let placed = held.placed(place).unwrap();
    placed
        .put(request, &mut Payload::default(), "test")
        .unwrap();
}

#[tokio::test]
async fn a_token_that_is_held_reaches_the_header_without_a_heap_call() {
    let (manager, _) = Client::new(&TestClock::new()).fresh();
    manager.token().await.unwrap();
    let (mut request, ()) = Request::new(()).into_parts();
    send(&manager, &mut request);
    let counted = allocation_counter::measure(|| send(&manager, &mut request));
    assert_eq!(request.headers["authorization"], "Bearer A1");
    assert_eq!(counted.count_total, 0);
}

#[tokio::test]
async fn awaiting_it_costs_none_either() {
    let (manager, _) = Client::new(&TestClock::new()).fresh();
    manager.token().await.unwrap();
    let counted = allocation_counter::measure(|| {
        let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
        let mut token = std::pin::pin!(manager.token());
        assert!(token.as_mut().poll(&mut cx).is_ready());
    });
    assert_eq!(counted.count_total, 0);
}

#[tokio::test]
async fn what_cannot_be_placed_is_an_error_each_time() {
    let (manager, _) = Client::new(&TestClock::new()).fresh();
    let held = manager.token().await.unwrap();
    let unfit = |held: &Held| held.placed(|_| Err(Error::configuration("bad"))).is_err();
    assert!(unfit(&held) && unfit(&held));
    assert_eq!(held.placed(place).unwrap().token(), &held.token().access);
}
