//! The body of a request of format 1.

use serde_json::{Value, json};

use super::Object;

/// Modes, and what they are called now.
const MODES: [(&str, &str); 5] = [
    ("raw", "raw"),
    ("urlencoded", "urlencoded"),
    ("params", "formdata"),
    ("binary", "file"),
    ("graphql", "graphql"),
];

/// `None` if there is none. A mode that is not known stays, so that what makes the body tells of it.
pub(super) fn of(old: &mut Object) -> Option<Value> {
    let [data, raw, graphql] =
        ["data", "rawModeData", "graphqlModeData"].map(|key| content(old.shift_remove(key)));
    let raw = raw.map(sole);
    let named = old.shift_remove("dataMode");
    let options = old.shift_remove("dataOptions");
    let disabled = old.shift_remove("dataDisabled") == Some(Value::Bool(true));
    let mode = match &named {
        Some(Value::Null) => return None,
        Some(Value::String(name)) => renamed(name).to_owned(),
        _ => inferred(data.as_ref(), raw.as_ref(), graphql.as_ref())?.to_owned(),
    };
    let content = match mode.as_str() {
        "raw" => raw.or(data).filter(Value::is_string),
        "graphql" => graphql.or(data),
        "file" => raw.map(|path| json!({"src": path})),
        "formdata" => data.or(raw).map(files),
        _ => data.or(raw),
    };
    let mut body = Object::from_iter([("mode".to_owned(), Value::String(mode.clone()))]);
    if let Some(content) = content {
        body.insert(mode, content);
    }
    if let Some(options) = options.and_then(renamed_options) {
        body.insert("options".to_owned(), options);
    }
    if disabled {
        body.insert("disabled".to_owned(), true.into());
    }
    Some(Value::Object(body))
}

/// Nothing, and a list without an entry, is none.
fn content(value: Option<Value>) -> Option<Value> {
    value.filter(|value| match value {
        Value::Null => false,
        Value::Array(list) => !list.is_empty(),
        Value::String(text) => !text.is_empty(),
        _ => true,
    })
}

/// A text may be alone in a list.
fn sole(value: Value) -> Value {
    match value {
        Value::Array(mut list) if list.len() == 1 && list[0].is_string() => list.remove(0),
        other => other,
    }
}

fn renamed(name: &str) -> &str {
    let known = MODES.iter().find(|(old, _)| *old == name);
    known.map_or(name, |(_, new)| new)
}

/// Where a file names no mode, its content tells it.
fn inferred(
    data: Option<&Value>,
    raw: Option<&Value>,
    graphql: Option<&Value>,
) -> Option<&'static str> {
    let is_text = raw.is_some_and(Value::is_string);
    match (data.or(raw), graphql) {
        (Some(Value::Array(_)), _) if !is_text => Some("formdata"),
        (_, Some(_)) if !is_text => Some("graphql"),
        (None, _) => None,
        _ => Some("raw"),
    }
}

/// A part that is a file had its path as its value.
fn files(mut parts: Value) -> Value {
    let parts_of = parts.as_array_mut().into_iter().flatten();
    let files = parts_of
        .filter_map(Value::as_object_mut)
        .filter(|part| part.get("type") == Some(&"file".into()) && !part.contains_key("src"));
    for file in files {
        if let Some(path) = file.shift_remove("value") {
            file.insert("src".to_owned(), path);
        }
    }
    parts
}

fn renamed_options(options: Value) -> Option<Value> {
    let Value::Object(options) = options else {
        return None;
    };
    let options = options.into_iter();
    let named = options.map(|(mode, value)| (renamed(&mode).to_owned(), value));
    Some(Value::Object(named.collect()))
}
