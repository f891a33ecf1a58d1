//! A scheme that looks at an answer's body and leaves a word in its extensions.
#![allow(clippy::unwrap_used, clippy::panic)]

countersign_testkit::watched!();

use axum::body::Body;
use bytes::Bytes;
use countersign_core::{
    Any, AnyOf, Begin, Cx, Exchange, Next, Once, Payload, Result, Scheme, Settings,
};
use countersign_tower::{AuthBody, AuthLayer};
use http::{Request, Response, request, response};
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};
use tower::{Layer, ServiceExt, service_fn};

#[derive(Clone)]
struct Looking;

#[derive(Default)]
struct Look(Option<Found>);

/// What was seen.
#[derive(Clone, Debug, PartialEq)]
struct Found(Vec<u8>);

impl Scheme for Looking {
    type Exchange = Look;

    fn begin(&self, _: Cx<'_>) -> Begin<Look> {
        Begin::ready(Look::default())
    }
}

impl Exchange for Look {
    fn name(&self) -> &'static str {
        "look"
    }

    fn prepare(&mut self, _: &mut request::Parts, _: &mut Payload) -> Result<()> {
        Ok(())
    }

    fn receive(&mut self, _: &response::Parts) -> Result<Next> {
        Ok(Next::Look)
    }

    fn receive_body(&mut self, body: &[u8]) -> Result<()> {
        self.0 = Some(Found(body.to_vec()));
        Ok(())
    }

    fn conclude(&mut self, response: &mut response::Parts) {
        let found = self.0.take().unwrap_or(Found(Vec::new()));
        response.extensions.insert(found);
    }
}

/// What was found, and what the caller reads.
async fn asked(scheme: impl Scheme, limit: usize) -> (Option<Found>, Bytes) {
    let server = service_fn(|_: Request<AuthBody<Body>>| async {
        let pieces = ["hello ", "there"]
            .map(|piece| Ok::<_, std::io::Error>(Frame::data(Bytes::from(piece))));
        Ok::<_, std::io::Error>(Response::new(Body::new(StreamBody::new(
            tokio_stream::iter(pieces),
        ))))
    });
    let layer = AuthLayer::new(scheme).settings(Settings::default().max_body(limit));
    let request = Request::get("https://h/").body(Body::empty()).unwrap();
    let response = layer.layer(server).oneshot(request).await.unwrap();
    let found = response.extensions().get().cloned();
    (
        found,
        response.into_body().collect().await.unwrap().to_bytes(),
    )
}

#[tokio::test]
async fn the_answer_is_the_caller_s_as_it_came() {
    let whole = (
        Some(Found(b"hello there".to_vec())),
        Bytes::from("hello there"),
    );
    assert_eq!(asked(Looking, 100).await, whole);
    assert_eq!(asked(Any::new(Looking), 100).await, whole);
    assert_eq!(asked(Once(Looking), 100).await, whole);
}

#[tokio::test]
async fn one_that_is_over_the_limit_is_not_looked_at() {
    let expected = (Some(Found(Vec::new())), Bytes::from("hello there"));
    assert_eq!(asked(Looking, 5).await, expected);
}

#[tokio::test]
async fn a_choice_that_has_not_chosen_leaves_nothing() {
    let choice = AnyOf::new([Any::new(Looking)]);
    assert_eq!(asked(choice, 100).await, (None, Bytes::from("hello there")));
}
