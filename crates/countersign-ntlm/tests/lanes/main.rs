//! Client and verifier on real connections, through both drivers.
#![allow(
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic
)]

countersign_testkit::watched!();

mod faults;
mod load;
mod net;
mod serving;
mod tls;

use countersign_core::{Any, AnyOf, Once};
use countersign_ntlm::Ntlm;
use http::{Method, StatusCode};
use net::{Driver, Sent};
use serving::Serving;

const PASSWORD: &str = "sesame";

fn user(index: usize) -> Any {
    Any::new(Ntlm::new(format!("user{index}"), PASSWORD).unwrap())
}

fn get(user: &str) -> Sent {
    Sent::new(Method::GET, user, "")
}

fn put(user: &str) -> Sent {
    Sent::new(Method::PUT, user, "the body")
}

#[tokio::test]
async fn three_legs_for_a_connection_and_one_for_each_request_on_it() {
    for driver in Driver::BOTH {
        let server = Serving::start(0).await;
        let client = driver.client(user(0), serving::certificates());
        for legs in [3, 4, 5] {
            let answer = client.send(&server.url(), get("user0")).await.unwrap();
            assert_eq!(answer, (StatusCode::OK, "user0".into()));
            assert_eq!(server.raw.seen().len(), legs, "{driver:?}");
        }
        assert_eq!(server.raw.connections(), 2, "one to ask, one to hold");
    }
}

#[tokio::test]
async fn a_body_crosses_the_wire_once() {
    for driver in Driver::BOTH {
        let server = Serving::start(0).await;
        let client = driver.client(user(0), serving::certificates());
        for _ in 0..3 {
            for sent in [put("user0"), put("user0").streamed()] {
                let answer = client.send(&server.url(), sent).await.unwrap();
                assert_eq!(answer, (StatusCode::OK, "user0".into()));
            }
        }
        let seen = server.raw.seen();
        let bodies = seen.iter().filter(|seen| !seen.request.body.is_empty());
        assert_eq!(bodies.count(), 6, "{driver:?}");
        let greeting = &seen[0].request;
        assert_eq!(
            (&*greeting.method, greeting.header("content-length")),
            ("PUT", Some("0"))
        );
    }
}

#[tokio::test]
async fn a_wrong_password_is_the_callers_401() {
    for driver in Driver::BOTH {
        let server = Serving::start(0).await;
        let wrong = Any::new(Ntlm::new("user0", "wrong").unwrap());
        let client = driver.client(wrong, serving::certificates());
        let (status, _) = client.send(&server.url(), put("user0")).await.unwrap();
        assert_eq!(
            (status, server.raw.seen().len()),
            (StatusCode::UNAUTHORIZED, 2)
        );
    }
}

#[tokio::test]
async fn a_server_that_wants_nothing_has_each_effect_once() {
    for driver in Driver::BOTH {
        let server = Serving::open().await;
        let client = driver.client(user(0), serving::certificates());
        for (method, legs) in [(Method::GET, 1), (Method::DELETE, 2)] {
            let sent = Sent::new(method, "user0", "");
            let (status, _) = client.send(&server.url(), sent).await.unwrap();
            assert_eq!((status, server.raw.seen().len()), (StatusCode::OK, legs));
        }
        let (status, _) = client.send(&server.url(), put("user0")).await.unwrap();
        let seen = server.raw.seen();
        assert_eq!((status, seen.len()), (StatusCode::OK, 4), "{driver:?}");
        assert_eq!(
            (&*seen[2].request.body, &*seen[3].request.body),
            (&b""[..], &b"the body"[..])
        );
        assert!(seen[3].request.header("authorization").is_none());
    }
}

#[tokio::test]
async fn users_of_one_client_never_share_a_connection() {
    for driver in Driver::BOTH {
        let server = Serving::start(0).await;
        let client = driver.client(user(0), serving::certificates());
        for index in [0, 1, 2, 1, 0, 2] {
            let name = format!("user{index}");
            let sent = get(&name).by(user(index));
            let answer = client.send(&server.url(), sent).await.unwrap();
            assert_eq!(answer, (StatusCode::OK, name.into()));
        }
        assert_eq!(server.mixed(), 0, "{driver:?}");
    }
}

#[tokio::test]
async fn in_a_choice_of_schemes() {
    for driver in Driver::BOTH {
        let server = Serving::start(0).await;
        let choice = Any::new(AnyOf::new([user(0)]));
        let client = driver.client(choice, serving::certificates());
        for legs in [3, 4] {
            let answer = client.send(&server.url(), put("user0")).await.unwrap();
            assert_eq!(answer, (StatusCode::OK, "user0".into()), "{driver:?}");
            assert_eq!(server.raw.seen().len(), legs);
        }
    }
}

#[tokio::test]
async fn without_its_retry_a_request_is_sent_once() {
    for driver in Driver::BOTH {
        let server = Serving::start(0).await;
        let once = Any::new(Once(Ntlm::new("user0", PASSWORD).unwrap()));
        let client = driver.client(once, serving::certificates());
        let (status, _) = client.send(&server.url(), get("user0")).await.unwrap();
        assert_eq!(
            (status, server.raw.seen().len()),
            (StatusCode::UNAUTHORIZED, 1)
        );
    }
}
