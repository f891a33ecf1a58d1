//! What several verifiers on one route find together.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

use countersign_core::verify::{AnyVerifier, Reason, Refusal, Verdict, Verify, any_of};
use countersign_core::{Begin, Payload};
use http::{HeaderValue, Request, request};

/// Lets nobody in, and says so by these challenges.
struct Closed(Reason, &'static [&'static str]);

impl Verify for Closed {
    type Principal = ();

    fn verify(&self, _: &request::Parts, _: &Payload) -> Begin<Verdict<()>> {
        let challenges = self.1.iter().map(|text| HeaderValue::from_static(text));
        Begin::ready(Verdict::challenge(self.0, challenges))
    }
}

async fn refused<const N: usize>(by: [Closed; N]) -> Refusal {
    let verifier = any_of(by.map(AnyVerifier::new));
    let (head, ()) = Request::new(()).into_parts();
    match verifier.verify(&head, &Payload::default()).await.unwrap() {
        Verdict::Refuse(refusal) => refusal,
        Verdict::Accept(_) => panic!("accepted"),
    }
}

#[tokio::test]
async fn equal_challenges_are_said_once_and_in_order() {
    let refusal = refused([
        Closed(Reason::Missing, &["NTLM", "Basic realm=\"a\""]),
        Closed(Reason::Missing, &["Basic realm=\"b\"", "NTLM"]),
        Closed(Reason::Missing, &["Basic realm=\"a\""]),
    ])
    .await;
    let expected = ["NTLM", "Basic realm=\"a\"", "Basic realm=\"b\""];
    assert_eq!(refusal.challenges, expected);
}

#[tokio::test]
async fn the_greatest_reason_counts_in_any_order() {
    for reasons in [
        [Reason::Missing, Reason::Malformed, Reason::Rejected],
        [Reason::Malformed, Reason::Rejected, Reason::Missing],
    ] {
        let refusal = refused(reasons.map(|reason| Closed(reason, &[]))).await;
        assert_eq!(refusal.reason, Reason::Malformed);
    }
}
