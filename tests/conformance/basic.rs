//! Basic: RFC 7617.

use countersign_basic::Basic;
use countersign_core::Any;
use wiremock::matchers::{basic_auth, header};

use crate::{get, refusal, server, statuses};

#[tokio::test]
async fn credentials_come_with_the_first_request() {
    let server = server(basic_auth("bob", "pässword:1"), refusal()).await;
    let basic = || Any::new(Basic::new("bob", "pässword:1").unwrap());
    assert_eq!(statuses(&server, basic, get("/")).await, [(200, 1); 3]);
    let wrong = || Any::new(Basic::new("bob", "password").unwrap());
    assert_eq!(statuses(&server, wrong, get("/")).await, [(401, 1); 3]);
}

#[tokio::test]
async fn the_example_of_the_rfc() {
    let server = server(header("authorization", "Basic dGVzdDoxMjPCow=="), refusal()).await;
    let basic = || Any::new(Basic::new("test", "123\u{a3}").unwrap());
    assert_eq!(statuses(&server, basic, get("/")).await, [(200, 1); 3]);
}

#[tokio::test]
async fn one_that_waits_answers_its_challenge_and_no_other() {
    let reactive = || Any::new(Basic::new("bob", "secret").unwrap().reactive());
    let asked = refusal().insert_header("www-authenticate", "Newauth a=\"b\", Basic realm=\"x\"");
    let right = server(basic_auth("bob", "secret"), asked).await;
    assert_eq!(statuses(&right, reactive, get("/")).await, [(200, 2); 3]);
    let other = server(
        basic_auth("bob", "secret"),
        refusal().insert_header("www-authenticate", "Bearer"),
    )
    .await;
    assert_eq!(statuses(&other, reactive, get("/")).await, [(401, 1); 3]);
}
