//! Why an authorization came to nothing.

use std::error::Error as StdError;
use std::fmt;

use countersign_core::{Error, ErrorKind};
use countersign_token::{Refused, RefusedKind};

use crate::message::clean::clean;
use crate::message::needs_person;

/// Why an authorization came to nothing.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum AuthorizationError {
    /// There is no browser, and nobody to paste a redirect. The device grant, where it is configured, takes over.
    Unavailable,
    /// Nobody came back from the browser in time.
    Deadline {
        /// Why the last one who came was not let in, if one came.
        last: Option<RedirectError>,
    },
    /// The person gave up.
    Cancelled,
    /// The redirect holds no answer to this request, or the server's refusal.
    Redirect(RedirectError),
    /// Something else failed, such as listening for the redirect.
    Failed(Error),
}

/// Why a redirect is no answer to an authorization request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RedirectError {
    /// It is no URL, or another than the redirect URI.
    NotTheRedirectUri,
    /// It has no `state`: any page can have sent it (RFC 6749 section 10.12).
    MissingState,
    /// Its `state` is that of another request.
    StateMismatch,
    /// A parameter stands there more than once (RFC 6749 section 3.1).
    DuplicateParameter(String),
    /// It does not say which server it is from (RFC 9207), although this one says so.
    MissingIssuer,
    /// It is from another server (RFC 9207 section 2.4).
    IssuerMismatch,
    /// It has neither an answer nor an error.
    MissingAnswer,
    /// It has a token in its query, where servers and histories have seen it (RFC 6749 section 4.2.2 wants the fragment).
    TokenInQuery,
    /// Its token cannot be read.
    UnreadableToken,
    /// The server's refusal (RFC 6749 sections 4.1.2.1 and 4.2.2.1), as it was sent; `Display` makes it fit for a terminal.
    Refused {
        /// `error`, such as `access_denied`.
        code: String,
        /// `error_description`.
        description: Option<String>,
        /// `error_uri`. Nothing opens it.
        uri: Option<String>,
    },
}

impl From<RedirectError> for AuthorizationError {
    fn from(error: RedirectError) -> Self {
        Self::Redirect(error)
    }
}

impl From<Error> for AuthorizationError {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl AuthorizationError {
    fn kind(&self) -> RefusedKind {
        match self {
            Self::Unavailable | Self::Deadline { .. } | Self::Cancelled => RefusedKind::Interaction,
            Self::Redirect(RedirectError::Refused { code, .. }) => of_code(code),
            Self::Redirect(_) => RefusedKind::Malformed,
            Self::Failed(_) => RefusedKind::Configuration,
        }
    }
}

fn of_code(code: &str) -> RefusedKind {
    match code {
        "temporarily_unavailable" | "server_error" => RefusedKind::Unavailable,
        "access_denied" => RefusedKind::Interaction,
        _ if needs_person(code) => RefusedKind::Interaction,
        _ => RefusedKind::Denied,
    }
}

impl From<AuthorizationError> for Refused {
    fn from(error: AuthorizationError) -> Self {
        let kind = error.kind();
        let error = match error {
            AuthorizationError::Failed(error) => error,
            error => Error::new(ErrorKind::Fetch, error.to_string()).with_source(error),
        };
        Self::new(kind, error)
    }
}

impl fmt::Display for AuthorizationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unavailable => f.write_str(
                "a person has to consent in a browser, and there is none: run it where there is one, or configure the \
                 device grant",
            ),
            Self::Deadline { last: None } => f.write_str(
                "nobody came back from the browser in time; perhaps it was closed. Start again to try once more",
            ),
            Self::Deadline { last: Some(last) } => {
                write!(f, "nobody came back from the browser in time; the last answer was refused: {last}")
            }
            Self::Cancelled => f.write_str("the authorization was given up. Start again to try once more"),
            Self::Redirect(error) => error.fmt(f),
            Self::Failed(error) => error.fmt(f),
        }
    }
}

impl StdError for AuthorizationError {}

impl fmt::Display for RedirectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::Refused {
                code, description, ..
            } => return refusal(f, code, description.as_deref()),
            Self::DuplicateParameter(name) => {
                return write!(f, "the redirect names the parameter {} twice", clean(name));
            }
            Self::NotTheRedirectUri => {
                "this is not the redirect: paste the whole address that the browser ended at"
            }
            Self::MissingState => {
                "the redirect has no state: it may come from elsewhere, so it is not used"
            }
            Self::StateMismatch => {
                "the redirect's state is that of another request, so it is not used"
            }
            Self::MissingIssuer => "the redirect does not say which server it is from",
            Self::IssuerMismatch => {
                "the redirect is from another server than the one that was asked: if it is right, set the issuer"
            }
            Self::MissingAnswer => "the redirect holds no answer",
            Self::TokenInQuery => {
                "the redirect has its token in the query, where it may have been read"
            }
            Self::UnreadableToken => "the redirect's token cannot be read",
        };
        f.write_str(text)
    }
}

fn refusal(f: &mut fmt::Formatter<'_>, code: &str, description: Option<&str>) -> fmt::Result {
    match code {
        "access_denied" => f.write_str("the access was declined (access_denied)")?,
        code => write!(f, "the server refused with {}", clean(code))?,
    }
    match description {
        Some(description) => write!(f, ": {}", clean(description)),
        None => Ok(()),
    }
}

impl StdError for RedirectError {}
