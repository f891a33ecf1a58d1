//! [`Script`], which this crate knows of and does not run.

use serde_json::{Map, Value};

use crate::json;

/// A script in a collection.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Script {
    /// Its place in the file: `item[0].event[1]`.
    pub path: String,
    /// The name of the collection, folder or request that has it.
    pub of: String,
    /// When it would run: `prerequest` or `test`.
    pub listen: String,
}

/// All that hold more than white space.
pub(super) fn all(root: &Map<String, Value>) -> Vec<Script> {
    let mut found = Vec::new();
    let info = root.get("info").and_then(Value::as_object);
    own(
        root,
        "",
        info.map_or("", |info| json::str_of(info, "name")),
        &mut found,
    );
    below(root, "", &mut found);
    found
}

fn below(object: &Map<String, Value>, path: &str, found: &mut Vec<Script>) {
    for (index, item) in objects(object, "item") {
        let place = format!("{path}item[{index}].");
        own(item, &place, json::str_of(item, "name"), found);
        below(item, &place, found);
    }
}

fn own(object: &Map<String, Value>, path: &str, name: &str, found: &mut Vec<Script>) {
    let full = objects(object, "event").filter(|(_, event)| has_code(event));
    found.extend(full.map(|(index, event)| Script {
        path: format!("{path}event[{index}]"),
        of: name.to_owned(),
        listen: json::str_of(event, "listen").to_owned(),
    }));
}

fn objects<'a>(
    object: &'a Map<String, Value>,
    key: &str,
) -> impl Iterator<Item = (usize, &'a Map<String, Value>)> {
    let list = object.get(key).and_then(Value::as_array);
    let list = list.into_iter().flatten().enumerate();
    list.filter_map(|(index, value)| Some((index, value.as_object()?)))
}

/// A script of other places is code that cannot be seen here.
fn has_code(event: &Map<String, Value>) -> bool {
    let script = event.get("script");
    match script.and_then(|script| {
        script
            .get("exec")
            .or_else(|| script.get("src"))
            .or(Some(script))
    }) {
        Some(Value::String(code)) => !code.trim().is_empty(),
        Some(Value::Array(lines)) => lines.iter().any(|line| !json::text(line).trim().is_empty()),
        Some(Value::Object(script)) => script.contains_key("src"),
        _ => false,
    }
}
