//! Reads and writes JSON within limits.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::ser::{PrettyFormatter, Serializer};
use serde_json::{Deserializer, Map, Value};

use crate::{Error, ErrorKind, Limits, Result};

pub(crate) fn open(path: &Path, limits: &Limits) -> Result<Value> {
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    let mut bounded = file.take(limits.bytes as u64 + 1);
    bounded.read_to_end(&mut bytes).map_err(unreadable)?;
    parse(&bytes, limits)
}

fn unreadable(error: std::io::Error) -> Error {
    Error::new(ErrorKind::Io, "", "the file cannot be read").with_source(error)
}

pub(crate) fn parse(bytes: &[u8], limits: &Limits) -> Result<Value> {
    if bytes.len() > limits.bytes {
        let message = format!(
            "the file is larger than {} bytes: raise the limit",
            limits.bytes
        );
        return Err(Error::new(ErrorKind::TooLarge, "", message));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if nesting(bytes) > limits.nesting() {
        return Err(Error::new(
            ErrorKind::TooDeep,
            "",
            "the JSON nests too deep",
        ));
    }
    let mut reader = Deserializer::from_slice(bytes);
    reader.disable_recursion_limit();
    let value = Value::deserialize(&mut reader).map_err(no_json)?;
    reader.end().map_err(no_json)?;
    Ok(value)
}

/// Where it is wrong, and not what stands there.
fn no_json(error: serde_json::Error) -> Error {
    let (line, column) = (error.line(), error.column());
    let message = format!("no JSON: it is wrong at line {line}, column {column}");
    Error::new(ErrorKind::Json, "", message)
}

/// How deep the brackets outside of strings nest.
fn nesting(bytes: &[u8]) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let (mut quoted, mut escaped) = (false, false);
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => depth += 1,
            b']' | b'}' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// Indented by tabs, as Postman writes its files.
pub(crate) fn print(value: &Value) -> String {
    let mut bytes = Vec::new();
    let format = PrettyFormatter::with_indent(b"\t");
    let written = value.serialize(&mut Serializer::with_formatter(&mut bytes, format));
    debug_assert!(written.is_ok(), "a tree of JSON can be written");
    String::from_utf8(bytes).unwrap_or_default()
}

/// A value as the text that is sent for it.
pub(crate) fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

pub(crate) fn is_true(object: &Map<String, Value>, key: &str) -> bool {
    object.get(key) == Some(&Value::Bool(true))
}

/// Whether an entry of a list counts: neither `disabled` nor without `enabled`.
pub(crate) fn is_enabled(entry: &Map<String, Value>) -> bool {
    !is_true(entry, "disabled") && entry.get("enabled") != Some(&Value::Bool(false))
}

/// The text under `key`, empty if there is none.
pub(crate) fn str_of<'a>(object: &'a Map<String, Value>, key: &str) -> &'a str {
    object.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// The list under `key`; `null` and nothing are empty.
pub(crate) fn list_of<'a>(
    object: &'a Map<String, Value>,
    key: &str,
    path: &str,
) -> Result<&'a [Value]> {
    match object.get(key) {
        None | Some(Value::Null) => Ok(&[]),
        Some(Value::Array(list)) => Ok(list),
        Some(_) => Err(Error::shape(format!("{path}.{key}"), "this is no list")),
    }
}

/// The entries of a list that count, each with its place.
pub(crate) fn entries<'a>(
    list: &'a [Value],
    path: &str,
) -> impl Iterator<Item = Result<(String, &'a Map<String, Value>)>> {
    list.iter().enumerate().filter_map(move |(index, entry)| {
        let place = format!("{path}[{index}]");
        match entry.as_object() {
            Some(entry) => is_enabled(entry).then_some(Ok((place, entry))),
            None => Some(Err(Error::shape(place, "this is no JSON object"))),
        }
    })
}
