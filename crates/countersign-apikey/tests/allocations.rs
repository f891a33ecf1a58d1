//! A request costs no allocation.
#![allow(clippy::unwrap_used)]

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use countersign_apikey::ApiKey;
use countersign_core::{Cx, Exchange, Payload, Scheme};
use http::Request;

#[test]
fn signing_in_the_header_allocates_nothing() {
    let key = ApiKey::header("X-Api-Key", "s3cret").unwrap();
    let request = Request::get("https://h/").header("accept", "*/*");
    let (mut head, ()) = request.body(()).unwrap().into_parts();
    let mut body = Payload::default();
    let cost = allocation_counter::measure(|| {
        let mut begun = pin!(key.begin(Cx::new(&head, None)));
        let poll = begun.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        let Poll::Ready(Ok(mut exchange)) = poll else {
            unreachable!()
        };
        exchange.prepare(&mut head, &mut body).unwrap();
    });
    assert_eq!(head.headers["x-api-key"], "s3cret");
    assert_eq!(cost.count_total, 0);
}
