//! Refused answers are read away, within 64 KiB and one second.

use std::time::{Duration, Instant};

use conformance::Driver;
use countersign_core::{Leg, Next};
use countersign_testkit::{Answer, Shape, Then};

use crate::{client, get, refusal, refusing, settings};

/// What the buffers of two sockets may take besides.
const BUFFERS: usize = 16 << 20;

async fn refused_by(driver: Driver, refusal: Answer) -> (Duration, usize, usize) {
    let server = refusing(refusal).await;
    let client = client(driver, Shape::once(Leg::Tentative, Next::Again), settings());
    let start = Instant::now();
    assert_eq!(
        client.send(get(&server.url("/"))).await.unwrap().status(),
        200,
        "{driver:?}"
    );
    let took = start.elapsed();
    assert_eq!(server.seen().len(), 2, "{driver:?}");
    tokio::time::sleep(Duration::from_millis(50)).await;
    let before = server.written();
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(server.written(), before, "{driver:?}: it still reads");
    (took, server.written(), server.connections())
}

#[tokio::test]
async fn a_short_answer_is_read_away_and_its_connection_used_again() {
    for driver in Driver::ALL {
        let (took, _, connections) = refused_by(driver, refusal().body(vec![b'x'; 60_000])).await;
        assert_eq!(connections, 1, "{driver:?}");
        assert!(took < Duration::from_secs(1), "{driver:?}: {took:?}");
    }
}

#[tokio::test]
async fn a_flood_is_cut_off() {
    for driver in Driver::ALL {
        let (took, written, connections) = refused_by(driver, refusal().then(Then::Flood)).await;
        assert!(written < BUFFERS, "{driver:?}: {written} bytes");
        assert!(took < Duration::from_secs(1), "{driver:?}: {took:?}");
        assert_eq!(connections, 2, "{driver:?}");
    }
}

#[tokio::test]
async fn a_drip_costs_a_second() {
    for driver in Driver::ALL {
        let (took, written, _) = refused_by(driver, refusal().then(Then::Drip)).await;
        assert!(took < Duration::from_millis(1500), "{driver:?}: {took:?}");
        assert!(
            took > Duration::from_millis(900) && written > 10,
            "{driver:?}: {took:?}, {written} bytes"
        );
    }
}

#[tokio::test]
async fn an_answer_that_never_ends_costs_a_second() {
    for driver in Driver::ALL {
        let cut = Answer::raw("HTTP/1.1 401 x\r\ncontent-length: 5\r\n\r\nab").then(Then::Hang);
        let (took, _, _) = refused_by(driver, cut).await;
        assert!(took < Duration::from_millis(1500), "{driver:?}: {took:?}");
    }
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_read_away() {
    for driver in Driver::ALL {
        let cut = Answer::raw("HTTP/1.1 401 x\r\ncontent-length: 5\r\n\r\nab");
        let (took, _, connections) = refused_by(driver, cut).await;
        assert!(took < Duration::from_millis(500), "{driver:?}: {took:?}");
        assert_eq!(connections, 2, "{driver:?}");
    }
}
