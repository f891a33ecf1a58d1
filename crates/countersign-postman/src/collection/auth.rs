//! Which `auth` object holds for a request.

use std::borrow::Cow;
use std::fmt;

use serde_json::{Map, Value};

use super::item::Node;
use super::{Item, index, legacy};
use crate::{Error, Result, json};

/// The level that supplied an authentication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level<'a> {
    /// The request itself.
    Request,
    /// A folder of this name.
    Folder(&'a str),
    /// The collection.
    Collection,
}

/// The authentication that holds for a request, before its variables are resolved.
///
/// The nearest level with a type counts, as a whole: parameters are never merged. `auth` that is absent, `null`, without a
/// type or of the type `inherit` looks further up; `noauth` ends the search. `Debug` shows no parameter.
#[derive(Clone)]
pub struct EffectiveAuth<'a>(Option<Found<'a>>);

#[derive(Clone)]
struct Found<'a> {
    level: Level<'a>,
    path: String,
    object: Cow<'a, Map<String, Value>>,
}

impl<'a> EffectiveAuth<'a> {
    /// Who supplied it; `None` if no level says anything.
    pub fn level(&self) -> Option<Level<'a>> {
        self.0.as_ref().map(|found| found.level)
    }

    /// The name of its type, which need not be known: `"basic"`. `None` if no level says anything.
    pub fn type_name(&self) -> Option<&str> {
        let found = self.0.as_ref()?;
        found.object.get("type").and_then(Value::as_str)
    }

    /// Its place in the file: `item[0].auth`. Empty if no level says anything.
    pub fn path(&self) -> &str {
        self.0.as_ref().map_or("", |found| &found.path)
    }

    /// The object itself, in the format of version 2; it may hold secrets.
    pub fn object(&self) -> Option<&Map<String, Value>> {
        self.0.as_ref().map(|found| &*found.object)
    }
}

pub(super) fn effective(item: Item<'_>) -> Result<EffectiveAuth<'_>> {
    let mut nodes: Vec<_> = item.nodes().collect();
    // A folder has no request of its own.
    let own = nodes.pop_if(|node| !node.object.contains_key("item"));
    let own = own.and_then(|node| node.object.get("request"));
    if let Some(request) = own.and_then(Value::as_object) {
        let path = || format!("{}.request.auth", item.path());
        if let Some(found) = of(request, Level::Request, path)? {
            return Ok(EffectiveAuth(Some(found)));
        }
    }
    for node in nodes.iter().rev() {
        if let Some(found) = of(node.object, level(node), || path(node))? {
            return Ok(EffectiveAuth(Some(found)));
        }
    }
    Ok(EffectiveAuth(None))
}

fn level<'a>(node: &Node<'a>) -> Level<'a> {
    match node.place {
        [] => Level::Collection,
        _ => Level::Folder(json::str_of(node.object, "name")),
    }
}

fn path(node: &Node<'_>) -> String {
    match node.place {
        [] => "auth".to_owned(),
        place => format!("{}.auth", index::path(place)),
    }
}

/// What a level says; `None` if it inherits.
fn of<'a>(
    object: &'a Map<String, Value>,
    level: Level<'a>,
    path: impl Fn() -> String,
) -> Result<Option<Found<'a>>> {
    let auth = match object.get("auth") {
        None | Some(Value::Null) => legacy::auth(object).map(Cow::Owned),
        Some(Value::Object(auth)) => speaks(auth, &path)?.then_some(Cow::Borrowed(auth)),
        Some(_) => return Err(Error::shape(path(), "this is no JSON object")),
    };
    Ok(auth.map(|object| Found {
        level,
        path: path(),
        object,
    }))
}

/// Whether an object has a type of its own.
fn speaks(auth: &Map<String, Value>, path: &impl Fn() -> String) -> Result<bool> {
    match auth.get("type") {
        None | Some(Value::Null) => Ok(false),
        Some(Value::String(kind)) => Ok(kind != "inherit"),
        Some(_) => Err(Error::shape(
            path() + ".type",
            "the type of an auth object is a text",
        )),
    }
}

impl fmt::Debug for EffectiveAuth<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EffectiveAuth")
            .field("type", &self.type_name())
            .field("level", &self.level())
            .field("path", &self.path())
            .finish()
    }
}
