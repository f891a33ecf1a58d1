//! How the command ends.

use std::error::Error as StdError;
use std::fmt;
use std::process::ExitCode;

use countersign::Error;
use http::StatusCode;

/// The exit codes that scripts rely on. 5 and 6 are kept for OAuth 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// A status below 400, or nothing went wrong.
    Accepted = 0,
    /// Another HTTP error.
    Answered = 1,
    /// Usage or configuration.
    Usage = 2,
    /// The scheme failed.
    Scheme = 3,
    /// 401, 403 or 407.
    Refused = 4,
    /// The transport failed.
    Transport = 7,
}

impl Exit {
    /// What a final answer's status means.
    pub(crate) fn of(status: StatusCode) -> Self {
        match status.as_u16() {
            401 | 403 | 407 => Self::Refused,
            400.. => Self::Answered,
            _ => Self::Accepted,
        }
    }

    /// The same as a word.
    pub(crate) fn outcome(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Answered => "answered",
            Self::Refused => "refused",
            Self::Usage | Self::Scheme | Self::Transport => "failed",
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why the command failed, in a text without a secret.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    /// The library's name of the kind, or `Usage`, `Transport`, `Timeout`.
    pub(crate) kind: String,
    message: String,
}

impl Failure {
    fn new(exit: Exit, kind: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            exit,
            kind: kind.into(),
            message: message.into(),
        }
    }

    /// Wrong arguments, or files that cannot be used.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, "Usage", message)
    }

    /// Credentials that cannot be used.
    pub(crate) fn configuration(error: &Error) -> Self {
        Self::new(Exit::Usage, format!("{:?}", error.kind()), chain(error))
    }

    /// A scheme that failed while a request was made.
    pub(crate) fn scheme(error: &Error) -> Self {
        Self::new(Exit::Scheme, format!("{:?}", error.kind()), chain(error))
    }

    /// No answer, or half of one.
    pub(crate) fn transport(error: &(dyn StdError + 'static)) -> Self {
        Self::new(Exit::Transport, "Transport", chain(error))
    }

    /// No answer in time.
    pub(crate) fn timeout() -> Self {
        Self::new(
            Exit::Transport,
            "Timeout",
            "no whole answer within --timeout",
        )
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// An error and what caused it. A cause that its effect quotes is not told twice.
fn chain(error: &(dyn StdError + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let told = error.to_string();
        if !text.ends_with(&told) {
            text.push_str(": ");
            text.push_str(&told);
        }
        cause = error.source();
    }
    text
}
