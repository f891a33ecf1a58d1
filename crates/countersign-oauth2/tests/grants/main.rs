//! What each grant sends, and what comes of the answer.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod consent;
mod silent;
#[path = "../support/mod.rs"]
mod support;
