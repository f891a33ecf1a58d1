//! Every row of the catalogue of bad inputs that concerns NTLM ends as it says there.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use countersign_core::{Connection, ErrorKind, Exchange, Next};
use countersign_ntlm::message::{Authenticate, ClientChallenge, Flags, MessageError, av_id};
use http::response;
use serde_json::Value;
use support::{Walk, Wire, begin, client, refusal, verifier};

fn rows(side: &str) -> Vec<Value> {
    let rows: Vec<Value> = serde_json::from_str(include_str!("data/bad-inputs-ntlm.json")).unwrap();
    assert_eq!(rows.len(), 36);
    rows.into_iter().filter(|row| row["side"] == side).collect()
}

fn input(row: &Value) -> String {
    let run = |run: &Value| {
        let count = usize::try_from(run[1].as_u64().unwrap()).unwrap();
        run[0].as_str().unwrap().repeat(count)
    };
    match row["input"].as_array() {
        Some(runs) => runs.iter().map(run).collect(),
        None => row["input"].as_str().unwrap().to_owned(),
    }
}

async fn greeted() -> Walk {
    let mut walk = begin(&client()).await;
    walk.bind(&Connection::default());
    walk.leg();
    walk
}

/// The third message that answers a challenge, or why there is none.
async fn answer(challenge: &response::Parts) -> countersign_core::Result<Vec<u8>> {
    let mut walk = greeted().await;
    assert_eq!(walk.0.receive(challenge)?, Next::Again);
    Ok(STANDARD.decode(&walk.leg()["NTLM ".len()..]).unwrap())
}

/// A challenge whose target info is one attribute that fills the largest list there is.
fn of_full_length() -> String {
    let mut message = b"NTLMSSP\0\x02\0\0\0\0\0\0\0\0\0\0\0\x05\x02\x80\0".to_vec();
    message.extend([1; 16]);
    message.extend([0xff, 0xff, 0xff, 0xff, 48, 0, 0, 0]);
    message.extend([0x63, 0, 0xf7, 0xff]);
    message.resize(48 + 0xffff, 0);
    format!("NTLM {}", STANDARD.encode(message))
}

async fn is_malformed(id: &str, challenge: &str) {
    let error = answer(&refusal(&[challenge])).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Challenge, "{id}");
    let source = std::error::Error::source(&error).unwrap();
    assert!(source.is::<MessageError>(), "{id}: {source}");
}

async fn read(challenge: &str) -> (Vec<u8>, Flags) {
    let message = answer(&refusal(&[challenge])).await.unwrap();
    let flags = Authenticate::read(&message).unwrap().flags();
    (message, flags)
}

fn response(message: &[u8]) -> ClientChallenge<'_> {
    ClientChallenge::read(Authenticate::read(message).unwrap().nt_response()).unwrap()
}

async fn check_client(id: &str, input: &str) {
    match id {
        "B257" | "B271" => drop(read(input).await),
        "B272" => is_malformed(id, input).await,
        "B273" => {
            let (message, _) = read(input).await;
            let service = response(&message).target_info().text(av_id::TARGET_NAME);
            assert_eq!(service.unwrap(), "HTTP/www.example.org");
        }
        "B278" => is_malformed(id, &of_full_length()).await,
        "B281" => {
            let (message, flags) = read(input).await;
            assert!(!flags.contains(Flags::UNICODE));
            assert_eq!(
                Authenticate::read(&message).unwrap().user().unwrap(),
                "user"
            );
        }
        "B282" => {
            assert!(
                read(input)
                    .await
                    .1
                    .contains(Flags::EXTENDED_SESSION_SECURITY)
            );
        }
        "B283" => {
            let unknown = Flags::SIGN
                | Flags::SEAL
                | Flags::KEY_EXCHANGE
                | Flags::OEM
                | Flags::new(0x0f70_4dc8);
            assert!(
                !read(input)
                    .await
                    .1
                    .intersects(unknown & !Flags::VERSION & !Flags::EXTENDED_SESSION_SECURITY)
            );
        }
        // A lane is one connection; where that is lost, another is bound and greeted anew.
        "B287" => {
            let mut walk = greeted().await;
            walk.bind(&Connection::default());
            assert!(walk.leg().starts_with("NTLM TlRMTVNTUAABAAAA"));
        }
        "B289" | "B290" => {
            let mut challenge =
                refusal(&["NTLM TlRMTVNTUAACAAAAAAAAADgAAAAFAoAAAQIDBAUGBwgAAAAAAAAAAAAAAAA4AAAA"]);
            challenge.version = if id == "B289" {
                http::Version::HTTP_10
            } else {
                http::Version::HTTP_2
            };
            let mut walk = greeted().await;
            // A connection may be closed once; that HTTP/2 is none will not change.
            if id == "B289" {
                walk.again(&challenge);
                assert!(walk.leg().starts_with("NTLM TlRMTVNTUAABAAAA"));
            }
            let error = walk.0.receive(&challenge).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Connection);
        }
        _ => is_malformed(id, input).await,
    }
}

#[tokio::test]
async fn every_row_of_the_client() {
    for row in rows("client") {
        check_client(row["id"].as_str().unwrap(), &input(&row)).await;
    }
}

/// Rows with a text in angle brackets are messages that have to be made; they are what `server.rs` tests one by one, by the
/// names that stand here.
const MADE: &[(&str, &str)] = &[
    ("B296", "a_proof_for_no_challenge"),
    ("B297", "a_challenge_is_good_for_one_answer"),
    ("B298", "messages_that_are_not_sound"),
    ("B299", "a_mic_that_was_taken_out"),
    ("B300", "a_binding_of_zeros"),
    ("B304", "the_fourth_challenge_is_not_given"),
    ("B305", "a_request_in_another_name_is_not_the_connections"),
];

#[tokio::test]
async fn every_row_of_the_server() {
    for row in rows("server") {
        let id = row["id"].as_str().unwrap();
        if let Some((_, test)) = MADE.iter().find(|made| made.0 == id) {
            assert!(
                include_str!("server.rs").contains(&format!("async fn {test}()")),
                "{id}"
            );
            continue;
        }
        let wire = Wire::new(&verifier());
        let judged = wire.with(&input(&row)).await;
        assert_eq!(
            (judged.status().as_u16(), judged.challenges()),
            (401, vec!["NTLM"]),
            "{id}"
        );
        assert_eq!(wire.bare().await.status(), 401, "{id}");
    }
}
