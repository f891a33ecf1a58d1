//! The browser's way, by raw requests.
#![cfg(feature = "browser")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod flow;
mod listener;
#[path = "../support/mod.rs"]
mod support;
mod terminal;
