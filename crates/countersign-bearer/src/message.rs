//! The names on the wire, and the challenges of RFC 6750 section 3.

use countersign_core::challenge::{self, Challenge, Param};
use countersign_core::{Error, Result};
use http::header::WWW_AUTHENTICATE;
use http::{HeaderValue, response};

/// The scheme's name on the wire; case does not matter there.
pub(crate) const SCHEME: &str = "Bearer";

/// The parameter's name in query and form.
pub(crate) const PARAMETER: &str = "access_token";

/// The challenges of one verifier.
#[derive(Clone, Debug)]
pub(crate) struct Refusals {
    pub(crate) missing: HeaderValue,
    pub(crate) invalid_request: HeaderValue,
    pub(crate) invalid_token: HeaderValue,
    pub(crate) insufficient_scope: HeaderValue,
}

impl Refusals {
    pub(crate) fn new(scheme: &str, realm: &str, scope: &str) -> Result<Self> {
        let with = |more: &[Param<'_>]| {
            let realm = Param::quoted("realm", realm);
            challenge::write(scheme, [realm].iter().chain(more)).map_err(not_written)
        };
        let error = |error| Param::quoted("error", error);
        Ok(Self {
            missing: with(&[])?,
            invalid_request: with(&[error("invalid_request")])?,
            invalid_token: with(&[error("invalid_token")])?,
            insufficient_scope: with(&[
                error("insufficient_scope"),
                Param::quoted("scope", scope),
            ])?,
        })
    }
}

fn not_written(error: challenge::WriteError) -> Error {
    Error::configuration("the realm, the scope or the scheme's name cannot be sent")
        .with_source(error)
}

/// Why a server refused a token: RFC 6750 section 3.1.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BearerError {
    /// The code: `invalid_request`, `invalid_token`, `insufficient_scope`, or one that an extension defines.
    pub error: String,
    /// What the server says about it, for developers.
    pub description: Option<String>,
    /// The scope that the resource needs, names separated by spaces.
    pub scope: Option<String>,
}

impl BearerError {
    /// Reads it from the first `Bearer` challenge that has an `error`, whatever the status; `None` if there is none,
    /// as where no token was sent.
    pub fn from_response(response: &response::Parts) -> Option<Self> {
        let challenges = challenge::parse(response.headers.get_all(WWW_AUTHENTICATE));
        challenges
            .iter()
            .filter(|challenge| challenge.is(SCHEME))
            .find_map(Self::of)
    }

    /// Whether another token may do: this one is expired, revoked, malformed or unknown.
    pub fn is_invalid_token(&self) -> bool {
        self.error == "invalid_token"
    }

    fn of(challenge: &Challenge<'_>) -> Option<Self> {
        let text = |name| challenge.text(name).map(str::to_owned);
        let (description, scope) = (text("error_description"), text("scope"));
        Some(Self {
            error: text("error")?,
            description,
            scope,
        })
    }
}
