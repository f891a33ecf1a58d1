//! Our client's answers are the peers'.

use proptest::prelude::*;

use crate::case::{case, same};
use crate::peers;

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..Default::default() })]

    /// digest_auth prefers `auth-int` of a list.
    #[test]
    fn digest_auth_answers_the_same(case in case()) {
        let ours = case.ours(&case.client().prefer_auth_int(true));
        for (ours, theirs) in ours.iter().zip(peers::digest_auth(&case)) {
            same(ours, &theirs)?;
        }
    }

    /// Where `auth-int` is all that is offered, http-auth has no right answer.
    #[test]
    fn http_auth_answers_the_same(case in case().prop_filter("no auth", |case| case.qop != Some("auth-int"))) {
        let ours = case.ours(&case.client());
        for (ours, theirs) in ours.iter().zip(peers::http_auth(&case)) {
            same(ours, &theirs)?;
        }
    }

    /// diqwest counts from 2 and draws its own client nonce, so ours is told both. Its session forgets the algorithm,
    /// takes the first `qop` of a list and quotes without escapes, so those are left out.
    #[test]
    fn a_session_of_diqwest_answers_the_same(mut case in case()) {
        (case.algorithm, case.userhash) = (None, false);
        case.qop = case.qop.map(|_| "auth");
        for text in [&mut case.realm, &mut case.nonce].into_iter().chain(&mut case.opaque) {
            *text = text.replace(['"', '\\'], "'");
        }
        let theirs = peers::diqwest(&case);
        same(&case.ours_like(&theirs), &theirs)?;
    }
}
