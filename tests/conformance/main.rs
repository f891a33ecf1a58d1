//! Each scheme through each driver against wiremock, whose matchers know nothing of this project.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod apikey;
mod basic;
mod bearer;
mod digest;

use bytes::Bytes;
use conformance::{Driver, Setup};
use countersign_core::Any;
use http::Request;
use wiremock::matchers::any;
use wiremock::{Match, Mock, MockServer, ResponseTemplate};

/// A server that answers 200 to what `right` matches, and `refusal` to everything else.
async fn server(right: impl Match + 'static, refusal: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    let accept = Mock::given(right).respond_with(ResponseTemplate::new(200));
    accept.with_priority(1).mount(&server).await;
    Mock::given(any())
        .respond_with(refusal)
        .with_priority(2)
        .mount(&server)
        .await;
    server
}

fn refusal() -> ResponseTemplate {
    ResponseTemplate::new(401)
}

/// The status that each driver gets for a request, and how many requests that took.
async fn statuses(
    server: &MockServer,
    scheme: impl Fn() -> Any,
    request: impl Fn(String) -> Request<Bytes>,
) -> [(u16, usize); 3] {
    let mut found = [(0, 0); 3];
    for (driver, found) in Driver::ALL.into_iter().zip(&mut found) {
        let before = server.received_requests().await.unwrap().len();
        let client = driver.client(scheme(), &Setup::default());
        let answer = client.send(request(server.uri())).await.unwrap();
        let after = server.received_requests().await.unwrap().len();
        *found = (answer.status().as_u16(), after - before);
    }
    found
}

fn get(path: &'static str) -> impl Fn(String) -> Request<Bytes> {
    move |uri| {
        Request::get(format!("{uri}{path}"))
            .body(Bytes::new())
            .unwrap()
    }
}
