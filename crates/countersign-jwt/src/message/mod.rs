//! The token on the wire: its compact form, the challenges.

pub(crate) mod base64url;
mod challenges;
mod jws;

pub(crate) use challenges::Refusals;
pub(crate) use jws::Jws;

/// The word before a token, unless another one is chosen.
pub(crate) const BEARER: &str = "Bearer";
