//! [`TokenError`], what an endpoint of the server refused with.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use countersign_core::{Error, ErrorKind};
use countersign_token::{Refused, RefusedKind};
use http::StatusCode;

use super::clean::clean;

/// What an endpoint of the server refused with (RFC 6749 section 5.2).
///
/// It is found by `downcast_ref` among the sources of a core [`Error`] and of a [`Refused`]. A text that repeats a
/// secret of the request is left out. The texts are as the server sent them: `Display` makes them fit for a terminal,
/// and nothing opens the `uri`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TokenError {
    /// `error`, such as `invalid_client`; `None` where the answer had none.
    pub code: Option<String>,
    /// `error_description`, for developers.
    pub description: Option<String>,
    /// `error_uri`, a page about the error.
    pub uri: Option<String>,
    /// The status of the answer.
    pub status: StatusCode,
    /// How long the server asks to wait (`Retry-After`), at most 15 minutes.
    pub retry_after: Option<Duration>,
}

impl TokenError {
    /// What kind of refusal it is. The status rules over the code, as a server that is ill says many things.
    fn kind(&self) -> RefusedKind {
        let retry_after = self.retry_after;
        match (self.status, self.code.as_deref()) {
            (StatusCode::TOO_MANY_REQUESTS, _) => RefusedKind::Throttled { retry_after },
            (StatusCode::SERVICE_UNAVAILABLE, _) if retry_after.is_some() => {
                RefusedKind::Throttled { retry_after }
            }
            (status, _) if status.is_server_error() => RefusedKind::Unavailable,
            (_, Some("slow_down")) => RefusedKind::Throttled { retry_after },
            (_, code) => of_code(code.unwrap_or_default()),
        }
    }
}

/// Whether a person has to do something first (OpenID Connect Core 1.0 section 3.1.2.6).
pub(crate) fn needs_person(code: &str) -> bool {
    let codes = [
        "interaction_required",
        "login_required",
        "consent_required",
        "account_selection_required",
    ];
    codes.contains(&code)
}

fn of_code(code: &str) -> RefusedKind {
    match code {
        // GitHub says the second.
        "invalid_grant" | "bad_refresh_token" => RefusedKind::InvalidGrant,
        _ if needs_person(code) => RefusedKind::Interaction,
        "temporarily_unavailable" | "server_error" => RefusedKind::Unavailable,
        _ => RefusedKind::Denied,
    }
}

impl From<TokenError> for Refused {
    fn from(error: TokenError) -> Self {
        let kind = error.kind();
        let shown = Error::new(ErrorKind::Fetch, error.to_string());
        Self::new(kind, shown.with_source(error))
    }
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = self.status.as_u16();
        match &self.code {
            Some(code) => write!(
                f,
                "the server refused with {} (status {status})",
                clean(code)
            )?,
            None => write!(f, "the server answered with status {status}")?,
        }
        match &self.description {
            Some(description) => write!(f, ": {}", clean(description)),
            None => Ok(()),
        }
    }
}

impl StdError for TokenError {}
