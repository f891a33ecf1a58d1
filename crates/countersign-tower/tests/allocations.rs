//! What the client layer adds to a request that is sent with a header made beforehand: no heap allocation.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::task::{Context, Poll};

use bytes::Bytes;
use countersign_apikey::ApiKey;
use countersign_basic::Basic;
use countersign_bearer::Bearer;
use countersign_core::Scheme;
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

/// The first call fills what is filled once (the log's call sites, say).
fn of<S: Scheme>(scheme: S) -> u64 {
    let mut authenticated = AuthLayer::new(scheme).layer(Sink);
    allocations(&mut authenticated, None);
    allocations(&mut authenticated, None)
}

#[test]
fn nothing_is_added_to_a_header_made_beforehand() {
    let value = HeaderValue::from_static("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    let by_hand = allocations(&mut Sink, Some(value));
    assert_eq!(of(Basic::new("Aladdin", "open sesame").unwrap()), by_hand);
    assert_eq!(of(Bearer::new("abcdef").unwrap()), by_hand);
    assert_eq!(
        of(ApiKey::header("authorization", "abcdef").unwrap()),
        by_hand
    );
}
