//! The loop, leg by leg, without a network.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

#[path = "drive/bodies.rs"]
mod bodies;
#[path = "drive/choice.rs"]
mod choice;
#[path = "drive/legs.rs"]
mod legs;
#[path = "drive/probes.rs"]
mod probes;
#[path = "drive/proxy.rs"]
mod proxy;
#[path = "drive/scope.rs"]
mod scope;
#[path = "drive/streams.rs"]
mod streams;
mod support;
