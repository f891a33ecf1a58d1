//! Where a folder is.

use serde_json::{Map, Value};

use crate::{Error, ErrorKind, Result, json};

/// The place of the one folder of this name, or of this path of names; of the collection itself where it is empty.
pub(super) fn place(root: &Map<String, Value>, name: &str) -> Result<Vec<u32>> {
    let mut search = Search {
        name,
        names: Vec::new(),
        place: Vec::new(),
        found: Vec::new(),
    };
    if name.is_empty() {
        return Ok(search.place);
    }
    search.below(root);
    let wrong = |message| Error::new(ErrorKind::Item, "", message);
    match search.found.len() {
        1 => Ok(search.found.remove(0)),
        0 => Err(wrong("no folder has this name")),
        _ => Err(wrong(
            "several folders have this name: put those that they are in before it, with slashes",
        )),
    }
}

struct Search<'a> {
    name: &'a str,
    names: Vec<&'a str>,
    place: Vec<u32>,
    found: Vec<Vec<u32>>,
}

impl<'a> Search<'a> {
    fn below(&mut self, object: &'a Map<String, Value>) {
        let items = object.get("item").and_then(Value::as_array);
        for (index, item) in (0..).zip(items.into_iter().flatten()) {
            let Some(folder) = item.as_object().filter(|item| item.contains_key("item")) else {
                continue;
            };
            self.place.push(index);
            self.names.push(json::str_of(folder, "name"));
            if self.names.last() == Some(&self.name) || self.names.join("/") == self.name {
                self.found.push(self.place.clone());
            }
            self.below(folder);
            self.names.pop();
            self.place.pop();
        }
    }
}
