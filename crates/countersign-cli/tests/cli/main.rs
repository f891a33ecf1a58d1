//! The command as it was built, against itself and against raw sockets.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod bodies;
mod collection;
mod cookies;
mod curl;
mod exits;
mod files;
mod hints;
mod json;
mod ntlm;
mod offline;
mod proofs;
mod proxy;
mod redaction;
mod redirects;
mod run;
mod schemes;
mod serve;
mod sigv4;
mod support;
mod tls;
mod tokens;
mod usage;
mod vectors;
mod wire;
