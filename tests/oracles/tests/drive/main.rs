//! The loop and the redirects under arbitrary answers: random input to the laws that the fuzz target `drive` holds.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod laws;

use proptest::collection::vec;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 6000, failure_persistence: None, ..Default::default() })]

    #[test]
    fn the_laws_hold_for_any_bytes(bytes in vec(any::<u8>(), 0..600)) {
        laws::hold(&bytes);
    }

    /// Small numbers are the choices that the laws' server and scheme make most of.
    #[test]
    fn the_laws_hold_for_likely_bytes(bytes in vec(0u8..8, 0..600)) {
        laws::hold(&bytes);
    }
}
