//! Any bytes in the place of an NTLM message, against the laws of the readers, the client and the server; and what is read
//! of a challenge beside what `ntlmclient` reads.
//!
//! It is run as the target `challenge` is, which says how. The same laws run on random input as a plain test of
//! countersign-ntlm.

#![no_main]

use countersign_ntlm::message::Challenge;
use ntlmclient::Message;

#[path = "../../../crates/countersign-ntlm/tests/laws/mod.rs"]
mod laws;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    laws::hold(bytes);
    read_alike(bytes);
});

/// We are the stricter of the two: what we read, they read, and the same.
fn read_alike(bytes: &[u8]) {
    let Ok(ours) = Challenge::read(bytes) else {
        return;
    };
    let Ok(Message::Challenge(theirs)) = Message::try_from(bytes) else {
        return;
    };
    assert_eq!(ours.server_challenge(), theirs.challenge);
    let theirs = theirs.target_information.into_iter();
    let theirs: Vec<(u16, Vec<u8>)> = theirs
        .map(|entry| (entry.entry_type.into(), entry.data))
        .collect();
    let ours: Vec<_> = ours
        .target_info()
        .iter()
        .map(|(id, value)| (id, value.to_vec()))
        .collect();
    assert!(theirs.starts_with(&ours));
}
