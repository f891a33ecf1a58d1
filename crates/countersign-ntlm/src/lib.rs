//! NTLM.
#![forbid(unsafe_code)]

mod binding;
mod calculation;
mod carrier;
mod client;
mod credentials;
pub mod message;
mod spnego;

pub use binding::ChannelBinding;
pub use client::{Ntlm, NtlmExchange};
pub use credentials::NtHash;
