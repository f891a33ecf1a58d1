//! What a handshake costs in heap calls.
#![allow(clippy::unwrap_used)]

use countersign_core::{Connection, Cx, Exchange, Next, Payload, Scheme};
use countersign_ntlm::Ntlm;
use http::{Request, Response};

/// A challenge with target info: domain, server, time.
const CHALLENGE: &str = "NTLM TlRMTVNTUAACAAAAAAAAADgAAAAFAoAAAQIDBAUGBwgAAAAAAAAAACQAJAA4AAAACgBhSgAAAA8CAAYARABPAE0AAQAGAFMAUgBWAAcACAAAAG3GRxfaAQAAAAA=";

#[tokio::test]
async fn eight_for_the_third_message() {
    let ntlm = Ntlm::new("LAB\\user", "open sesame").unwrap();
    let (mut head, ()) = Request::post("https://a.test/")
        .body(())
        .unwrap()
        .into_parts();
    head.headers.reserve(8);
    let refused = Response::builder().status(401);
    let refused = refused.header("www-authenticate", CHALLENGE).body(());
    let (refused, ()) = refused.unwrap().into_parts();
    let mut count = 0;
    for _ in 0..2 {
        let mut exchange = ntlm.begin(Cx::new(&head, None)).await.unwrap();
        exchange.bound(&Connection::default());
        exchange
            .prepare(&mut head, &mut Payload::default())
            .unwrap();
        let answered = allocation_counter::measure(|| {
            assert_eq!(exchange.receive(&refused).unwrap(), Next::Again);
            exchange
                .prepare(&mut head, &mut Payload::default())
                .unwrap();
        });
        count = answered.count_total;
    }
    assert_eq!(count, 8);
}
