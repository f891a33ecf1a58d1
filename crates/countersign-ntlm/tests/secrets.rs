//! Nothing secret is shown.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use countersign_core::{Connection, Exchange};
use countersign_ntlm::{Account, ChannelBinding, MemoryAccounts, NtHash, Ntlm, NtlmVerifier};
use countersign_testkit::{Canary, assert_clean};
use support::{Wire, head, refusal, resume};

fn hex(bytes: impl AsRef<[u8]>) -> String {
    bytes
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[tokio::test]
async fn no_debug_and_no_error_shows_them() {
    let password = Canary::new();
    let hash = NtHash::of(&password.as_str().into()).unwrap();
    let client = Ntlm::new("user", password.as_str())
        .unwrap()
        .channel_binding(ChannelBinding::of(b"x"));
    let accounts = MemoryAccounts::new()
        .password("user", password.as_str())
        .unwrap();
    let builder = NtlmVerifier::builder("LAB", accounts.clone());
    let account = Account::new("user", hash.clone()).domain("LAB");
    let mut shown = format!("{client:?} {client:#?} {hash:?} {accounts:?} {account:?} {builder:?}");
    let wire = Wire::new(&builder.build().unwrap());
    let mut exchange = resume(&client, &refusal(&["NTLM"])).await.unwrap();
    shown += &format!("{exchange:?} {:?}", wire.verifier);
    let lane = Connection::default();
    let sent = support::run(&mut exchange, &lane, &wire, head())
        .await
        .unwrap();
    assert_eq!(sent.last.status(), 200);
    shown += &format!(
        "{exchange:?} {lane:?} {:?} {:?}",
        wire.connection,
        exchange.binding()
    );
    assert_clean("what is shown", shown.as_bytes());
    let raw = md4_of(password.as_str());
    let decimal = format!("{raw:?}");
    for form in [hex(raw), decimal.trim_matches(['[', ']']).to_owned()] {
        assert!(!shown.contains(&form));
    }
}

fn md4_of(password: &str) -> [u8; 16] {
    use md4::Digest;
    let bytes: Vec<u8> = password.encode_utf16().flat_map(u16::to_le_bytes).collect();
    md4::Md4::digest(bytes).into()
}

#[tokio::test]
async fn what_is_sent_is_marked_as_sensitive() {
    let mut walk = support::begin(&support::client()).await;
    walk.bind(&Connection::default());
    let mut leg = head();
    walk.0
        .prepare(&mut leg, &mut countersign_core::Payload::default())
        .unwrap();
    assert!(leg.headers["authorization"].is_sensitive());
}
