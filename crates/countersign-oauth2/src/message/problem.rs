//! An error in the body of an answer: RFC 6749 section 5.2, and how servers bend it.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

/// What of an answer's body tells whether it is an error.
#[derive(Default, Deserialize)]
pub(crate) struct Problem {
    #[serde(default)]
    access_token: Option<IgnoredAny>,
    #[serde(default)]
    error: Option<Value>,
    #[serde(default)]
    error_description: Option<Value>,
    #[serde(default)]
    error_uri: Option<Value>,
}

impl Problem {
    /// Reads the body, JSON; `None` if it cannot be read or is no object.
    pub(crate) fn read(body: &[u8]) -> Option<Self> {
        serde_json::from_slice(body).ok()
    }

    /// Whether it is an error although its status says otherwise.
    pub(crate) fn is_error(&self) -> bool {
        self.access_token.is_none() && self.code().is_some()
    }

    /// `error`; some servers put an object there.
    pub(crate) fn code(&self) -> Option<String> {
        match self.error.as_ref()? {
            Value::Object(inner) => ["type", "status", "code"]
                .iter()
                .find_map(|name| text(inner.get(*name)?)),
            value => text(value),
        }
    }

    /// `error_description`.
    pub(crate) fn description(&self) -> Option<String> {
        let inner = self.error.as_ref().and_then(|error| error.get("message"));
        text(self.error_description.as_ref().or(inner)?)
    }

    /// `error_uri`.
    pub(crate) fn uri(&self) -> Option<String> {
        text(self.error_uri.as_ref()?)
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
