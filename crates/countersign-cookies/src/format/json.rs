//! What the two JSON formats share: fields of one type each, and errors that name them.

use std::time::Duration;

use serde_json::{Map, Value};

use super::error::{FormatError, Place};
use crate::cookie::SameSite;

/// The document. The parser's own message may quote it, so only the line is told.
pub(super) fn document(text: &str) -> Result<Value, FormatError> {
    let document = serde_json::from_str(text);
    document.map_err(|error| FormatError::at(Place::Line(error.line()), "not JSON"))
}

/// One cookie of a list.
pub(super) struct Object<'a> {
    fields: &'a Map<String, Value>,
    place: Place,
}

impl<'a> Object<'a> {
    /// Each cookie of `list`.
    pub(super) fn all(list: &'a [Value]) -> impl Iterator<Item = Result<Self, FormatError>> {
        list.iter().zip(1..).map(|(value, number)| {
            let place = Place::Cookie(number);
            let fields = value.as_object();
            let fields = fields.ok_or_else(|| FormatError::at(place, "not an object"))?;
            Ok(Self { fields, place })
        })
    }

    pub(super) fn at(&self, what: impl ToString) -> FormatError {
        FormatError::at(self.place, what.to_string())
    }

    pub(super) fn wrong(&self, field: &'static str, what: &'static str) -> FormatError {
        FormatError::in_field(self.place, field, what)
    }

    /// A field that is there and not null.
    pub(super) fn get(&self, field: &'static str) -> Option<&'a Value> {
        self.fields.get(field).filter(|value| !value.is_null())
    }

    fn typed<T>(
        &self,
        field: &'static str,
        read: impl FnOnce(&'a Value) -> Option<T>,
        wanted: &'static str,
    ) -> Result<Option<T>, FormatError> {
        let value = self.get(field).map(|value| read(value).ok_or(wanted));
        value
            .transpose()
            .map_err(|wanted| self.wrong(field, wanted))
    }

    pub(super) fn text(&self, field: &'static str) -> Result<Option<&'a str>, FormatError> {
        self.typed(field, Value::as_str, "not a string")
    }

    pub(super) fn needed(&self, field: &'static str) -> Result<&'a str, FormatError> {
        let text = self.text(field)?;
        text.ok_or_else(|| self.wrong(field, "missing"))
    }

    pub(super) fn flag(&self, field: &'static str) -> Result<Option<bool>, FormatError> {
        self.typed(field, Value::as_bool, "neither true nor false")
    }

    pub(super) fn list(&self, field: &'static str) -> Result<Vec<String>, FormatError> {
        let texts = |value: &Value| {
            let texts = value.as_array()?.iter();
            texts.map(|text| text.as_str().map(str::to_owned)).collect()
        };
        let list = self.typed(field, texts, "not a list of strings")?;
        Ok(list.unwrap_or_default())
    }

    /// A time in seconds since the Unix epoch.
    pub(super) fn seconds(&self, field: &'static str) -> Result<Option<Duration>, FormatError> {
        let seconds = |value: &Value| Duration::try_from_secs_f64(value.as_f64()?).ok();
        self.typed(field, seconds, "not a number of seconds since 1970")
    }

    /// `names` are those of [`SameSite::None`], strict and lax, and those that say nothing.
    pub(super) fn same_site(
        &self,
        none: &str,
        nothing: &str,
    ) -> Result<Option<SameSite>, FormatError> {
        let read = |value: &Value| match &*value.as_str()?.to_ascii_lowercase() {
            "strict" => Some(Some(SameSite::Strict)),
            "lax" => Some(Some(SameSite::Lax)),
            text if text == none || text == "none" => Some(Some(SameSite::None)),
            text if text == nothing || text.is_empty() => Some(None),
            _ => None,
        };
        let read = self.typed("sameSite", read, "not a value that is known")?;
        Ok(read.flatten())
    }
}
