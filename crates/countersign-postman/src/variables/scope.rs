//! [`Scope`], names with values; and the lists of variables in files.

use std::fmt;

use countersign::Parameters;
use serde_json::{Map, Value};

use crate::json;

/// Names with values; a name that is set again has the later value. `Debug` shows the names alone.
///
/// ```
/// use countersign_postman::Scope;
///
/// let row = Scope::from_iter([("user", "Aladdin"), ("user", "Ali Baba")]);
/// assert_eq!(row.get("user"), Some("Ali Baba"));
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Scope(Parameters);

impl Scope {
    /// Sets `name`.
    pub fn insert(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.insert(name, value);
    }

    /// The value of `name`.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name)
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Scope {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        Self(entries.into_iter().collect())
    }
}

impl From<&Map<String, Value>> for Scope {
    /// The row of a data file in JSON.
    fn from(row: &Map<String, Value>) -> Self {
        row.iter()
            .map(|(name, value)| (name, json::text(value)))
            .collect()
    }
}

impl fmt::Debug for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The value of a variable.
pub(crate) struct Found {
    pub(crate) text: String,
    /// Whether it must not be shown.
    pub(crate) secret: bool,
}

impl Found {
    pub(crate) fn open(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            secret: false,
        }
    }
}

/// The value of `name` in a list of variables: the last one that counts.
pub(crate) fn list(list: &[Value], name: &str) -> Option<Found> {
    let entries = list.iter().rev().filter_map(Value::as_object);
    let mut named = entries.filter(|entry| key(entry) == Some(name) && json::is_enabled(entry));
    named.next().map(|entry| Found {
        text: entry.get("value").map(json::text).unwrap_or_default(),
        secret: json::str_of(entry, "type") == "secret",
    })
}

/// The name of a variable, which older files have as its `id`.
fn key(entry: &Map<String, Value>) -> Option<&str> {
    entry.get("key").or_else(|| entry.get("id"))?.as_str()
}
