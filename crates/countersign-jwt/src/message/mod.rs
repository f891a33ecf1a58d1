//! The token on the wire: its compact form, the place it stands in, the challenges.

pub(crate) mod base64url;
mod challenges;
mod jws;
mod place;

pub(crate) use challenges::Refusals;
pub(crate) use jws::Jws;
pub(crate) use place::{BEARER, Place, Token, find};
