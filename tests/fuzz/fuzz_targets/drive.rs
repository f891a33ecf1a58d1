//! A client, its scheme and a server that react in any way, against the laws of the loop and of the redirects.
//!
//! It is run as the target `challenge` is, which says how. The same laws run on random input as a plain test of
//! `tests/oracles`.

#![no_main]

#[path = "../../oracles/tests/drive/laws/mod.rs"]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod laws;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| laws::hold(bytes));
