//! Where the requests of a collection are.

use serde_json::{Map, Value};

use crate::{Error, ErrorKind, Limits, Result};

/// The place of each request: the index in every list on the way to it.
pub(super) fn requests(root: &Map<String, Value>, limits: &Limits) -> Result<Vec<Box<[u32]>>> {
    let Some(items) = root.get("item") else {
        return Err(Error::shape(
            "",
            "there is neither `item` nor `requests`: this is no collection",
        ));
    };
    let mut walk = Walk {
        limits,
        items: 0,
        place: Vec::new(),
        found: Vec::new(),
    };
    walk.list(items)?;
    Ok(walk.found)
}

struct Walk<'a> {
    limits: &'a Limits,
    items: usize,
    place: Vec<u32>,
    found: Vec<Box<[u32]>>,
}

impl Walk<'_> {
    fn list(&mut self, items: &Value) -> Result<()> {
        let Value::Array(items) = items else {
            return Err(Error::shape(self.path() + "item", "this is no list"));
        };
        if self.place.len() > self.limits.depth {
            return Err(self.beyond(ErrorKind::TooDeep, "folders lie too deep in each other"));
        }
        for (index, item) in (0..).zip(items) {
            self.place.push(index);
            self.item(item)?;
            self.place.pop();
        }
        Ok(())
    }

    fn item(&mut self, item: &Value) -> Result<()> {
        self.items += 1;
        if self.items > self.limits.items {
            return Err(self.beyond(ErrorKind::TooMany, "there are too many items"));
        }
        let Some(item) = item.as_object() else {
            return Err(Error::shape(path(&self.place), "an item is a JSON object"));
        };
        match item.get("item") {
            Some(items) => self.list(items)?,
            None => self.found.push(self.place.as_slice().into()),
        }
        Ok(())
    }

    fn beyond(&self, kind: ErrorKind, message: &'static str) -> Error {
        Error::new(
            kind,
            path(&self.place),
            format!("{message}: raise the limit"),
        )
    }

    fn path(&self) -> String {
        match self.place.as_slice() {
            [] => String::new(),
            place => path(place) + ".",
        }
    }
}

/// `item[0].item[3]`.
pub(super) fn path(place: &[u32]) -> String {
    let steps: Vec<_> = place.iter().map(|index| format!("item[{index}]")).collect();
    steps.join(".")
}
