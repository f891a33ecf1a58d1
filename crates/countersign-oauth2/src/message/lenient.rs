//! Fields that servers write in other ways than RFC 6749 section 5.1 says.

use serde::de::{Deserialize, Deserializer, Error};
use serde_json::Value;

/// No lifetime is longer, in seconds: ten years.
const LONGEST: f64 = 10.0 * 365.0 * 24.0 * 3600.0;

/// `expires_in`: seconds as a number or a text, with or without a fraction. Less than none is none left.
pub(crate) fn seconds<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
    let seconds = match Value::deserialize(from)? {
        Value::Null => return Ok(None),
        Value::Number(number) => number.as_f64(),
        Value::String(text) if text.trim().is_empty() => return Ok(None),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    let seconds = seconds.filter(|seconds: &f64| !seconds.is_nan());
    let seconds = seconds.ok_or_else(|| Error::custom("no number"))?;
    // In these bounds nothing is lost but the fraction.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    Ok(Some(seconds.clamp(0.0, LONGEST) as u64))
}

/// `scope`: names in one text, separated by spaces, or in an array.
pub(super) fn scope<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<Vec<oauth2::Scope>>, D::Error> {
    let names: Vec<String> = match Value::deserialize(from)? {
        Value::Null => return Ok(None),
        Value::String(text) => text.split_whitespace().map(str::to_owned).collect(),
        Value::Array(list) => list
            .into_iter()
            .map(|name| name.as_str().map(str::to_owned))
            .collect::<Option<_>>()
            .ok_or_else(|| Error::custom("no text"))?,
        _ => return Err(Error::custom("no text")),
    };
    Ok(Some(names.into_iter().map(oauth2::Scope::new).collect()))
}

/// `token_type`, in lower case; `bearer` where it is missing.
pub(super) fn token_type<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let named = Option::<String>::deserialize(from)?;
    Ok(named.map_or_else(bearer, |named| named.to_ascii_lowercase()))
}

pub(super) fn bearer() -> String {
    "bearer".into()
}
