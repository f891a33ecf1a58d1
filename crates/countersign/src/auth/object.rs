//! [`AuthObject`], Postman's `auth` object as it stands in a collection.

use countersign_core::{Error, Result};
use serde::de::{Deserialize, Deserializer, Error as _};
use serde_json::{Map, Value};

use super::{AuthType, Parameters};

/// Postman's `auth` object: a type, and that type's parameters.
///
/// Read in the array form of collection format 2.1 and in the map form of 2.0. Values may be texts, numbers or booleans;
/// lists and objects are kept as JSON, and one that is `null` is as if it were not there. Of several parameters with one
/// key the last that is not `disabled` counts; lists of other types beside it are ignored. No error shows a value.
///
/// ```
/// use countersign::{AuthObject, AuthType};
///
/// let array = r#"{"type": "bearer", "bearer": [{"key": "token", "value": "x", "type": "string"}]}"#;
/// let map = r#"{"type": "bearer", "bearer": {"token": "x"}}"#;
/// for form in [array, map] {
///     let object: AuthObject = serde_json::from_str(form)?;
///     assert_eq!(object.kind, AuthType::Bearer);
///     assert_eq!(object.parameters.get("token"), Some("x"));
/// }
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// An object without a type stands for what is inherited, which it cannot hold: that is an error. Where the whole
/// object may be missing or `null`, read an `Option`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthObject {
    /// Its type.
    pub kind: AuthType,
    /// The parameters of that type.
    pub parameters: Parameters,
}

impl AuthObject {
    /// Reads it from JSON that is parsed already.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) for another shape, a missing or unknown type.
    pub fn from_value(value: &Value) -> Result<Self> {
        let object = value
            .as_object()
            .ok_or_else(|| wrong("the auth object is no JSON object"))?;
        let kind = kind(object)?;
        let parameters = match object.get(kind.as_str()) {
            None | Some(Value::Null) => Parameters::new(),
            Some(Value::Array(list)) => from_list(list)?,
            Some(Value::Object(map)) => from_map(map),
            Some(_) => return Err(wrong("an auth object's parameters are a list or an object")),
        };
        Ok(Self { kind, parameters })
    }
}

impl<'de> Deserialize<'de> for AuthObject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // By way of `Value`, since the errors of derived code show the value that they did not expect.
        let value = Value::deserialize(deserializer)?;
        Self::from_value(&value).map_err(D::Error::custom)
    }
}

fn kind(object: &Map<String, Value>) -> Result<AuthType> {
    match object.get("type") {
        None | Some(Value::Null) => Err(wrong(
            "the auth object has no type, so it inherits, and there is nothing to inherit from here: name a type",
        )),
        Some(Value::String(name)) => name.parse(),
        Some(_) => Err(wrong("the type of an auth object is a text")),
    }
}

fn from_list(list: &[Value]) -> Result<Parameters> {
    let mut parameters = Parameters::new();
    for entry in list {
        let key = entry.get("key").and_then(Value::as_str);
        let key = key.ok_or_else(|| wrong("a parameter of an auth object has no key"))?;
        if entry.get("disabled") != Some(&Value::Bool(true)) {
            put(
                &mut parameters,
                key,
                entry.get("value").unwrap_or(&Value::Null),
            );
        }
    }
    Ok(parameters)
}

fn from_map(map: &Map<String, Value>) -> Parameters {
    let mut parameters = Parameters::new();
    for (key, value) in map {
        put(&mut parameters, key, value);
    }
    parameters
}

fn put(parameters: &mut Parameters, key: &str, value: &Value) {
    match value {
        Value::Null => parameters.remove(key),
        Value::String(text) => parameters.insert(key, text),
        other => parameters.insert(key, other.to_string()),
    }
}

fn wrong(message: &'static str) -> Error {
    Error::configuration(message)
}
