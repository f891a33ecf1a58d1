//! Files of format 1, as collections of format 2.1.
//!
//! Such a file has all its requests in one list and all its folders in another; each level has the ids of what is in it.

mod body;
mod request;

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::{Error, ErrorKind, Limits, Result, json};

pub(super) type Object = Map<String, Value>;

const SCHEMA: &str = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json";

/// Whether it is such a file.
pub(super) fn is(root: &Object) -> bool {
    !root.contains_key("item") && root.contains_key("requests")
}

/// The collection. What this crate does not know stays where it was.
pub(super) fn converted(mut root: Object, limits: &Limits) -> Result<Object> {
    let mut pool = Pool {
        folders: List::of(&mut root, "folders", limits)?,
        requests: List::of(&mut root, "requests", limits)?,
        limits,
    };
    pool.adopt(&mut root);
    let mut items = pool.children(&mut root, 0)?;
    pool.folders.all_taken()?;
    // Two with the same id: only one of them is found by it.
    let rest = std::mem::take(&mut pool.requests.entries);
    items.extend(rest.into_iter().flatten().map(request::item));
    let mut collection = Object::from_iter([
        ("info".to_owned(), info(&mut root)),
        ("item".to_owned(), Value::Array(items)),
    ]);
    level(&mut root);
    collection.extend(root);
    Ok(collection)
}

fn info(root: &mut Object) -> Value {
    let mut info = Object::new();
    for (old, new) in [
        ("id", "_postman_id"),
        ("name", "name"),
        ("description", "description"),
    ] {
        rename(root, old, &mut info, new);
    }
    info.insert("schema".to_owned(), SCHEMA.into());
    Value::Object(info)
}

/// Moves a member; one that is `null` goes.
fn rename(from: &mut Object, old: &str, to: &mut Object, new: &str) {
    if let Some(value) = from.shift_remove(old).filter(|value| !value.is_null()) {
        to.insert(new.to_owned(), value);
    }
}

/// What every level has. Helper attributes stay, as they are read where they are.
fn level(object: &mut Object) {
    parse(object, "helperAttributes");
    let variables = object.shift_remove("variables");
    if let Some(variables) = variables.filter(Value::is_array) {
        object.insert("variable".to_owned(), variables);
    }
    let events = object.shift_remove("events").filter(Value::is_array);
    let scripts = [("prerequest", "preRequestScript"), ("test", "tests")];
    let scripts = scripts.map(|(listen, key)| (listen, object.shift_remove(key)));
    if let Some(events) = events.or_else(|| scripts_of(scripts)) {
        object.insert("event".to_owned(), events);
    }
}

/// A JSON object that some versions wrote as text.
fn parse(object: &mut Object, key: &str) {
    let parsed = object.get(key).and_then(Value::as_str);
    let parsed = parsed.and_then(|text| serde_json::from_str(text).ok());
    if let Some(parsed) = parsed.filter(Value::is_object) {
        object.insert(key.to_owned(), parsed);
    }
}

fn scripts_of(scripts: [(&str, Option<Value>); 2]) -> Option<Value> {
    let code = scripts
        .into_iter()
        .filter_map(|(listen, code)| Some((listen, code.filter(|code| !code.is_null())?)));
    let events: Vec<_> = code
        .map(|(listen, code)| json!({"listen": listen, "script": {"exec": code}}))
        .collect();
    (!events.is_empty()).then_some(Value::Array(events))
}

/// What no level has taken yet.
struct Pool<'a> {
    folders: List,
    requests: List,
    limits: &'a Limits,
}

struct List {
    key: &'static str,
    entries: Vec<Option<Object>>,
    by_id: HashMap<String, usize>,
}

impl List {
    fn of(root: &mut Object, key: &'static str, limits: &Limits) -> Result<Self> {
        let list = match root.shift_remove(key) {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(list)) => list,
            Some(_) => return Err(Error::shape(key, "this is no list")),
        };
        if list.len() > limits.items {
            let message = "there are too many items: raise the limit";
            return Err(Error::new(ErrorKind::TooMany, key, message));
        }
        let mut read = Self {
            key,
            entries: Vec::with_capacity(list.len()),
            by_id: HashMap::new(),
        };
        for (index, entry) in list.into_iter().enumerate() {
            let Value::Object(entry) = entry else {
                let path = format!("{key}[{index}]");
                return Err(Error::shape(path, "this is no JSON object"));
            };
            if let Some(id) = id(&entry, "id") {
                read.by_id.insert(id, index);
            }
            read.entries.push(Some(entry));
        }
        Ok(read)
    }

    fn take(&mut self, id: &str) -> Option<Object> {
        self.entries[*self.by_id.get(id)?].take()
    }

    fn all_taken(&self) -> Result<()> {
        match self.entries.iter().position(Option::is_some) {
            None => Ok(()),
            Some(index) => Err(Error::shape(
                format!("{}[{index}]", self.key),
                "this folder lies in itself, or in one that does, or has the id of another",
            )),
        }
    }
}

fn id(object: &Object, key: &str) -> Option<String> {
    let id = object
        .get(key)
        .filter(|id| id.is_string() || id.is_number());
    id.map(json::text)
}

/// The ids that a level lists; one may be listed that is not there any more.
fn ids(object: &Object, key: &str) -> Vec<String> {
    let list = object.get(key).and_then(Value::as_array);
    list.into_iter().flatten().map(json::text).collect()
}

impl Pool<'_> {
    /// What no level lists goes to the folder that it names itself, or to the collection.
    fn adopt(&mut self, root: &mut Object) {
        for (list, order) in [("folders", "folders_order"), ("requests", "order")] {
            let levels = self.folders.entries.iter().flatten();
            let listed = levels.chain([&*root]).flat_map(|level| ids(level, order));
            let listed: std::collections::HashSet<_> = listed.collect();
            let entries = match list {
                "folders" => &self.folders.entries,
                _ => &self.requests.entries,
            };
            let lost = entries.iter().flatten().filter_map(|entry| {
                let own = id(entry, "id").filter(|own| !listed.contains(own))?;
                Some((own, id(entry, "folder")))
            });
            let lost: Vec<_> = lost.collect();
            for (own, parent) in lost {
                let parent = parent.and_then(|parent| self.folders.by_id.get(&parent));
                let parent = parent.and_then(|index| self.folders.entries[*index].as_mut());
                append(parent.unwrap_or(root), order, own);
            }
        }
    }

    /// The folders and requests of a level, in this order.
    fn children(&mut self, level: &mut Object, depth: usize) -> Result<Vec<Value>> {
        if depth > self.limits.folders() {
            let message = "folders lie too deep in each other: raise the limit";
            return Err(Error::new(ErrorKind::TooDeep, "folders", message));
        }
        let mut items = Vec::new();
        for id in ids(level, "folders_order") {
            if let Some(folder) = self.folders.take(&id) {
                items.push(self.folder(folder, depth + 1)?);
            }
        }
        for id in ids(level, "order") {
            items.extend(self.requests.take(&id).map(request::item));
        }
        level.shift_remove("folders_order");
        level.shift_remove("order");
        Ok(items)
    }

    fn folder(&mut self, mut folder: Object, depth: usize) -> Result<Value> {
        let items = self.children(&mut folder, depth)?;
        level(&mut folder);
        folder.insert("item".to_owned(), Value::Array(items));
        Ok(Value::Object(folder))
    }
}

fn append(level: &mut Object, order: &str, id: String) {
    match level.get_mut(order) {
        Some(Value::Array(list)) => list.push(id.into()),
        _ => drop(level.insert(order.to_owned(), json!([id]))),
    }
}
