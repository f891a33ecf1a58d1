//! A request costs no allocation.
#![allow(clippy::unwrap_used)]

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use countersign_basic::Basic;
use countersign_core::{Cx, Exchange, Payload, Scheme};
use http::Request;

#[test]
fn signing_allocates_nothing() {
    allocates_nothing(&Basic::new("Aladdin", "open sesame").unwrap());
    allocates_nothing(&Basic::latin1("Aladdin", "open sesame").unwrap());
}

fn allocates_nothing(basic: &Basic) {
    let request = Request::get("https://h/").header("accept", "*/*");
    let (mut head, ()) = request.body(()).unwrap().into_parts();
    let mut body = Payload::default();
    let cost = allocation_counter::measure(|| {
        let mut begun = pin!(basic.begin(Cx::new(&head, None)));
        let poll = begun.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        let Poll::Ready(Ok(mut exchange)) = poll else {
            unreachable!()
        };
        exchange.prepare(&mut head, &mut body).unwrap();
    });
    assert_eq!(
        head.headers["authorization"],
        "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
    );
    assert_eq!(cost.count_total, 0);
}
