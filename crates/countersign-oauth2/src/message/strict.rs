//! A token answer by the letter of RFC 6749 section 5.1, for those who want no other.

use bytes::Bytes;
use http::Response;
use http::header::CONTENT_TYPE;
use serde_json::{Map, Value};

use super::unusable::AnswerError;

/// Refuses what is otherwise read leniently. Duplicate fields are refused in any case.
pub(crate) fn check(answer: &Response<Bytes>) -> Result<(), AnswerError> {
    let object: Map<String, Value> = serde_json::from_slice(answer.body())
        .map_err(|_| AnswerError::NotStrict("it is no JSON"))?;
    let is = |name: &str, fits: fn(&Value) -> bool| object.get(name).is_none_or(fits);
    let rules = [
        (is_json(answer), "its Content-Type is not application/json"),
        (object.contains_key("token_type"), "token_type is missing"),
        (is("token_type", Value::is_string), "token_type is no text"),
        (
            is("expires_in", Value::is_u64),
            "expires_in is no whole number",
        ),
        (is("scope", Value::is_string), "scope is no text"),
        (
            is("refresh_token", Value::is_string),
            "refresh_token is no text",
        ),
    ];
    match rules.iter().find(|(holds, _)| !holds) {
        Some((_, what)) => Err(AnswerError::NotStrict(what)),
        None => Ok(()),
    }
}

fn is_json(answer: &Response<Bytes>) -> bool {
    let kind = answer.headers().get(CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}
