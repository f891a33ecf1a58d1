#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use futures_util::FutureExt;

use super::{Identity, Lane, Lanes};

fn acquire(lanes: &Lanes<u8>, identity: &Identity, blank: bool) -> Lane<u8> {
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
