//! What is on the wire, for both sides.

mod authorization;
mod challenge;
mod info;
mod qop;
mod username;

pub(crate) use authorization::{Asked, Authorization};
pub(crate) use challenge::{Challenge, MAX_NONCE};
pub(crate) use info::{AUTHENTICATION_INFO, Info};
pub(crate) use qop::Offered;
pub use qop::Qop;
pub(crate) use username::{Username, extended};
