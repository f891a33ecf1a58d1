//! [`Environment`], a file of variables.

use std::fmt;
use std::path::Path;

use serde_json::{Map, Value, json};

use crate::{Error, Limits, Result, json as file};

/// An environment, or globals, with all that is in its file. `Debug` shows its name alone.
///
/// ```
/// use countersign_postman::Environment;
///
/// let text = r#"{"name": "staging", "values": [{"key": "host", "value": "h", "enabled": true}], "_x": 1}"#;
/// let environment = Environment::parse(text)?;
/// assert_eq!(environment.name(), "staging");
/// assert!(environment.to_json().contains("_x"));
/// # Ok::<(), countersign_postman::Error>(())
/// ```
#[derive(Clone)]
pub struct Environment(Value);

impl Environment {
    /// Reads the text of a file.
    ///
    /// # Errors
    ///
    /// What is no JSON, no environment, or beyond the default [`Limits`].
    pub fn parse(text: impl AsRef<[u8]>) -> Result<Self> {
        Self::of(file::parse(text.as_ref(), &Limits::default())?)
    }

    /// Reads a file; no more of it than the default [`Limits`] allow.
    ///
    /// # Errors
    ///
    /// As for [`parse`](Self::parse), and if the file cannot be read.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        Self::of(file::open(path.as_ref(), &Limits::default())?)
    }

    fn of(document: Value) -> Result<Self> {
        let object = document.as_object();
        let object = object.ok_or_else(|| Error::shape("", "this is no JSON object"))?;
        let root = root(object);
        if !root.contains_key("values") {
            return Err(Error::shape(
                "",
                "there are no `values`: this is no environment",
            ));
        }
        let list = file::list_of(root, "values", "")?;
        if let Some(index) = list.iter().position(|entry| !entry.is_object()) {
            let path = format!("values[{index}]");
            return Err(Error::shape(path, "a variable is a JSON object"));
        }
        Ok(Self(document))
    }

    /// One of secrets.
    pub(crate) fn of_secrets(name: &str, secrets: Vec<(String, String)>) -> Self {
        let entry =
            |(key, value)| json!({"key": key, "value": value, "type": "secret", "enabled": true});
        let values: Vec<_> = secrets.into_iter().map(entry).collect();
        Self(json!({"name": name, "values": values, "_postman_variable_scope": "environment"}))
    }

    /// Its name; empty if it has none.
    pub fn name(&self) -> &str {
        self.0
            .as_object()
            .map_or("", |object| file::str_of(root(object), "name"))
    }

    /// The file's text, indented by tabs.
    pub fn to_json(&self) -> String {
        file::print(&self.0)
    }

    pub(crate) fn as_value(&self) -> &Value {
        &self.0
    }

    pub(crate) fn replaced(document: Value) -> Self {
        Self(document)
    }

    pub(super) fn values(&self) -> &[Value] {
        let values = self
            .0
            .as_object()
            .and_then(|object| root(object).get("values"));
        values.and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }
}

/// The environment itself, also where a service wrapped it in an object.
fn root(object: &Map<String, Value>) -> &Map<String, Value> {
    let wrapped = object.get("environment").and_then(Value::as_object);
    wrapped.unwrap_or(object)
}

impl Default for Environment {
    /// One without a variable.
    fn default() -> Self {
        Self(json!({"values": []}))
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Environment").field(&self.name()).finish()
    }
}
