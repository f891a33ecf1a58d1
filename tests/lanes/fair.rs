//! Who asks for a lane first gets it first, whoever gives up or comes late.

use std::time::Duration;

use conformance::serving::{Serving, user, wanted};
use conformance::{Client, Driver};
use countersign_core::lanes::{Lane, Lanes};
use countersign_core::{Begin, Identity};
use futures_util::future::join_all;
use futures_util::{FutureExt, poll};

use crate::{SERVED, answer, with_lanes};

const WAITING: usize = 20;
/// Those of them that give up before it is their turn: alone, beside each other, the first and the last.
const GIVEN_UP: [usize; 5] = [0, 7, 11, 12, WAITING - 1];

/// A pool of one lane, and who waits for it.
struct Queue {
    lanes: Lanes<()>,
    identity: Identity,
}

impl Queue {
    fn ask(&self) -> Begin<Lane<()>> {
        self.lanes.acquire(None, &self.identity, false)
    }

    fn ask_and_wait(&self) -> Begin<Lane<()>> {
        let mut asked = self.ask();
        assert!((&mut asked).now_or_never().is_none(), "it overtakes");
        asked
    }
}

fn queue() -> Queue {
    Queue {
        lanes: Lanes::new(1),
        identity: Identity::of("user"),
    }
}

/// Which of them have a lane now; they are taken out.
fn served(waiting: &mut [Option<Begin<Lane<()>>>]) -> Vec<(usize, Lane<()>)> {
    let mut served = Vec::new();
    for (place, waiter) in waiting.iter_mut().enumerate() {
        let ready = waiter.as_mut().and_then(|waiter| waiter.now_or_never());
        if let Some(lane) = ready {
            *waiter = None;
            served.push((place, lane.unwrap()));
        }
    }
    served
}

#[test]
fn who_waits_is_served_in_the_order_of_asking() {
    let queue = queue();
    let mut held = queue.ask().now_or_never().unwrap().unwrap();
    let mut waiting: Vec<_> = (0..WAITING).map(|_| Some(queue.ask_and_wait())).collect();
    for turn in 0..WAITING {
        drop(held);
        // Between the release and the first look of whom it was for, somebody else asks.
        waiting.push(Some(queue.ask_and_wait()));
        let mut served = served(&mut waiting);
        assert_eq!(served.len(), 1, "one lane is one lane");
        let (place, lane) = served.remove(0);
        assert_eq!(place, turn);
        held = lane;
    }
}

#[test]
fn who_gives_up_is_passed_over_and_harms_nobody() {
    let queue = queue();
    let mut held = Some(queue.ask().now_or_never().unwrap().unwrap());
    let mut waiting: Vec<_> = (0..WAITING).map(|_| Some(queue.ask_and_wait())).collect();
    for place in GIVEN_UP {
        waiting[place] = None;
    }
    let mut order = Vec::new();
    while let Some(lane) = held.take() {
        drop(lane);
        held = served(&mut waiting).pop().map(|(place, lane)| {
            order.push(place);
            lane
        });
    }
    let stayed = (0..WAITING).filter(|place| !GIVEN_UP.contains(place));
    assert_eq!(order, stayed.collect::<Vec<_>>());
    assert!(queue.ask().now_or_never().is_some(), "the place is free");
}

#[test]
fn who_gives_up_after_its_turn_has_come_passes_it_on() {
    let queue = queue();
    let held = queue.ask().now_or_never().unwrap().unwrap();
    let (first, second) = (queue.ask_and_wait(), queue.ask_and_wait());
    drop(held);
    drop(first);
    let late = queue.ask_and_wait();
    let lane = second.now_or_never().unwrap().unwrap();
    drop(lane);
    assert!(late.now_or_never().is_some());
}

#[test]
fn nobody_waits_for_another_identity_or_origin() {
    let lanes = Lanes::<()>::new(1);
    let identities = ["one", "two"].map(Identity::of);
    let origins = ["http://a.test", "http://b.test"].map(|origin| Some(origin.parse().unwrap()));
    let mut held = Vec::new();
    for identity in &identities {
        for origin in &origins {
            let ask = || {
                lanes
                    .acquire(origin.clone(), identity, false)
                    .now_or_never()
            };
            held.push(ask().expect("a lane of its own").unwrap());
            assert!(ask().is_none(), "and no more than one");
        }
    }
    assert_eq!(held.len(), 4);
}

/// What each request, named by its target, was answered, and in which order they were served.
async fn in_turn(client: &Client, server: &Serving) {
    let send = |path: String| async move {
        let url = server.raw.url(&path);
        answer(client, wanted("POST", &url, "user0", "")).await
    };
    let mut asked: Vec<_> = (0..WAITING)
        .map(|place| Some(Box::pin(send(format!("/{place}")))))
        .collect();
    for asked in asked.iter_mut().flatten() {
        assert!(poll!(asked).is_pending());
    }
    // The first one holds the lane by now.
    for place in &GIVEN_UP[1..] {
        asked[*place] = None;
    }
    let late = async {
        tokio::time::sleep(Duration::from_millis(1)).await;
        send("/late".to_owned()).await
    };
    let (answers, last) = tokio::join!(join_all(asked.into_iter().flatten()), late);
    assert!(
        answers
            .into_iter()
            .chain([last])
            .all(|answer| (answer.0, &*answer.1) == SERVED)
    );
    let stayed = (0..WAITING).filter(|place| !GIVEN_UP[1..].contains(place));
    let stayed = stayed.map(|place| format!("/{place}"));
    let expected: Vec<_> = stayed.chain(["/late".to_owned()]).collect();
    assert_eq!(order(server), expected);
}

/// The targets of the requests in the order of their last legs.
fn order(server: &Serving) -> Vec<String> {
    let seen = server.raw.seen().into_iter();
    let mut targets: Vec<_> = seen.map(|seen| seen.request.target).collect();
    targets.dedup();
    targets
}

/// The server takes its time, so that all have asked before the first is served.
#[tokio::test]
async fn over_one_lane_requests_are_served_in_turn() {
    for driver in Driver::WITH_LANES {
        let server = Serving::slow(Duration::from_millis(3)).await;
        in_turn(&with_lanes(driver, 1, user(0)), &server).await;
    }
}
