//! A request costs no allocation.
#![allow(clippy::unwrap_used)]

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use countersign_bearer::Bearer;
use countersign_core::{Cx, Exchange, Payload, Scheme};
use http::Request;

#[test]
fn signing_in_the_header_allocates_nothing() {
    let bearer = Bearer::new("mF_9.B5f-4.1JqM").unwrap();
    let request = Request::get("https://h/").header("accept", "*/*");
    let (mut head, ()) = request.body(()).unwrap().into_parts();
    let mut body = Payload::default();
    let cost = allocation_counter::measure(|| {
        let mut begun = pin!(bearer.begin(Cx::new(&head, None)));
        let poll = begun.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        let Poll::Ready(Ok(mut exchange)) = poll else {
            unreachable!()
        };
        exchange.prepare(&mut head, &mut body).unwrap();
    });
    assert_eq!(head.headers["authorization"], "Bearer mF_9.B5f-4.1JqM");
    assert_eq!(cost.count_total, 0);
}
