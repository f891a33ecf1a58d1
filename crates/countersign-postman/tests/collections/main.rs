//! What a collection says is what is sent.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod bad_inputs;
mod bodies;
mod export;
mod files;
mod inheritance;
mod laws;
mod support;
mod urls;
mod v1;
mod variables;
mod vault;
mod vectors;
