//! The token on the wire, and the challenges of RFC 6750 section 3.

use countersign_core::canonical::{percent, query};
use countersign_core::challenge::{self, Challenge, Param};
use countersign_core::{Error, Result};
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, WWW_AUTHENTICATE};
use http::{HeaderValue, Method, request, response};

/// The scheme's name on the wire; case does not matter there.
pub(crate) const SCHEME: &str = "Bearer";

/// The parameter's name in query and form.
pub(crate) const PARAMETER: &str = "access_token";

/// `b64token`, RFC 6750 section 2.1.
pub(crate) fn is_b64token(token: &str) -> bool {
    let body = token.trim_end_matches('=');
    let is_legal = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte);
    !body.is_empty() && body.bytes().all(is_legal)
}

/// `prefix token`, or the token alone.
pub(crate) fn write(prefix: &str, token: &str) -> Result<HeaderValue> {
    let line = match prefix {
        "" => token.to_owned(),
        prefix => [prefix, " ", token].concat(),
    };
    let mut value = HeaderValue::try_from(line).map_err(|_| not_header_text())?;
    value.set_sensitive(true);
    // The first clone moves the bytes behind a count, which allocates; no request shall pay for it.
    Ok(value.clone())
}

fn not_header_text() -> Error {
    Error::configuration("the token or its prefix holds a control character: take it out")
}

/// A form with this token and no other.
pub(crate) fn form_with(form: &str, token: &str) -> String {
    let others = query::pairs(form).filter(|pair| !pair.is_named(PARAMETER));
    let mut pieces: Vec<&str> = others.map(query::RawPair::as_str).collect();
    let encoded = percent::encoded(token.as_bytes(), percent::FORM);
    let pair = [PARAMETER, "=", &encoded].concat();
    pieces.push(&pair);
    pieces.join("&")
}

/// Whether a body may carry the token: RFC 6750 section 2.2.
pub(crate) fn is_form(request: &request::Parts) -> bool {
    let bodiless = [Method::GET, Method::HEAD, Method::CONNECT, Method::TRACE];
    let mut types = request.headers.get_all(CONTENT_TYPE).iter();
    let is_form = types.next().is_some_and(is_form_type) && types.next().is_none();
    is_form
        && !bodiless.contains(&request.method)
        && !request.headers.contains_key(CONTENT_ENCODING)
}

fn is_form_type(value: &HeaderValue) -> bool {
    let essence = value
        .as_bytes()
        .split(|byte| *byte == b';')
        .next()
        .unwrap_or_default();
    essence
        .trim_ascii()
        .eq_ignore_ascii_case(b"application/x-www-form-urlencoded")
}

/// The challenges of one verifier.
#[derive(Clone, Debug)]
pub(crate) struct Refusals {
    pub(crate) missing: HeaderValue,
    pub(crate) invalid_request: HeaderValue,
    pub(crate) invalid_token: HeaderValue,
    pub(crate) insufficient_scope: HeaderValue,
}

impl Refusals {
    pub(crate) fn new(realm: &str, scope: &str) -> Result<Self> {
        let with = |more: &[Param<'_>]| {
            let realm = Param::quoted("realm", realm);
            challenge::write(SCHEME, [realm].iter().chain(more)).map_err(not_written)
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
    Error::configuration("the realm or the scope cannot be sent").with_source(error)
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
