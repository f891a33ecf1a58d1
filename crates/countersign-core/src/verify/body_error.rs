//! [`BodyError`].

use std::fmt;

use super::Reason;

/// Why a [`VerifiedBody`](super::VerifiedBody) broke off.
#[derive(Debug)]
pub enum BodyError<E> {
    /// It is not the body that was signed.
    Refused(Reason),
    /// Reading it failed.
    Inner(E),
}

impl<E> fmt::Display for BodyError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Refused(Reason::Forbidden) => "the body is not the one that was signed",
            Self::Refused(_) => "the body breaks its coding, or was cut off",
            Self::Inner(_) => "the body could not be read",
        })
    }
}

impl<E: std::error::Error + 'static> std::error::Error for BodyError<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Refused(_) => None,
            Self::Inner(error) => Some(error),
        }
    }
}
