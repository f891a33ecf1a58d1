//! How the command ends.

use std::error::Error as StdError;
use std::fmt;
use std::process::ExitCode;

use countersign::oauth2::TokenError;
use countersign::token::{Refused, RefusedKind, StoreError};
use countersign::tower::{ProxyError, ProxyErrorKind};
use countersign::{Error, ErrorKind};
use http::StatusCode;

/// The exit codes that scripts rely on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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
    /// The token endpoint refused.
    NoToken = 5,
    /// A person has to consent, and none did.
    NoPerson = 6,
    /// The transport failed.
    Transport = 7,
    /// The user stopped it.
    Interrupted = 130,
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
            _ => "failed",
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
        if let Some(refused) = find::<Refused>(error) {
            return Self::token(refused);
        }
        if let Some(error) = find::<ProxyError>(error) {
            return Self::proxy(error);
        }
        Self::new(Exit::Scheme, format!("{:?}", error.kind()), chain(error))
    }

    /// No token came.
    pub(crate) fn token(refused: &Refused) -> Self {
        if let Some(error) = find::<ProxyError>(refused) {
            return Self::proxy(error);
        }
        let kind = format!("{:?}", refused.kind());
        let name = kind.split(' ').next().unwrap_or_default();
        Self::new(of_refused(refused), name, chain(refused))
    }

    /// Tokens that cannot be read or written, or that are not there.
    pub(crate) fn store(error: &StoreError) -> Self {
        Self::new(Exit::Usage, format!("{:?}", error.kind()), chain(error))
    }

    /// A collection, or one of its requests, that cannot be used.
    pub(crate) fn collection(error: &countersign_postman::Error) -> Self {
        Self::new(Exit::Usage, format!("{:?}", error.kind()), chain(error))
    }

    /// The same with what it is about before its text.
    pub(crate) fn of(self, what: &str) -> Self {
        Self {
            message: format!("{what}: {}", self.message),
            ..self
        }
    }

    /// Nobody consented in time.
    pub(crate) fn nobody() -> Self {
        let message = "nobody consented within --timeout: start again to try once more";
        Self::new(Exit::NoPerson, "Interaction", message)
    }

    /// No answer, or half of one.
    pub(crate) fn transport(error: &(dyn StdError + 'static)) -> Self {
        if let Some(error) = find::<ProxyError>(error) {
            return Self::proxy(error);
        }
        Self::new(Exit::Transport, "Transport", chain(error))
    }

    /// No way through the proxy.
    fn proxy(error: &ProxyError) -> Self {
        let offered: Vec<_> = error
            .challenges()
            .iter()
            .map(|one| one.scheme().to_owned())
            .collect();
        let asks = match offered.is_empty() {
            true => String::new(),
            false => format!("; it asks for {}", offered.join(", ")),
        };
        Self::new(of_proxy(error), "Proxy", format!("{}{asks}", chain(error)))
    }

    /// No answer in time.
    pub(crate) fn timeout() -> Self {
        Self::new(
            Exit::Transport,
            "Timeout",
            "no whole answer within --timeout",
        )
    }

    /// No answer to one request of several in time.
    pub(crate) fn slow() -> Self {
        let message = "no whole answer within --timeout-request";
        Self::new(Exit::Transport, "Timeout", message)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

fn of_refused(refused: &Refused) -> Exit {
    let answered = find::<TokenError>(refused).is_some();
    let unusable = refused.error().kind() == ErrorKind::Configuration;
    match refused.kind() {
        RefusedKind::Interaction => Exit::NoPerson,
        RefusedKind::Configuration | RefusedKind::Store => Exit::Usage,
        RefusedKind::Stopped => Exit::Scheme,
        RefusedKind::Unavailable if unusable => Exit::Usage,
        RefusedKind::Unavailable if !answered => Exit::Transport,
        _ => Exit::NoToken,
    }
}

fn of_proxy(error: &ProxyError) -> Exit {
    match (error.kind(), error.status()) {
        (ProxyErrorKind::Target, _) => Exit::Usage,
        (ProxyErrorKind::Auth, _) => Exit::Scheme,
        (_, Some(status)) if Exit::of(status) == Exit::Refused => Exit::Refused,
        _ => Exit::Transport,
    }
}

/// The first error of this type: this one, or one that caused it.
fn find<'a, E: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a E> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        next = error.source();
    }
    None
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
