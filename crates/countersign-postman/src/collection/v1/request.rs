//! A request of format 1, as an item.

use serde_json::{Value, json};

use super::{Object, body, level, parse, rename};
use crate::json;

/// What stands in the item; all else that is known is the request's.
const OF_THE_REQUEST: [&str; 5] = [
    "method",
    "auth",
    "currentHelper",
    "helperAttributes",
    "description",
];

/// What begins a header that is switched off.
const COMMENT: &str = "//";

pub(super) fn item(mut old: Object) -> Value {
    let mut item = Object::new();
    rename(&mut old, "name", &mut item, "name");
    let mut request = Object::new();
    level(&mut old);
    for key in OF_THE_REQUEST {
        if let Some(value) = old.shift_remove(key) {
            request.insert(key.to_owned(), value);
        }
    }
    request.insert("header".to_owned(), Value::Array(headers(&mut old)));
    if let Some(body) = body::of(&mut old) {
        request.insert("body".to_owned(), body);
    }
    request.insert("url".to_owned(), url(&mut old));
    item.insert("request".to_owned(), Value::Object(request));
    if let Some(responses) = old.shift_remove("responses") {
        item.insert("response".to_owned(), examples(responses));
    }
    item.extend(old);
    Value::Object(item)
}

/// The URL as it stands, with the parameters that stand beside it in place of its own.
fn url(old: &mut Object) -> Value {
    let mut url = Object::new();
    rename(old, "url", &mut url, "raw");
    let query = list(old, "queryParams");
    if !query.is_empty() {
        let query = query.into_iter().map(parameter).collect();
        url.insert("query".to_owned(), Value::Array(query));
    }
    let mut variables = list(old, "pathVariableData");
    if let Some(Value::Object(map)) = old.shift_remove("pathVariables") {
        let known = |key: &String| variables.iter().any(|entry| entry["key"] == key.as_str());
        let more: Vec<_> = map.into_iter().filter(|(key, _)| !known(key)).collect();
        let more = more
            .into_iter()
            .map(|(key, value)| json!({"key": key, "value": value}));
        variables.extend(more);
    }
    if !variables.is_empty() {
        url.insert("variable".to_owned(), Value::Array(variables));
    }
    Value::Object(url)
}

/// Whether a parameter without a value has its `=` is told beside it.
fn parameter(mut parameter: Value) -> Value {
    let Some(entry) = parameter.as_object_mut() else {
        return parameter;
    };
    let is_empty = json::text(entry.get("value").unwrap_or(&Value::Null)).is_empty();
    match entry.shift_remove("equals") {
        Some(Value::Bool(true)) if is_empty => drop(entry.insert("value".to_owned(), "".into())),
        Some(Value::Bool(false)) if is_empty => drop(entry.insert("value".to_owned(), Value::Null)),
        _ => {}
    }
    parameter
}

/// Those of the list, and then those of the text that are not in it.
fn headers(old: &mut Object) -> Vec<Value> {
    let mut headers = list(old, "headerData");
    headers.iter_mut().for_each(uncommented);
    match old.shift_remove("headers") {
        Some(Value::Array(list)) => return list,
        Some(Value::String(text)) => {
            let known = |line: &Value| headers.iter().any(|header| header["key"] == line["key"]);
            let more: Vec<_> = lines(&text).filter(|line| !known(line)).collect();
            headers.extend(more);
        }
        _ => {}
    }
    headers
}

/// A line that has no name stays whole, so that what reads the headers tells of it.
fn lines(text: &str) -> impl Iterator<Item = Value> + '_ {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines.map(|line| {
        // A comment may hold a colon that is no end of a name.
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let mut header = json!({"key": name.trim(), "value": value.trim()});
        uncommented(&mut header);
        header
    })
}

fn uncommented(header: &mut Value) {
    let name = header["key"]
        .as_str()
        .and_then(|key| key.strip_prefix(COMMENT));
    if let Some(name) = name.map(|name| name.trim().to_owned()) {
        header["key"] = name.into();
        header["disabled"] = true.into();
    }
}

/// Each may have its request as text.
fn examples(mut responses: Value) -> Value {
    for response in responses.as_array_mut().into_iter().flatten() {
        let Some(response) = response.as_object_mut() else {
            continue;
        };
        for key in ["request", "requestObject"] {
            parse(response, key);
            if let Some(Value::Object(request)) = response.get_mut(key) {
                parse(request, "helperAttributes");
            }
        }
    }
    responses
}

pub(super) fn list(object: &mut Object, key: &str) -> Vec<Value> {
    match object.shift_remove(key) {
        Some(Value::Array(list)) => list,
        _ => Vec::new(),
    }
}
