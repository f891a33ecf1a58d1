//! [`Plan`], what is run.

use countersign_postman::{Collection, Item, Scope};

use super::data;
use super::unused::{self, Unused};
use crate::args::RunArgs;
use crate::collection::Source;
use crate::collection::place::is_in;
use crate::exit::Failure;

/// What is run, in which order, and what is not.
pub(super) struct Plan<'a> {
    pub(super) name: &'a str,
    pub(super) items: Vec<Item<'a>>,
    /// The data of each iteration.
    pub(super) rows: Vec<Scope>,
    pub(super) unused: Vec<Unused>,
}

impl<'a> Plan<'a> {
    pub(super) fn new(args: &RunArgs, source: &'a Source) -> Result<Self, Failure> {
        let collection = &source.collection;
        let places = args.folder.iter().map(|name| place(collection, name));
        let places: Vec<_> = places.collect::<Result<_, _>>()?;
        let is_wanted = |item: &Item<'_>| places.is_empty() || is_among(&item.path(), &places);
        let rows = match &args.data {
            Some(path) => data::rows(path)?,
            None => vec![Scope::default()],
        };
        Ok(Self {
            name: collection.name(),
            items: collection.requests().filter(is_wanted).collect(),
            rows,
            unused: unused::of(collection, &places),
        })
    }

    /// How many requests that are.
    pub(super) fn len(&self) -> usize {
        self.items.len() * self.rows.len()
    }
}

fn is_among(path: &str, places: &[String]) -> bool {
    places.iter().any(|place| is_in(path, place))
}

/// The place of the one folder or request of this name.
fn place(collection: &Collection, name: &str) -> Result<String, Failure> {
    let mut found: Option<String> = None;
    for item in collection.requests() {
        let Some(depth) = depth(item, name) else {
            continue;
        };
        let path = item.path();
        let place = path.split('.').take(depth).collect::<Vec<_>>().join(".");
        if found.as_ref().is_some_and(|found| *found != place) {
            return Err(Failure::usage(format!(
                "--folder {name}: there are several: put the names of the folders around it before it, with slashes"
            )));
        }
        found = Some(place);
    }
    let none = || {
        Failure::usage(format!(
            "--folder {name}: there is none with a request in it"
        ))
    };
    found.ok_or_else(none)
}

/// How many steps into the collection it is to the folder of this name that the request is in, or to the request.
fn depth(item: Item<'_>, name: &str) -> Option<usize> {
    let mut names = item.folders();
    names.push(item.name());
    let mut path = String::new();
    let is_called = |one: &&str| {
        path.push_str(one);
        let is_it = *one == name || path == name;
        path.push('/');
        is_it
    };
    Some(names.iter().position(is_called)? + 1)
}
