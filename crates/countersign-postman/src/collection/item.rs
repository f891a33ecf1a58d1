//! [`Item`], one request of a collection.

use std::fmt;

use serde_json::{Map, Value};

use super::{Collection, EffectiveAuth, auth, index};
use crate::{Result, json};

/// A request of a [`Collection`].
#[derive(Clone, Copy)]
pub struct Item<'a> {
    collection: &'a Collection,
    place: &'a [u32],
}

/// A level on the way to a request: the collection, a folder, or the item of the request itself.
#[derive(Clone)]
pub(crate) struct Node<'a> {
    pub(crate) object: &'a Map<String, Value>,
    pub(super) place: &'a [u32],
}

impl<'a> Item<'a> {
    pub(super) fn new(collection: &'a Collection, place: &'a [u32]) -> Self {
        Self { collection, place }
    }

    /// The request's name; empty if it has none.
    pub fn name(&self) -> &'a str {
        json::str_of(self.object(), "name")
    }

    /// The names of the folders that it is in, the outermost first.
    pub fn folders(&self) -> Vec<&'a str> {
        let mut names: Vec<_> = self
            .below()
            .map(|node| json::str_of(node.object, "name"))
            .collect();
        names.pop();
        names
    }

    /// Its place in the file: `item[0].item[3]`.
    pub fn path(&self) -> String {
        index::path(self.place)
    }

    /// Its JSON.
    pub fn object(&self) -> &'a Map<String, Value> {
        self.below()
            .last()
            .map_or_else(|| self.collection.root(), |node| node.object)
    }

    /// What authenticates it, and which level says so.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Shape`](crate::ErrorKind::Shape) where an `auth` on the way is no object, or its type no text.
    pub fn effective_auth(&self) -> Result<EffectiveAuth<'a>> {
        auth::effective(*self)
    }

    pub(super) fn is_called(&self, name: &str) -> bool {
        let mut path = self.folders();
        path.push(self.name());
        self.name() == name || path.join("/") == name
    }

    pub(crate) fn collection(&self) -> &'a Collection {
        self.collection
    }

    /// The collection, the folders and the item, in this order.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = Node<'a>> + use<'a> {
        let root = Node {
            object: self.collection.root(),
            place: &[],
        };
        std::iter::once(root).chain(self.below())
    }

    fn below(&self) -> impl Iterator<Item = Node<'a>> + use<'a> {
        let place = self.place;
        let mut object = self.collection.root();
        (0..place.len()).map_while(move |depth| {
            let index = usize::try_from(place[depth]).ok()?;
            object = object.get("item")?.get(index)?.as_object()?;
            let place = &place[..=depth];
            Some(Node { object, place })
        })
    }
}

impl fmt::Debug for Item<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Item")
            .field("name", &self.name())
            .field("path", &self.path())
            .finish_non_exhaustive()
    }
}
