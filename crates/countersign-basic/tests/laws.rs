//! What holds for all credentials: the server accepts what the client sends, and nothing else; nothing shows a secret.
#![allow(clippy::unwrap_used)]

countersign_testkit::watched!();

use countersign_basic::{Accounts, Basic, BasicVerifier, MemoryAccounts};
use countersign_core::verify::{Reason, Verdict, Verify};
use countersign_core::{Begin, Payload, Secret, Sign};
use http::{HeaderValue, Request, request};
use proptest::prelude::*;

fn signed(username: &str, password: &str) -> request::Parts {
    let (mut head, ()) = Request::new(()).into_parts();
    Basic::new(username, password)
        .unwrap()
        .sign(&mut head, &mut Payload::default())
        .unwrap();
    head
}

fn judge<A: Accounts>(accounts: A, head: &request::Parts) -> Result<String, Reason> {
    let verifier = BasicVerifier::new("r", accounts).unwrap();
    let verdict = verifier.verify(head, &Payload::default());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    match runtime.block_on(verdict).unwrap() {
        Verdict::Accept(accepted) => Ok(accepted.principal),
        Verdict::Refuse(refusal) => Err(refusal.reason),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn the_server_accepts_what_the_client_sends(
        user in "[^:\\p{Cc}]{0,20}",
        password in "[^\\p{Cc}]{0,40}",
    ) {
        let users = MemoryAccounts::new([(user.as_str(), password.as_str()), ("another", "one")]);
        prop_assert_eq!(judge(users, &signed(&user, &password)), Ok(user));
    }

    #[test]
    fn one_changed_byte_is_refused(
        user in "[^:\\p{Cc}]{1,20}",
        password in "[^\\p{Cc}]{1,40}",
        at in any::<prop::sample::Index>(),
        change in 1_u8..=255,
    ) {
        let mut head = signed(&user, &password);
        let mut line = head.headers["authorization"].as_bytes().to_vec();
        let at = at.index(line.len() - "Basic ".len()) + "Basic ".len();
        line[at] ^= change;
        let Ok(value) = HeaderValue::from_bytes(&line) else { return Ok(()) };
        head.headers.insert("authorization", value);
        let users = MemoryAccounts::new([(user, password)]);
        prop_assert!(judge(users, &head).is_err());
    }

    #[test]
    fn no_header_makes_the_server_panic(line in prop::collection::vec(32_u8..=255, 0..200)) {
        let Ok(value) = HeaderValue::from_bytes(&[b"Basic ", line.as_slice()].concat()) else {
            return Ok(());
        };
        let (mut head, ()) = Request::new(()).into_parts();
        head.headers.insert("authorization", value);
        prop_assert!(judge(MemoryAccounts::new([("alice", "wonderland")]), &head).is_err());
    }

    #[test]
    fn a_control_character_is_refused(
        before in "[a-z]{0,4}",
        control in "[\\p{Cc}--\\t]",
        after in "[a-z]{0,4}",
    ) {
        let text = format!("{before}{control}{after}");
        prop_assert!(Basic::new(&text, "x").is_err());
        prop_assert!(Basic::new("x", &text).is_err());
    }
}

/// Accounts that cannot be asked.
struct Down;

impl Accounts for Down {
    fn check(&self, _: &str, _: Secret) -> Begin<bool> {
        Begin::failed(countersign_core::Error::new(
            countersign_core::ErrorKind::Fetch,
            "down",
        ))
    }
}

#[tokio::test]
async fn accounts_that_are_down_let_nobody_in() {
    let verifier = BasicVerifier::new("r", Down).unwrap();
    let verdict = verifier
        .verify(&signed("alice", "x"), &Payload::default())
        .await;
    assert_eq!(
        verdict.unwrap_err().kind(),
        countersign_core::ErrorKind::Fetch
    );
}

#[test]
fn unknown_user_and_wrong_password_look_the_same() {
    let users = MemoryAccounts::new([("alice", "wonderland")]);
    let verifier = BasicVerifier::new("r", users).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let refusal = |head| {
        let verdict = verifier.verify(&head, &Payload::default());
        match runtime.block_on(verdict).unwrap() {
            Verdict::Refuse(refusal) => Some((refusal.reason, refusal.challenges)),
            Verdict::Accept(_) => None,
        }
    };
    let unknown = refusal(signed("mallory", "wonderland"));
    assert_eq!(unknown, refusal(signed("alice", "wonderlanD")));
    assert_eq!(unknown.unwrap().0, Reason::Rejected);
    assert_eq!(refusal(signed("alice", "wonderland")), None);
    assert_eq!(refusal(signed("mallory", "")).unwrap().0, Reason::Rejected);
}

#[test]
fn no_debug_shows_a_secret() {
    let basic = Basic::new("alice", "CANARY").unwrap();
    let reactive = basic.clone().reactive();
    let head = signed("alice", "CANARY");
    let users = MemoryAccounts::new([("alice", "CANARY")]);
    let verifier = BasicVerifier::new("r", users.clone()).unwrap();
    let shown = format!("{basic:?} {reactive:?} {head:?} {users:?} {verifier:?}");
    // The base64 of "alice:CANARY", and what is common to all its alignments.
    for secret in ["CANARY", "YWxpY2U6Q0FOQVJZ", "Q0FOQVJZ"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    let errors = [
        Basic::new("alice", "CANARY\r\n").unwrap_err(),
        Basic::new("CANARY:", "x").unwrap_err(),
        Basic::latin1("x", "CANARY\u{20ac}").unwrap_err(),
    ];
    assert!(!format!("{errors:?}").contains("CANARY"));
}

#[test]
fn a_realm_is_quoted_and_never_injects() {
    let verifier = BasicVerifier::new(r#"a"b\c"#, MemoryAccounts::new([("", "")])).unwrap();
    let (head, ()) = Request::new(()).into_parts();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let verdict = runtime
        .block_on(verifier.verify(&head, &Payload::default()))
        .unwrap();
    let Verdict::Refuse(refusal) = verdict else {
        unreachable!()
    };
    assert_eq!(
        refusal.challenges,
        [r#"Basic realm="a\"b\\c", charset="UTF-8""#]
    );
    assert!(BasicVerifier::new("a\r\nb", MemoryAccounts::new([("", "")])).is_err());
}
