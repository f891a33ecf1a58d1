//! Inheritance without a collection, through a driver.

use countersign::basic::Basic;
use countersign::tower::AuthLayer;
use countersign::{Auth, bearer::Bearer};
use countersign_postman::{Choice, Group};
use http::{Request, Response};
use tower::{Layer, ServiceExt, service_fn};

use crate::support::block_on;

/// The `Authorization` of a request in `group` that says `own`, sent by a client with Basic.
fn sent(group: &Group, own: Choice) -> Option<String> {
    let echo = service_fn(|request: Request<_>| async move {
        let header = request.headers().get("authorization").cloned();
        let mut response = Response::new(countersign::AuthBody::new(http_body_util::Empty::<
            bytes::Bytes,
        >::new()));
        drop::<Request<countersign::AuthBody<http_body_util::Empty<bytes::Bytes>>>>(request);
        response.extensions_mut().insert(header);
        Ok::<_, std::convert::Infallible>(response)
    });
    let client = AuthLayer::new(Basic::new("u", "p").unwrap()).layer(echo);
    let mut request = Request::get("https://h.test/")
        .body(http_body_util::Empty::new())
        .unwrap();
    group.apply(&own, request.extensions_mut());
    let response = block_on(client.oneshot(request)).unwrap();
    let header = response
        .extensions()
        .get::<Option<http::HeaderValue>>()
        .unwrap();
    header
        .as_ref()
        .map(|value| value.to_str().unwrap().to_owned())
}

fn bearer(token: &str) -> Choice {
    Choice::from(Auth::from(Bearer::new(token).unwrap()))
}

#[test]
fn the_nearest_that_speaks_counts() {
    let api = Group::default();
    let admin = api.group(bearer("admin"));
    let within = admin.group(Choice::Inherit);
    let public = within.group(Choice::NoAuth);
    assert_eq!(sent(&api, Choice::Inherit).unwrap(), "Basic dTpw");
    assert_eq!(sent(&within, Choice::Inherit).unwrap(), "Bearer admin");
    assert_eq!(sent(&within, bearer("own")).unwrap(), "Bearer own");
    assert_eq!(sent(&within, Choice::NoAuth), None);
    assert_eq!(sent(&public, Choice::Inherit), None);
    assert_eq!(sent(&public, bearer("own")).unwrap(), "Bearer own");
}
