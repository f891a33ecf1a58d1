//! NTLM.
#![forbid(unsafe_code)]

mod binding;
mod calculation;
mod carrier;
mod client;
mod credentials;
pub mod message;
mod server;
mod spnego;
mod time;

#[cfg(test)]
mod tests;

pub use binding::ChannelBinding;
pub use client::{Ntlm, NtlmExchange};
pub use credentials::NtHash;
pub use server::{
    Account, Accounts, MemoryAccounts, NtlmUser, NtlmVerifier, NtlmVerifierBuilder, Query,
};
