//! The answer of an endpoint: whether it is one, and whether it is an error.

use std::borrow::Cow;
use std::time::Duration;

use bytes::Bytes;
use countersign_core::Secret;
use countersign_token::Refused;
use http::Response;

use super::error::TokenError;
use super::problem::Problem;
use super::unusable::AnswerError;
use super::{pairs, retry_after::retry_after};

/// The largest answer that is read, in bytes.
const MAX_BODY: usize = 1 << 20;

/// The JSON of an answer that is no error. Forms become JSON; a text that repeats one of `secrets` is left out of the
/// error; `now` is the time since the Unix epoch.
///
/// # Errors
///
/// A [`TokenError`] for an error, whatever the status; an [`AnswerError`] for a redirect, which is never followed, and for
/// an answer that is too large.
pub(crate) fn read(
    response: &Response<Bytes>,
    secrets: &[Secret],
    now: Duration,
) -> Result<Vec<u8>, Refused> {
    let status = response.status();
    if response.body().len() > MAX_BODY {
        return Err(AnswerError::TooLarge.into());
    }
    if status.is_redirection() {
        return Err(AnswerError::Redirect.into());
    }
    let body = json(response.body())?;
    let problem = Problem::read(&body).unwrap_or_default();
    if status.is_success() && !problem.is_error() {
        return Ok(body.into_owned());
    }
    let keep = |text: &String| !secrets.iter().any(|secret| repeats(text, secret));
    Err(TokenError {
        code: problem
            .code()
            .filter(|code| !secrets.iter().any(|secret| is_code(code, secret))),
        description: problem.description().filter(keep),
        uri: problem.uri().filter(keep),
        status,
        retry_after: retry_after(response.headers(), now),
    }
    .into())
}

/// The body as JSON, if it is a form. What it says of itself is often wrong, so its first byte decides.
fn json(body: &[u8]) -> Result<Cow<'_, [u8]>, AnswerError> {
    let text = str::from_utf8(body).unwrap_or_default().trim();
    let is_form = ["access_token=", "error="]
        .iter()
        .any(|name| text.starts_with(name) || text.contains(&format!("&{name}")));
    if !is_form || text.starts_with(['{', '[', '"', '<']) {
        return Ok(body.into());
    }
    let object = pairs::object(pairs::decode(text));
    let object = object.ok_or(AnswerError::Unreadable)?;
    let json = serde_json::to_vec(&object);
    json.map(Into::into).map_err(|_| AnswerError::Unreadable)
}

fn repeats(text: &str, secret: &Secret) -> bool {
    let secret = secret.expose_str().unwrap_or_default();
    !secret.is_empty() && text.contains(secret)
}

/// A code is a word; that a short secret is a part of it means nothing.
fn is_code(code: &str, secret: &Secret) -> bool {
    match secret.expose().len() {
        ..8 => code.as_bytes() == secret.expose(),
        _ => repeats(code, secret),
    }
}
