//! Inheritance without a collection, through both drivers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(all(
    feature = "basic",
    feature = "bearer",
    feature = "reqwest",
    feature = "tower"
))]

countersign_testkit::watched!();

use axum::body::Body;
use countersign::basic::Basic;
use countersign::bearer::Bearer;
use countersign::tower::AuthLayer;
use countersign::{Auth, AuthBody, Choice, Group};
use countersign_testkit::{Answer, RawServer};
use http::{Extensions, Request, Response};
use tower::{Layer, ServiceExt, service_fn};

/// The `Authorization` of a request with these extensions, sent over tower by a client with Basic.
async fn over_tower(extensions: &Extensions) -> Option<String> {
    let (sender, receiver) = std::sync::mpsc::channel();
    let service = service_fn(move |request: Request<AuthBody<Body>>| {
        let value = request.headers().get("authorization").cloned();
        sender.send(value).unwrap();
        std::future::ready(Ok::<_, std::convert::Infallible>(Response::new(
            Body::empty(),
        )))
    });
    let client = AuthLayer::new(Basic::new("u", "p").unwrap()).layer(service);
    let mut request = Request::get("https://h.test/").body(Body::empty()).unwrap();
    *request.extensions_mut() = extensions.clone();
    client.oneshot(request).await.unwrap();
    let value = receiver.recv().unwrap()?;
    Some(value.to_str().unwrap().to_owned())
}

/// The same over reqwest.
async fn over_reqwest(extensions: &Extensions) -> Option<String> {
    let server = RawServer::start(|_| Answer::new(200)).await;
    let basic = Basic::new("u", "p").unwrap();
    let client = countersign::reqwest::client(reqwest::Client::builder(), basic).unwrap();
    let mut request = client.get(server.url("/"));
    *request.extensions() = extensions.clone();
    request.send().await.unwrap();
    let sent = &server.seen()[0].request;
    sent.header("authorization").map(str::to_owned)
}

/// What is sent of a request in `group` that says `own`.
async fn sent(group: &Group, own: Choice) -> Option<String> {
    let mut extensions = Extensions::new();
    group.apply(&own, &mut extensions);
    let sent = over_tower(&extensions).await;
    assert_eq!(over_reqwest(&extensions).await, sent);
    sent
}

fn bearer(token: &str) -> Choice {
    Choice::from(Auth::from(Bearer::new(token).unwrap()))
}

#[tokio::test]
async fn the_nearest_that_speaks_counts() {
    let api = Group::default();
    let admin = api.group(bearer("admin"));
    let within = admin.group(Choice::Inherit);
    let public = within.group(Choice::NoAuth);
    let table = [
        (&api, Choice::Inherit, Some("Basic dTpw")),
        (&within, Choice::Inherit, Some("Bearer admin")),
        (&within, bearer("own"), Some("Bearer own")),
        (&within, Choice::NoAuth, None),
        (&public, Choice::Inherit, None),
        (&public, bearer("own"), Some("Bearer own")),
    ];
    for (group, own, expected) in table {
        assert_eq!(sent(group, own).await.as_deref(), expected);
    }
}

#[tokio::test]
async fn what_was_said_nearer_to_the_request_stays() {
    let (inner, outer) = (Group::new(bearer("inner")), Group::new(bearer("outer")));
    let mut extensions = Extensions::new();
    inner.apply(&Choice::Inherit, &mut extensions);
    outer.apply(&Choice::Inherit, &mut extensions);
    let sent = over_tower(&extensions).await;
    assert_eq!(sent.as_deref(), Some("Bearer inner"));
}
