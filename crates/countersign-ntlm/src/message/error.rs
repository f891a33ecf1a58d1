//! [`MessageError`].

use std::error::Error;
use std::fmt;

/// Why a message cannot be read or written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MessageError {
    /// It is longer than [`MAX_MESSAGE`](super::MAX_MESSAGE), or a field of it than 65,535 bytes.
    TooLarge,
    /// It breaks the form that MS-NLMP gives it; the text says where.
    Malformed(&'static str),
}

impl fmt::Display for MessageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge => f.write_str("the NTLM message is too large"),
            Self::Malformed(what) => write!(f, "the NTLM message is malformed: {what}"),
        }
    }
}

impl Error for MessageError {}
