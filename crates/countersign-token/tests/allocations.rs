//! A token that is held reaches its header without a heap call.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use countersign_token::{Held, Manager, Token};
use http::HeaderValue;

use self::support::{Client, TestClock};

fn header(token: &Token) -> countersign_core::Result<HeaderValue> {
    let bytes = [b"Bearer ", token.access.expose()].concat();
    HeaderValue::from_bytes(&bytes)
        .map_err(|_| countersign_core::Error::configuration("unfit for a header"))
}

fn send(manager: &Manager) -> HeaderValue {
    let held = manager.held().unwrap();
    held.header(header).unwrap().clone()
}

#[tokio::test]
async fn a_token_that_is_held_costs_no_heap_call() {
    let (manager, _) = Client::new(&TestClock::new()).fresh();
    manager.token().await.unwrap();
    assert_eq!(send(&manager), "Bearer A1");
    let counted = allocation_counter::measure(|| {
        assert!(send(&manager).is_sensitive());
    });
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
async fn a_header_that_cannot_be_made_is_an_error_each_time() {
    let (manager, _) = Client::new(&TestClock::new()).fresh();
    let held = manager.token().await.unwrap();
    let unfit = |held: &Held| {
        let bad = held.header(|_| Err(countersign_core::Error::configuration("bad")));
        bad.is_err()
    };
    assert!(unfit(&held) && unfit(&held));
    assert_eq!(held.header(header).unwrap(), "Bearer A1");
}
