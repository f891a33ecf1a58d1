//! Servers that fail in the middle.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use conformance::serving::{PASSWORD, user};
use conformance::{Client, Driver};
use countersign_core::{Any, ErrorKind, Once};
use countersign_ntlm::Ntlm;
use countersign_testkit::{Answer, RawServer, Seen, Then};
use http::StatusCode;
use serde_json::Value;

use crate::{answer, client, get, put};

const CHALLENGE: &str = "NTLM TlRMTVNTUAACAAAAAAAAADgAAAAFAoAAAQIDBAUGBwgAAAAAAAAAACQAJAA4AAAACgBhSgAAAA8CAAYARABPAE0AAQAGAFMAUgBWAAcACAAAAG3GRxfaAQAAAAA=";

fn is_message(seen: &Seen, number: char) -> bool {
    let field = seen.request.header("authorization");
    field.is_some_and(|field| field.starts_with(&format!("NTLM TlRMTVNTUAA{number}AAAA")))
}

fn is_greeting(seen: &Seen) -> bool {
    is_message(seen, 'B')
}

fn challenging() -> Answer {
    Answer::new(401).header("www-authenticate", CHALLENGE)
}

/// Lets in who answers its challenge, and ends the first `broken` handshakes by `end`.
async fn ending(broken: usize, end: fn(Answer) -> Answer) -> RawServer {
    let begun = Arc::new(AtomicUsize::new(0));
    RawServer::start(move |seen| match is_greeting(seen) {
        true if begun.fetch_add(1, Ordering::SeqCst) < broken => end(challenging()),
        true => challenging(),
        false if is_message(seen, 'D') => Answer::new(200),
        false => Answer::new(401).header("www-authenticate", "NTLM"),
    })
    .await
}

fn announced(answer: Answer) -> Answer {
    answer.header("connection", "close").then(Then::Close)
}

/// Says that it closes, and keeps the connection all the same.
fn said_alone(answer: Answer) -> Answer {
    answer.header("connection", "close")
}

fn silently(answer: Answer) -> Answer {
    answer.then(Then::Close)
}

/// No third message went over another connection than its challenge came over, and no body more than once.
fn holds(server: &RawServer, driver: Driver) {
    let seen = server.seen();
    for (index, proof) in seen
        .iter()
        .enumerate()
        .filter(|(_, seen)| is_message(seen, 'D'))
    {
        let before = seen[..index].iter().rev();
        let mut before = before.filter(|seen| seen.connection == proof.connection);
        assert!(before.next().is_some_and(is_greeting), "{driver:?}");
    }
    let bodies = seen.iter().filter(|seen| !seen.request.body.is_empty());
    assert!(bodies.count() <= 1, "{driver:?}");
}

#[tokio::test]
async fn challenges_for_ever_end_after_three_requests() {
    for driver in Driver::WITH_LANES {
        let server = RawServer::start(|_| challenging()).await;
        let client = client(driver, user(0));
        for (sent, legs) in [(get(&server.url("/")), 3), (put(&server.url("/")), 5)] {
            let (status, _) = answer(&client, sent).await;
            assert_eq!(status, StatusCode::UNAUTHORIZED);
            assert_eq!(server.seen().len(), legs, "{driver:?}");
        }
    }
}

/// The handshake begins anew on another connection, and is through after four requests at most.
#[tokio::test]
async fn a_connection_that_is_closed_behind_the_challenge() {
    for driver in Driver::WITH_LANES {
        for end in [announced, said_alone] {
            for (sent, legs) in [(get as fn(&str) -> _, 4), (put, 3)] {
                let server = ending(1, end).await;
                let (status, _) = answer(&client(driver, user(0)), sent(&server.url("/"))).await;
                assert_eq!(
                    (status, server.seen().len()),
                    (StatusCode::OK, legs),
                    "{driver:?}"
                );
                holds(&server, driver);
            }
        }
    }
}

/// The same, if the client could know it; else the third message was under way, and it is an error.
#[tokio::test]
async fn a_connection_that_is_closed_behind_the_challenge_without_a_word() {
    for driver in Driver::WITH_LANES {
        for sent in [get, put] {
            let server = ending(1, silently).await;
            let outcome = client(driver, user(0)).send(sent(&server.url("/"))).await;
            match outcome {
                Ok(response) => assert_eq!(response.status(), StatusCode::OK, "{driver:?}"),
                Err(error) => assert_eq!(error.kind, None, "{driver:?} {}", error.text),
            }
            assert!(server.seen().len() <= 4);
            holds(&server, driver);
        }
    }
}

#[tokio::test]
async fn a_server_that_closes_every_handshake_is_an_error_after_four_requests_at_most() {
    for driver in Driver::WITH_LANES {
        for (sent, legs) in [(get as fn(&str) -> _, 3), (put, 2)] {
            let server = ending(usize::MAX, announced).await;
            let error = client(driver, user(0))
                .send(sent(&server.url("/")))
                .await
                .unwrap_err();
            assert_eq!(error.kind, Some(ErrorKind::Connection));
            let problem = "closes the connection in the middle of the NTLM handshake";
            assert!(error.text.contains(problem), "{}", error.text);
            assert_eq!(server.seen().len(), legs, "{driver:?}");
            let server = ending(usize::MAX, silently).await;
            let outcome = client(driver, user(0)).send(sent(&server.url("/"))).await;
            assert!(outcome.is_err() && server.seen().len() <= 4, "{driver:?}");
            holds(&server, driver);
        }
    }
}

async fn is_served_over(connections: usize, client: &Client, server: &RawServer, driver: Driver) {
    let (status, _) = answer(client, put(&server.url("/"))).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(server.connections(), connections, "{driver:?}");
}

async fn ending_behind_the_answer(end: fn(Answer) -> Answer) -> RawServer {
    RawServer::start(move |seen| match is_greeting(seen) {
        true => challenging(),
        false => end(Answer::new(200)),
    })
    .await
}

#[tokio::test]
async fn an_idle_connection_that_is_closed_is_made_anew() {
    for driver in Driver::WITH_LANES {
        let server = ending_behind_the_answer(silently).await;
        let client = client(driver, user(0));
        for connections in 1..=3 {
            is_served_over(connections, &client, &server, driver).await;
            // Long enough for the client to see the end of the connection.
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

/// However fast the next request is.
#[tokio::test]
async fn a_connection_whose_end_was_announced_is_given_up() {
    for driver in Driver::WITH_LANES {
        for end in [announced, said_alone] {
            let server = ending_behind_the_answer(end).await;
            let client = client(driver, user(0));
            for connections in 1..=10 {
                is_served_over(connections, &client, &server, driver).await;
            }
        }
    }
}

#[tokio::test]
async fn a_malformed_challenge_is_an_error_and_closes_the_connection() {
    for driver in Driver::WITH_LANES {
        let server = RawServer::start(|_| {
            Answer::new(401).header("www-authenticate", "NTLM TlRMTVNTUAACAAAA")
        })
        .await;
        let client = client(driver, user(0));
        for count in [1, 2] {
            let error = client.send(put(&server.url("/"))).await.unwrap_err();
            assert_eq!(error.kind, Some(ErrorKind::Challenge));
            assert!(error.text.contains("cannot be answered"), "{}", error.text);
            assert_eq!((server.seen().len(), server.connections()), (count, count));
        }
    }
}

/// Challenges that the catalogue of bad inputs wants refused.
fn malformed() -> Vec<(String, String)> {
    let file = include_str!("../../crates/countersign-ntlm/tests/data/bad-inputs-ntlm.json");
    let rows: Vec<Value> = serde_json::from_str(file).unwrap();
    let text = |row: &Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
    let rows = rows.iter().filter(|row| {
        row["side"] == "client" && text(row, "expect").starts_with("error NtlmMalformed")
    });
    rows.map(|row| (text(row, "id"), text(row, "input")))
        .collect()
}

#[tokio::test]
async fn a_hostile_challenge_is_never_answered() {
    let rows = malformed();
    assert!(rows.len() >= 14, "{}", rows.len());
    for (id, challenge) in rows {
        for driver in Driver::WITH_LANES {
            let hostile = challenge.clone();
            let refuse = move |_: &Seen| Answer::new(401).header("www-authenticate", &hostile);
            let server = RawServer::start(refuse).await;
            let sent = client(driver, user(0)).send(put(&server.url("/"))).await;
            let kind = sent.unwrap_err().kind;
            assert_eq!(kind, Some(ErrorKind::Challenge), "{id} {driver:?}");
            assert_eq!(server.seen().len(), 1, "{id} {driver:?}");
            let once = Any::new(Once(Ntlm::new("user0", PASSWORD).unwrap()));
            let (status, _) = answer(&client(driver, once), put(&server.url("/"))).await;
            assert_eq!(
                status, 401,
                "{id} {driver:?}: it is the caller's to look at"
            );
        }
    }
}
