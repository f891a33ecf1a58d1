//! [`Refused`], why no token came.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use countersign_core::{Error, ErrorKind};

/// Why no token came. It is shared by all who waited for it.
///
/// As a source of a core [`Error`] it can be found by `downcast_ref`.
#[derive(Clone, Debug)]
pub struct Refused {
    kind: RefusedKind,
    error: Error,
}

/// What kind of failure a [`Refused`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RefusedKind {
    /// The server refused what the token was asked with: a refresh token, a code, a password (`invalid_grant`).
    InvalidGrant,
    /// A person has to consent, and none was there or the person declined.
    Interaction,
    /// The server asks for patience (429, or 503 with `Retry-After`).
    Throttled {
        /// For how long, if it said so.
        retry_after: Option<Duration>,
    },
    /// The server could not be reached, was too slow or failed (5xx).
    Unavailable,
    /// The server refused the client or its request with another error of its own.
    Denied,
    /// The server's answer cannot be understood.
    Malformed,
    /// The client's configuration cannot be used.
    Configuration,
    /// The store could not be read or locked.
    Store,
    /// The work was ended before its end: its runtime was shut down, or it panicked.
    Stopped,
}

impl Refused {
    /// A failure of `kind`; `error` says what was wrong and what to do, and shows no secret.
    pub fn new(kind: RefusedKind, error: Error) -> Self {
        Self { kind, error }
    }

    /// What kind of failure this is.
    pub fn kind(&self) -> RefusedKind {
        self.kind
    }

    /// Whether a person has to do something before it can succeed: consent anew.
    pub fn needs_person(&self) -> bool {
        matches!(
            self.kind,
            RefusedKind::Interaction | RefusedKind::InvalidGrant
        )
    }

    /// Whether the same request may succeed later.
    pub fn is_retryable(&self) -> bool {
        matches!(
            self.kind,
            RefusedKind::Throttled { .. } | RefusedKind::Unavailable | RefusedKind::Stopped
        )
    }

    /// The error behind it.
    pub fn error(&self) -> &Error {
        &self.error
    }
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        let kind = match refused.kind {
            RefusedKind::Configuration | RefusedKind::Store => refused.error.kind(),
            _ => ErrorKind::Fetch,
        };
        Error::new(kind, refused.error.to_string()).with_source(refused)
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl StdError for Refused {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.error.source()
    }
}
