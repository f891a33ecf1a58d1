//! HTTP Digest authentication, client and server: RFC 7616, and RFC 2069 for peers that know no better.
#![forbid(unsafe_code)]

mod algorithm;
mod calculation;
mod client;
mod credentials;
mod hash;
mod message;
mod server;
mod state;

pub use algorithm::Algorithm;
pub use client::{Digest, DigestExchange};
pub use credentials::Preset;
pub use message::Qop;
pub use server::{
    Account, Accounts, DigestVerifier, DigestVerifierBuilder, MemoryAccounts, Query, User,
};
