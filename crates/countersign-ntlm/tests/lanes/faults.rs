//! Servers that fail in the middle.

use std::sync::atomic::{AtomicUsize, Ordering};

use countersign_testkit::{Answer, RawServer, Seen, Then};
use http::StatusCode;

use super::net::Driver;
use super::serving::certificates;
use super::{get, put, user};

const CHALLENGE: &str = "NTLM TlRMTVNTUAACAAAAAAAAADgAAAAFAoAAAQIDBAUGBwgAAAAAAAAAACQAJAA4AAAACgBhSgAAAA8CAAYARABPAE0AAQAGAFMAUgBWAAcACAAAAG3GRxfaAQAAAAA=";

fn is_greeting(seen: &Seen) -> bool {
    seen.request
        .header("authorization")
        .is_some_and(|field| field.starts_with("NTLM TlRMTVNTUAABAAAA"))
}

fn challenging() -> Answer {
    Answer::new(401).header("www-authenticate", CHALLENGE)
}

#[tokio::test]
async fn challenges_for_ever_end_after_three_requests() {
    for driver in Driver::BOTH {
        let server = RawServer::start(|_| challenging()).await;
        let client = driver.client(user(0), certificates());
        for (sent, legs) in [(get("user0"), 3), (put("user0"), 5)] {
            let (status, _) = client.send(&server.url("/"), sent).await.unwrap();
            assert_eq!(
                (status, server.seen().len()),
                (StatusCode::UNAUTHORIZED, legs),
                "{driver:?}"
            );
        }
    }
}

/// The third message is never sent on another connection than its challenge came over.
#[tokio::test]
async fn a_connection_that_is_closed_behind_the_challenge() {
    for driver in Driver::BOTH {
        let closed = AtomicUsize::new(0);
        let server = RawServer::start(move |seen| match is_greeting(seen) {
            true if closed.fetch_add(1, Ordering::SeqCst) == 0 => challenging().then(Then::Close),
            true => challenging(),
            false => Answer::new(200),
        })
        .await;
        let client = driver.client(user(0), certificates());
        let outcome = client.send(&server.url("/"), put("user0")).await;
        let seen = server.seen();
        for proof in seen.iter().filter(|seen| !is_greeting(seen)) {
            let before = seen
                .iter()
                .filter(|seen| is_greeting(seen) && seen.connection == proof.connection);
            assert_eq!(before.count(), 1, "{driver:?}");
        }
        assert!(
            seen.iter()
                .filter(|seen| !seen.request.body.is_empty())
                .count()
                <= 1
        );
        if let Ok((status, _)) = outcome {
            assert_eq!((status, server.connections()), (StatusCode::OK, 2));
        }
    }
}

#[tokio::test]
async fn a_server_that_says_that_it_closes() {
    for driver in Driver::BOTH {
        let server = RawServer::start(|_| {
            challenging()
                .header("connection", "close")
                .then(Then::Close)
        })
        .await;
        let client = driver.client(user(0), certificates());
        let error = client
            .send(&server.url("/"), put("user0"))
            .await
            .unwrap_err();
        assert!(
            error.contains("closes the connection in the middle"),
            "{error}"
        );
        assert_eq!(server.seen().len(), 1);
    }
}

#[tokio::test]
async fn a_connection_that_is_closed_behind_the_answer_is_made_anew() {
    for driver in Driver::BOTH {
        let server = RawServer::start(|seen| match is_greeting(seen) {
            true => challenging(),
            false => Answer::new(200).then(Then::Close),
        })
        .await;
        let client = driver.client(user(0), certificates());
        for connections in 1..=3 {
            let (status, _) = client.send(&server.url("/"), put("user0")).await.unwrap();
            assert_eq!(
                (status, server.connections()),
                (StatusCode::OK, connections),
                "{driver:?}"
            );
            // Long enough for the client to see the end of the connection.
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    }
}

#[tokio::test]
async fn a_malformed_challenge_is_an_error_and_closes_the_connection() {
    for driver in Driver::BOTH {
        let server = RawServer::start(|_| {
            Answer::new(401).header("www-authenticate", "NTLM TlRMTVNTUAACAAAA")
        })
        .await;
        let client = driver.client(user(0), certificates());
        for connections in [1, 2] {
            let error = client
                .send(&server.url("/"), put("user0"))
                .await
                .unwrap_err();
            assert!(error.contains("cannot be answered"), "{error}");
            assert_eq!(
                (server.seen().len(), server.connections()),
                (connections, connections)
            );
        }
    }
}
