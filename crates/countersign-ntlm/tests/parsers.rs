//! Whatever comes, the readers end without a panic, and read what was written.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod laws;
mod support;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use countersign_ntlm::message::{
    Authenticate, Challenge, ClientChallenge, MAX_MESSAGE, MessageError,
};
use proptest::collection::vec;
use proptest::prelude::*;
use support::forge::Forged;

/// A sound challenge, to be bent.
const CHALLENGE: &str = "TlRMTVNTUAACAAAADAAMADgAAAAFAoAAAQIDBAUGBwgAAAAAAAAAACQAJABEAAAACgBhSgAAAA9EAE8ATQBBAEkATgACAAYARABPAE0AAQAGAFMAUgBWAAcACAAAAG3GRxfaAQAAAAA=";

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
        laws::hold(&bytes);
        laws::hold(&[b"NTLMSSP\0", &[kind, 0, 0, 0][..], &bytes].concat());
    }

    #[test]
    fn bent_messages(challenge in bent(challenge()), proof in bent(proof())) {
        laws::hold(&challenge);
        laws::hold(&proof);
    }

    #[test]
    fn what_begins_as_a_token_does(token in vec(any::<u8>(), 0..200)) {
        [0x60, 0xa1, b'N'].iter().for_each(|tag| laws::hold(&[&[*tag], &token[..]].concat()));
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
