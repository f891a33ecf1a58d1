//! What the verifier refuses.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use countersign_core::verify::{Reason, Verdict, Verify};
use countersign_core::{Begin, Connection, Error, ErrorKind, Payload};
use countersign_ntlm::message::{Authenticate, Challenge, Flags, Negotiate, av_id};
use countersign_ntlm::{Account, Accounts, ChannelBinding, NtlmVerifier, Query};
use http::Version;
use support::forge::{Forged, field};
use support::{Judged, Walk, Wire, begin, builder, client, head, spnego, verifier};

/// A client that has been challenged on a connection, and the third message that it would send.
async fn proof(wire: &Wire) -> String {
    let (mut walk, lane) = (begin(&client()).await, Connection::default());
    walk.bind(&lane);
    challenge(&mut walk, wire).await;
    walk.leg()
}

async fn challenge(walk: &mut Walk, wire: &Wire) {
    let judged = wire.with(&walk.leg()).await;
    assert!(judged.challenges()[0].starts_with("NTLM TlRMTVNTUAACAAAA"));
    walk.again(&judged.response);
}

fn bytes(field: &str) -> Vec<u8> {
    STANDARD.decode(&field["NTLM ".len()..]).unwrap()
}

/// Refused, without a word on why; nobody is let in after it either.
#[track_caller]
fn is_refused(judged: &Judged) {
    assert_eq!(judged.status(), 401);
    assert_eq!(judged.challenges(), ["NTLM"]);
}

#[tokio::test]
async fn a_proof_for_no_challenge() {
    let verifier = verifier();
    let (one, other) = (Wire::new(&verifier), Wire::new(&verifier));
    let proof = proof(&one).await;
    is_refused(&other.with(&proof).await);
    is_refused(&other.bare().await);
    assert_eq!(
        one.with(&proof).await.status(),
        200,
        "on its own connection it is right"
    );
}

#[tokio::test]
async fn a_challenge_is_good_for_one_answer() {
    let wire = Wire::new(&verifier());
    let proof = proof(&wire).await;
    assert_eq!(wire.with(&proof).await.status(), 200);
    is_refused(&wire.with(&proof).await);
    is_refused(&wire.bare().await);
}

#[tokio::test]
async fn a_wrong_answer_spends_it_too() {
    let wire = Wire::new(&verifier());
    let proof = proof(&wire).await;
    let mut wrong = bytes(&proof);
    let last = wrong.len() - 1;
    wrong[last] ^= 1;
    is_refused(&wire.with(&field(&wrong)).await);
    is_refused(&wire.with(&proof).await);
}

#[tokio::test]
async fn every_bit_counts() {
    let verifier = verifier();
    let wire = Wire::new(&verifier);
    let length = bytes(&proof(&wire).await).len();
    for bit in 0..length * 8 {
        let wire = Wire::new(&verifier);
        let mut message = bytes(&proof(&wire).await);
        message[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(wire.with(&field(&message)).await.status(), 401, "bit {bit}");
    }
}

#[tokio::test]
async fn a_greeting_forgets_who_it_was() {
    let wire = Wire::new(&verifier());
    let proof = proof(&wire).await;
    assert_eq!(wire.with(&proof).await.status(), 200);
    let (mut walk, lane) = (begin(&client()).await, Connection::default());
    walk.bind(&lane);
    challenge(&mut walk, &wire).await;
    is_refused(&wire.bare().await);
}

#[tokio::test]
async fn a_request_in_another_name_is_not_the_connections() {
    let wire = Wire::new(&verifier());
    let proof = proof(&wire).await;
    assert_eq!(wire.with(&proof).await.status(), 200);
    is_refused(&wire.with("Basic dXNlcjpwYXNz").await);
    assert_eq!(wire.bare().await.status(), 200);
}

#[tokio::test]
async fn another_verifier_does_not_know_the_connection() {
    let (one, other) = (Wire::new(&verifier()), verifier());
    let proof = proof(&one).await;
    assert_eq!(one.with(&proof).await.status(), 200);
    let other = Wire {
        verifier: other,
        ..one.clone()
    };
    is_refused(&other.bare().await);
    is_refused(&one.bare().await);
}

#[tokio::test]
async fn the_fourth_challenge_is_not_given() {
    let wire = Wire::new(&verifier());
    for _ in 0..3 {
        proof(&wire).await;
    }
    let greeting = field(&Negotiate::new(Flags::new(0xa208_8207)).to_bytes());
    for _ in 0..5 {
        let judged = wire.with(&greeting).await;
        is_refused(&judged);
        assert!(judged.closes);
    }
}

#[tokio::test]
async fn who_gets_it_right_may_go_on() {
    let wire = Wire::new(&verifier());
    for _ in 0..5 {
        let proof = proof(&wire).await;
        assert_eq!(wire.with(&proof).await.status(), 200);
    }
}

#[tokio::test]
async fn http_2_is_nobodys_connection() {
    for version in [Version::HTTP_2, Version::HTTP_3] {
        let wire = Wire::new(&verifier());
        let proof = proof(&wire).await;
        let mut head = head();
        head.version = version;
        head.headers.insert("authorization", proof.parse().unwrap());
        is_refused(&wire.send(&head).await);
    }
}

#[tokio::test]
async fn without_a_connection_it_cannot_judge() {
    let error = verifier()
        .verify(&head(), &Payload::default())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connection);
}

#[tokio::test]
async fn old_clients_are_challenged_unless_they_cannot_do_ntlm_v2() {
    for (flags, length, expected) in [
        (0xa208_8207, 40, true),
        (0x0008_8207, 32, true),
        (0x0008_0201, 16, true),
        (0x0008_8206, 32, true),
        (0x0000_8207, 40, false),
    ] {
        let mut message = Negotiate::new(Flags::new(flags)).to_bytes().to_vec();
        message.truncate(length);
        let judged = Wire::new(&verifier()).with(&field(&message)).await;
        assert_eq!(judged.challenges()[0].len() > 4, expected, "{flags:08x}");
    }
}

#[tokio::test]
async fn the_challenge_names_what_clients_need() {
    let wire = Wire::new(&builder().computer("SRV").build().unwrap());
    let message = Negotiate::new(Flags::new(0xe208_8237)).to_bytes();
    let judged = wire.with(&field(&message)).await;
    let message = bytes(judged.challenges()[0]);
    let challenge = Challenge::read(&message).unwrap();
    assert_eq!(challenge.target_name().unwrap(), "LAB");
    let info = challenge.target_info();
    let names = [1, 2].map(|id| info.text(id).unwrap());
    assert_eq!(names, ["SRV", "LAB"]);
    assert!(info.timestamp().unwrap() > 133_000_000_000_000_000);
    assert_eq!(
        challenge.flags(),
        Flags::new(0xe289_8215),
        "no OEM, no sealing"
    );
}

#[tokio::test]
async fn challenges_are_never_the_same() {
    let verifier = verifier();
    let mut seen = std::collections::HashSet::new();
    for _ in 0..100 {
        let message = Negotiate::new(Flags::new(0xa208_8207)).to_bytes();
        let judged = Wire::new(&verifier).with(&field(&message)).await;
        let message = bytes(judged.challenges()[0]);
        assert!(seen.insert(Challenge::read(&message).unwrap().server_challenge()));
    }
}

/// A message whose response was cut off from its MIC, by somebody in between who cannot know the key.
#[tokio::test]
async fn a_mic_that_was_taken_out() {
    for change in [|mic: &mut [u8]| mic.fill(0), |mic: &mut [u8]| mic[3] ^= 1] {
        let wire = Wire::new(&verifier());
        let mut message = bytes(&proof(&wire).await);
        assert!(Authenticate::read(&message).unwrap().mic().is_some());
        change(&mut message[72..88]);
        is_refused(&wire.with(&field(&message)).await);
    }
}

#[tokio::test]
async fn a_client_without_a_mic_where_one_is_demanded() {
    for (demanded, expected) in [(false, 200), (true, 401)] {
        let wire = Wire::new(&builder().require_mic(demanded).build().unwrap());
        let message = Forged::default().on(&wire).await;
        assert_eq!(wire.with(&field(&message)).await.status(), expected);
    }
}

fn of_zeros() -> Forged {
    Forged {
        pairs: vec![(av_id::CHANNEL_BINDINGS, vec![0; 16])],
        ..Forged::default()
    }
}

#[tokio::test]
async fn a_binding_of_zeros() {
    let right = ChannelBinding::of(b"tls-server-end-point:a");
    for lenient in [false, true] {
        let verifier = builder()
            .channel_bindings([right])
            .allow_unbound(lenient)
            .build()
            .unwrap();
        let wire = Wire::new(&verifier);
        let message = of_zeros().on(&wire).await;
        is_refused(&wire.with(&field(&message)).await);
    }
    let wire = Wire::new(&verifier());
    let message = of_zeros().on(&wire).await;
    assert_eq!(
        wire.with(&field(&message)).await.status(),
        200,
        "else it is right"
    );
}

/// Each with a proof that would be right.
#[tokio::test]
async fn messages_that_are_not_sound() {
    let mic_without_room = Forged {
        pairs: vec![(av_id::FLAGS, vec![2, 0, 0, 0])],
        ..Forged::default()
    };
    let of_v1 = Forged {
        response: Some(vec![7; 24]),
        ..Forged::default()
    };
    let anonymous = Forged {
        user: Some(""),
        response: Some(Vec::new()),
        ..Forged::default()
    };
    let twice = Forged {
        pairs: vec![(2, vec![]), (2, vec![])],
        ..Forged::default()
    };
    let odd = Forged {
        pairs: vec![(1, vec![7])],
        ..Forged::default()
    };
    for forged in [mic_without_room, of_v1, anonymous, twice, odd] {
        let wire = Wire::new(&verifier());
        let message = forged.on(&wire).await;
        is_refused(&wire.with(&field(&message)).await);
    }
}

struct Down;

impl Accounts for Down {
    fn find(&self, _: Query<'_>) -> Begin<Option<Account>> {
        Begin::failed(Error::new(ErrorKind::Fetch, "the directory is down"))
    }
}

#[tokio::test]
async fn a_store_that_is_down_lets_nobody_in() {
    let wire = Wire::new(&NtlmVerifier::builder("LAB", Down).build().unwrap());
    let proof = proof(&wire).await;
    let mut head = head();
    head.extensions.insert(wire.connection.clone());
    head.headers.insert("authorization", proof.parse().unwrap());
    assert!(
        wire.verifier
            .verify(&head, &Payload::default())
            .await
            .is_err()
    );
    is_refused(&wire.bare().await);
}

#[tokio::test]
async fn two_fields_are_one_too_many() {
    let wire = Wire::new(&verifier());
    let mut head = head();
    head.extensions.insert(wire.connection.clone());
    for value in ["NTLM TlRMTVNTUAABAAAA", "Basic abc"] {
        head.headers.append("authorization", value.parse().unwrap());
    }
    let verdict = wire
        .verifier
        .verify(&head, &Payload::default())
        .await
        .unwrap();
    assert!(matches!(verdict, Verdict::Refuse(refusal) if refusal.reason == Reason::Malformed));
}

#[test]
fn names_that_cannot_be_sent() {
    for name in ["a\nb", &"x".repeat(256)] {
        let error = NtlmVerifier::builder(name, support::accounts())
            .build()
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
    }
}

/// A client that would rather do something else, as a browser in a domain, has to sign what it offered; where signing was not
/// agreed on, by the constant that stands for it.
#[tokio::test]
async fn a_client_that_offers_something_else_first() {
    let verifier = builder().negotiate(true).build().unwrap();
    let constant: Vec<u8> = [vec![1], vec![0; 15]].concat();
    for (mic, expected) in [
        (None, 401),
        (Some(&constant[..]), 200),
        (Some(&[0; 16]), 401),
        (Some(&[]), 401),
    ] {
        let wire = Wire::new(&verifier);
        let message = Forged::default().message(spnego::challenge(&wire).await);
        let judged = wire
            .with(&spnego::field(&spnego::response(&message, mic)))
            .await;
        assert_eq!(judged.status(), expected, "{mic:?}");
        assert_eq!(wire.bare().await.status(), expected);
    }
}

/// A client without UTF-16 is answered in ASCII, which the server's name may not fit into: then it is left out.
#[tokio::test]
async fn a_client_without_utf_16() {
    for (domain, named) in [("LAB", "LAB"), ("ÜNI", "")] {
        let verifier = NtlmVerifier::builder(domain, support::accounts())
            .build()
            .unwrap();
        let message = Negotiate::new(Flags::new(0x0008_8206)).to_bytes();
        let judged = Wire::new(&verifier).with(&field(&message)).await;
        let message = bytes(judged.challenges()[0]);
        let challenge = Challenge::read(&message).unwrap();
        assert!(!challenge.flags().contains(Flags::UNICODE));
        assert_eq!(challenge.target_name().unwrap(), named);
        assert_eq!(
            challenge.target_info().text(av_id::NB_DOMAIN_NAME).unwrap(),
            domain
        );
    }
}
