//! A caller may give up at any point: nothing hangs, and the next call works.

use std::future::Future;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use conformance::{App, Driver, cases};
use countersign_testkit::{Canary, Keys};

use crate::{client, settings};

/// The most turns that one call is given.
const MAX_TURNS: usize = 200;

/// Polls `future` at most `turns` times, then drops it; whether it came to its end.
async fn give_up_after(turns: usize, future: impl Future) -> bool {
    let (mut future, mut taken) = (pin!(future), 0);
    std::future::poll_fn(|cx| {
        if taken == turns {
            return Poll::Ready(false);
        }
        taken += 1;
        match future.as_mut().poll(cx) {
            Poll::Ready(_) => Poll::Ready(true),
            Poll::Pending if taken == turns => Poll::Ready(false),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

#[tokio::test]
async fn a_call_dropped_at_any_turn_leaves_the_client_usable() {
    for case in cases::all() {
        for driver in Driver::ALL {
            let keys = Keys::new(Canary::token().as_str());
            let app = App::start((case.server)(&keys)).await;
            for turns in 0..MAX_TURNS {
                // A client of its own, so that each call begins cold.
                let client = client(driver, (case.client)(&keys), settings());
                let ended = give_up_after(turns, client.send(case.request(&app.url("/")))).await;
                let next = client.send(case.request(&app.url("/")));
                let answer = tokio::time::timeout(Duration::from_secs(5), next).await;
                let answer = answer
                    .unwrap_or_else(|_| panic!("{} by {driver:?} hangs after {turns}", case.name));
                assert_eq!(
                    answer.unwrap().status(),
                    200,
                    "{} by {driver:?} after {turns}",
                    case.name
                );
                if ended {
                    break;
                }
                assert!(
                    turns + 1 < MAX_TURNS,
                    "{} by {driver:?} never ends",
                    case.name
                );
            }
        }
    }
}
