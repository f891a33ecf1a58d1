//! What the client layer adds to a request that is sent with a header made beforehand: no heap allocation.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::task::{Context, Poll};

use bytes::Bytes;
use countersign_basic::Basic;
use countersign_tower::AuthLayer;
use http::{HeaderValue, Request, Response};
use http_body_util::Full;
use tower::{Layer, Service};

#[derive(Clone)]
struct Sink;

impl<B> Service<Request<B>> for Sink {
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        assert!(request.headers().contains_key("authorization"));
        ready(Ok(Response::new(Full::default())))
    }
}

fn allocations<S>(service: &mut S, with_header: Option<HeaderValue>) -> u64
where
    S: Service<Request<Full<Bytes>>>,
{
    let mut request = Request::get("https://a.test/path?query")
        .body(Full::default())
        .unwrap();
    let mut cx = Context::from_waker(std::task::Waker::noop());
    let counted = allocation_counter::measure(|| {
        if let Some(value) = with_header {
            request.headers_mut().insert("authorization", value);
        }
        let mut future = std::pin::pin!(service.call(request));
        assert!(future.as_mut().poll(&mut cx).is_ready());
    });
    counted.count_total
}

#[test]
fn basic_adds_no_allocation_to_a_header_made_beforehand() {
    let mut authenticated =
        AuthLayer::new(Basic::new("Aladdin", "open sesame").unwrap()).layer(Sink);
    let value = HeaderValue::from_static("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    let by_hand = allocations(&mut Sink, Some(value));
    // The first call fills what is filled once (the clock of the log, say).
    allocations(&mut authenticated, None);
    assert_eq!(allocations(&mut authenticated, None), by_hand);
}
