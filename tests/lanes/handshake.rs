//! What goes over the wire, and how often.

use bytes::Bytes;
use conformance::serving::{Closing, PASSWORD, Serving, user, wanted};
use conformance::{Driver, Load};
use countersign_core::challenge::Offered;
use countersign_core::{Any, AnyOf, Once};
use countersign_ntlm::message::Challenge;
use countersign_ntlm::{Ntlm, offered_message};
use http::{Response, StatusCode};

use crate::{answer, by, client, get, put, served};

#[tokio::test]
async fn three_legs_for_a_connection_and_one_for_each_request_on_it() {
    for driver in Driver::WITH_LANES {
        let server = Serving::start(Closing::Never).await;
        let client = client(driver, user(0));
        for legs in [3, 4, 5] {
            assert_eq!(answer(&client, get(&server.url())).await, served());
            assert_eq!(server.counted().legs, legs, "{driver:?}");
        }
        assert_eq!(server.raw.connections(), 2, "one to ask, one to hold");
    }
}

#[tokio::test]
async fn a_body_crosses_the_wire_once() {
    for driver in Driver::WITH_LANES {
        let server = Serving::start(Closing::Never).await;
        let (client, url) = (client(driver, user(0)), server.url());
        let stream = || Load::stream(vec![Bytes::from("the "), Bytes::from("body")], true);
        for _ in 0..3 {
            for sent in [put(&url), wanted("PUT", &url, "user0", stream())] {
                assert_eq!(answer(&client, sent).await, served());
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
    for driver in Driver::WITH_LANES {
        let server = Serving::start(Closing::Never).await;
        let client = client(driver, Any::new(Ntlm::new("user0", "wrong").unwrap()));
        let (status, _) = answer(&client, put(&server.url())).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
        assert_eq!(server.counted().legs, 2);
    }
}

#[tokio::test]
async fn a_server_that_wants_nothing_has_each_effect_once() {
    for driver in Driver::WITH_LANES {
        let server = Serving::open().await;
        let client = client(driver, user(0));
        for (method, legs) in [("GET", 1), ("DELETE", 2)] {
            let sent = wanted(method, &server.url(), "user0", "");
            assert_eq!(answer(&client, sent).await.0, StatusCode::OK);
            assert_eq!(server.counted().legs, legs);
        }
        assert_eq!(answer(&client, put(&server.url())).await.0, StatusCode::OK);
        let seen = server.raw.seen();
        let bodies: Vec<_> = seen.iter().map(|seen| &*seen.request.body).collect();
        assert_eq!(bodies, [&b""[..], b"", b"", b"the body"], "{driver:?}");
        assert!(seen[3].request.header("authorization").is_none());
    }
}

#[tokio::test]
async fn users_of_one_client_never_share_a_connection() {
    for driver in Driver::WITH_LANES {
        let server = Serving::start(Closing::Never).await;
        let client = client(driver, user(0));
        for index in [0, 1, 2, 1, 0, 2] {
            let name = format!("user{index}");
            let sent = by(wanted("GET", &server.url(), &name, ""), user(index));
            assert_eq!(answer(&client, sent).await, (StatusCode::OK, name));
        }
        assert_eq!(server.counted().mixed, 0, "{driver:?}");
    }
}

#[tokio::test]
async fn a_choice_takes_a_connection_only_when_it_chose_a_scheme_that_needs_one() {
    for driver in Driver::WITH_LANES {
        let server = Serving::start(Closing::Never).await;
        let client = client(driver, Any::new(AnyOf::new([user(0)])));
        for legs in [3, 4] {
            assert_eq!(answer(&client, put(&server.url())).await, served());
            assert_eq!(server.counted().legs, legs);
        }
        let opened = (server.raw.connections(), server.counted().handshakes);
        assert_eq!(opened, (2, 1), "{driver:?}");
    }
}

#[tokio::test]
async fn without_its_retry_a_request_is_sent_once() {
    for driver in Driver::WITH_LANES {
        let server = Serving::start(Closing::Never).await;
        let once = Any::new(Once(Ntlm::new("user0", PASSWORD).unwrap()));
        let client = client(driver, once);
        for (sent, target, legs) in [
            (get(&server.url()), None, 1),
            (put(&server.url()), Some("LAB"), 2),
        ] {
            let refusal = client.send(sent).await.unwrap();
            assert_eq!(refusal.status(), StatusCode::UNAUTHORIZED);
            assert_eq!(server.counted().legs, legs);
            assert_eq!(offered_target(&refusal).as_deref(), target, "{driver:?}");
        }
    }
}

/// The target that the second message in a refusal names, if there is one.
fn offered_target<B>(refusal: &Response<B>) -> Option<String> {
    let offered: &Offered = refusal.extensions().get().unwrap();
    let challenges = offered.challenges();
    let ntlm = challenges.iter().find(|one| one.is("NTLM")).unwrap();
    let message = offered_message(ntlm).unwrap()?;
    Some(Challenge::read(&message).unwrap().target_name().unwrap())
}
