//! Whatever comes, the readers end without a panic, and read what was written.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use countersign_core::{Connection, Exchange};
use countersign_ntlm::ChannelBinding;
use countersign_ntlm::message::{
    Authenticate, Challenge, ClientChallenge, MAX_MESSAGE, MessageError, Negotiate, TargetInfo,
};
use proptest::collection::vec;
use proptest::prelude::*;
use support::forge::Forged;
use support::{Wire, begin, builder, client, refusal};

/// A sound challenge, to be bent.
const CHALLENGE: &str = "TlRMTVNTUAACAAAADAAMADgAAAAFAoAAAQIDBAUGBwgAAAAAAAAAACQAJABEAAAACgBhSgAAAA9EAE8ATQBBAEkATgACAAYARABPAE0AAQAGAFMAUgBWAAcACAAAAG3GRxfaAQAAAAA=";

fn read_all(bytes: &[u8]) {
    let _ = Negotiate::read(bytes).map(|message| message.to_bytes());
    if let Ok(challenge) = Challenge::read(bytes) {
        let info = challenge.target_info();
        drop((
            challenge.target_name(),
            info.timestamp(),
            info.flags(),
            format!("{info:?}"),
        ));
        assert!(info.iter().all(|(id, _)| id != 0 && info.get(id).is_some()));
    }
    if let Ok(message) = Authenticate::read(bytes) {
        drop((message.user(), message.domain(), message.workstation()));
        let _ = ClientChallenge::read(message.nt_response());
    }
    let _ = TargetInfo::read(bytes);
    let _ = ChannelBinding::server_end_point(bytes);
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(future)
}

/// A message with some bytes of its own, at some places.
fn bent(message: Vec<u8>) -> impl Strategy<Value = Vec<u8>> {
    let places = vec((0..message.len(), any::<u8>()), 0..6);
    (places, 0..=message.len()).prop_map(move |(places, length)| {
        let mut message = message.clone();
        places
            .into_iter()
            .for_each(|(place, byte)| message[place] = byte);
        message.truncate(if length % 4 == 0 {
            length
        } else {
            message.len()
        });
        message
    })
}

fn challenge() -> Vec<u8> {
    STANDARD.decode(CHALLENGE).unwrap()
}

fn proof() -> Vec<u8> {
    let forged = Forged {
        pairs: vec![(2, b"D\0".to_vec()), (6, vec![2, 0, 0, 0])],
        ..Forged::default()
    };
    forged.message([1, 2, 3, 4, 5, 6, 7, 8])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_bytes(bytes in vec(any::<u8>(), 0..300), kind in 1..4_u8) {
        read_all(&bytes);
        read_all(&[b"NTLMSSP\0", &[kind, 0, 0, 0][..], &bytes].concat());
    }

    #[test]
    fn bent_messages(challenge in bent(challenge()), proof in bent(proof())) {
        read_all(&challenge);
        read_all(&proof);
    }

    /// An answer to what is sound, an error for the rest.
    #[test]
    fn a_client_before_bent_challenges(challenge in bent(challenge())) {
        let field = format!("NTLM {}", STANDARD.encode(&challenge));
        block_on(async {
            let mut walk = begin(&client()).await;
            walk.bind(&Connection::default());
            walk.leg();
            prop_assume!(!challenge.is_empty());
            let is_sound = Challenge::read(&challenge).is_ok();
            prop_assert_eq!(walk.0.receive(&refusal(&[&field])).is_ok(), is_sound);
            Ok(())
        })?;
    }

    #[test]
    fn a_server_before_anything(token in vec(any::<u8>(), 0..200), tag in prop::sample::select(vec![0x60, 0xa1, b'N'])) {
        block_on(async {
            let wire = Wire::new(&builder().negotiate(true).build().unwrap());
            for carrier in ["NTLM", "Negotiate"] {
                let token = [&[tag], &token[..]].concat();
                let judged = wire.with(&format!("{carrier} {}", STANDARD.encode(token))).await;
                prop_assert_eq!(judged.status(), 401);
            }
            Ok(())
        })?;
    }

    #[test]
    fn what_is_written_is_read(user in "\\PC{0,40}", value in vec(any::<u8>(), 0..40)) {
        let user: &'static str = user.leak();
        let forged = Forged { pairs: vec![(0x63, value.clone())], user: Some(user), response: None };
        let message = forged.message([0; 8]);
        let read = Authenticate::read(&message).unwrap();
        prop_assert_eq!(read.user().unwrap(), user);
        let response = ClientChallenge::read(read.nt_response()).unwrap();
        prop_assert_eq!(response.target_info().get(0x63), Some(&value[..]));
    }
}

#[test]
fn messages_have_a_largest_size() {
    let mut message = challenge();
    message.resize(MAX_MESSAGE, 0);
    assert!(Challenge::read(&message).is_ok());
    message.push(0);
    assert_eq!(Challenge::read(&message), Err(MessageError::TooLarge));
}

#[test]
fn every_cut_of_a_message_ends_in_an_error_or_is_whole() {
    let (challenge, proof) = (challenge(), proof());
    for length in 0..challenge.len() {
        assert!(Challenge::read(&challenge[..length]).is_err(), "{length}");
    }
    for length in 0..proof.len() {
        assert!(Authenticate::read(&proof[..length]).is_err(), "{length}");
    }
}
