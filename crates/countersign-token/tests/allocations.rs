//! A token that is held costs no heap call.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use self::support::{Client, TestClock};

#[tokio::test]
async fn a_token_that_is_held_is_had_without_a_heap_call() {
    let (manager, _) = Client::new(&TestClock::new()).fresh();
    manager.token().await.unwrap();
    let mut held = None;
    let counted = allocation_counter::measure(|| held = manager.held());
    assert_eq!(held.unwrap().token().access.expose(), b"A1");
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
