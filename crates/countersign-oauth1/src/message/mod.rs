//! The protocol parameters on the wire, written and read.

mod claim;
mod line;
mod write;

pub(crate) use claim::{Claim, Claimed};
pub(crate) use line::Line;
pub(crate) use write::{header, is_taken, joined, without_protocol};

/// The scheme's name on the wire; case does not matter there.
pub(crate) const SCHEME: &str = "OAuth";
