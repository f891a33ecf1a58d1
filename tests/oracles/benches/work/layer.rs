//! The client layer over a service that does nothing: the limit is that service, with a header made beforehand.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use countersign_basic::Basic;
use countersign_bearer::Bearer;
use countersign_tower::AuthLayer;
use http::{HeaderValue, Request, Response, Uri};
use http_body_util::Full;
use tower::{Layer, Service};
use tower_http::auth::AddAuthorizationLayer;

use super::Work;

pub(crate) fn works() -> [Work; 2] {
    let basic = Basic::new("Aladdin", "open sesame").unwrap();
    let bearer = Bearer::new("mF_9.B5f-4.1JqM").unwrap();
    [
        work("Basic, tower layer")
            .with("countersign", calls(AuthLayer::new(basic).layer(Sink)))
            .with(
                "tower-http",
                calls(AddAuthorizationLayer::basic("Aladdin", "open sesame").layer(Sink)),
            ),
        work("Bearer, tower layer")
            .with("countersign", calls(AuthLayer::new(bearer).layer(Sink)))
            .with(
                "tower-http",
                calls(AddAuthorizationLayer::bearer("mF_9.B5f-4.1JqM").layer(Sink)),
            ),
    ]
}

/// A client that answers at once.
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
        black_box(request);
        ready(Ok(Response::new(Full::default())))
    }
}

fn work(name: &'static str) -> Work {
    let value = HeaderValue::try_from("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==".to_owned()).unwrap();
    let value = value.clone();
    Work::new(name, move || {
        let mut request = request();
        request.headers_mut().insert("authorization", value.clone());
        call(&mut Sink, request);
    })
}

fn calls<S: Service<Request<Full<Bytes>>> + 'static>(mut service: S) -> impl FnMut() {
    move || call(&mut service, request())
}

fn call<S: Service<Request<Full<Bytes>>>>(service: &mut S, request: Request<Full<Bytes>>) {
    let future = pin!(service.call(request));
    let polled = future.poll(&mut Context::from_waker(Waker::noop()));
    assert!(black_box(polled).is_ready());
}

/// Made without an allocation.
fn request() -> Request<Full<Bytes>> {
    let mut request = Request::new(Full::default());
    *request.uri_mut() = Uri::from_static("https://www.example.org/");
    request
}
