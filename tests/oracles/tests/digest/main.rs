//! Digest beside digest_auth, http-auth and diqwest.
//!
//! Every parameter that both sides send must be the same, the response above all. Where a peer is known to be wrong it
//! is left out, with the reason beside it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod case;
mod client;
mod peers;
mod server;
