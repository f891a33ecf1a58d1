//! [`StoreError`], why a store did not do as it was told.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;

use countersign_core::{BoxError, Error, ErrorKind};

use crate::refused::{Refused, RefusedKind};

/// Why a store did not do as it was told.
#[derive(Clone, Debug)]
pub struct StoreError {
    kind: StoreErrorKind,
    error: Error,
}

/// What kind of failure a [`StoreError`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreErrorKind {
    /// What is stored cannot be read as a token. It was left as it is.
    Corrupt,
    /// What is stored is not ours, or of a later version. It was left as it is.
    Foreign,
    /// Others than its owner can read or change what is stored.
    Exposed,
    /// Reading or writing failed.
    Io,
    /// The lease ended before the write; nothing was written.
    Lost,
    /// There is no such token.
    NotFound,
    /// Several tokens fit the name or the fingerprint's beginning.
    Ambiguous,
    /// There is such a token already.
    Exists,
    /// The token cannot be stored: it is no text.
    Unfit,
}

impl StoreError {
    /// A failure of `kind`; `message` says what was wrong and what to do, and holds no secret.
    pub fn new(kind: StoreErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            kind,
            error: Error::new(ErrorKind::Configuration, message),
        }
    }

    /// The same with the error that caused it, which must not show a secret either.
    #[must_use]
    pub fn with_source(self, source: impl Into<BoxError>) -> Self {
        Self {
            kind: self.kind,
            error: self.error.with_source(source),
        }
    }

    /// What kind of failure this is.
    pub fn kind(&self) -> StoreErrorKind {
        self.kind
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Error::new(ErrorKind::Configuration, error.to_string()).with_source(error)
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Refused::new(RefusedKind::Store, error.into())
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl StdError for StoreError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.error.source()
    }
}
