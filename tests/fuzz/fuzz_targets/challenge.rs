//! Header lines, one a line of input, against the laws of the challenge parser and printer.
//!
//! With cargo-fuzz, from the root of the repository (nightly adds the address sanitizer; stable
//! takes `--sanitizer none`):
//!
//! ```text
//! cargo +nightly fuzz run --fuzz-dir tests/fuzz challenge
//! cargo fuzz run --fuzz-dir tests/fuzz --sanitizer none challenge
//! ```
//!
//! Without cargo-fuzz, on stable and guided by coverage, for one minute (in tests/fuzz):
//!
//! ```text
//! RUSTFLAGS="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
//!   -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table" \
//!   cargo run --release --target "$(rustc -vV | sed -n 's/^host: //p')" --bin challenge -- \
//!   -max_total_time=60 -max_len=20000
//! ```
//!
//! The same laws run on random input as a plain test of countersign-core.

#![no_main]

#[path = "../../../crates/countersign-core/tests/challenge/laws.rs"]
mod laws;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| laws::hold(bytes));
