#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;

use futures_util::FutureExt;

use super::{Identity, Lane, Lanes};

fn acquire<C: Send + 'static>(lanes: &Lanes<C>, identity: &Identity, blank: bool) -> Lane<C> {
    let acquired = lanes.acquire(None, identity, blank).now_or_never();
    acquired.expect("a place is free").unwrap()
}

/// Gives lanes back whose exchanges are over and whose answers were read.
fn give_back(lanes: Vec<Lane<u8>>) {
    for (client, lane) in (0..).zip(lanes) {
        lane.put(client);
        lane.connection().settle();
        lane.connection().mark_read();
    }
}

#[test]
fn a_blank_lane_leaves_the_other_idle_ones_standing() {
    let (lanes, user) = (Lanes::new(3), Identity::of("user"));
    give_back((0..3).map(|_| acquire(&lanes, &user, false)).collect());
    let blank = acquire(&lanes, &user, true);
    assert_eq!(blank.take(), None);
    let others = [(); 2].map(|()| acquire(&lanes, &user, false));
    assert!(others.iter().all(|lane| lane.take().is_some()));
    let fourth = lanes.acquire(None, &user, false).now_or_never();
    assert!(
        fourth.is_none(),
        "one was closed in the place of the blank one"
    );
}

#[test]
fn the_idle_lanes_of_an_identity_are_closed_as_it_is_dropped() {
    let (lanes, user, other) = (Lanes::new(2), Identity::of("user"), Identity::of("other"));
    let (idle, held, others) = (Arc::new(()), Arc::new(()), Arc::new(()));
    let held_lane = acquire(&lanes, &user, false);
    held_lane.put(Arc::clone(&held));
    for (identity, client) in [(&user, &idle), (&other, &others)] {
        let lane = acquire(&lanes, identity, false);
        lane.put(Arc::clone(client));
        lane.connection().settle();
        lane.connection().mark_read();
    }
    assert_eq!(Arc::strong_count(&idle), 2);
    drop(user);
    let left = [&idle, &held, &others].map(Arc::strong_count);
    assert_eq!(left, [1, 2, 2], "what is held goes on");
    held_lane.connection().settle();
    held_lane.connection().mark_read();
    drop(held_lane);
    assert_eq!(Arc::strong_count(&held), 1, "nobody could use it again");
}
