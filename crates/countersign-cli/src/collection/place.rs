//! Where things are in a collection.

use countersign_postman::{Collection, Item};
use serde_json::{Map, Value};

/// A level of a collection.
pub(crate) type Object = Map<String, Value>;

/// The collection itself, then what is on the way to this place (`item[0].item[3]`), that last.
pub(crate) fn levels<'a>(collection: &'a Collection, place: &str) -> Vec<&'a Object> {
    let mut value = root(collection);
    let below = place.split('.').map_while(|step| {
        let index: usize = step
            .strip_prefix("item[")?
            .strip_suffix(']')?
            .parse()
            .ok()?;
        value = value.get("item")?.get(index)?;
        value.as_object()
    });
    let below: Vec<_> = below.collect();
    root(collection)
        .as_object()
        .into_iter()
        .chain(below)
        .collect()
}

/// The collection, also where a service wrapped it in an object.
fn root(collection: &Collection) -> &Value {
    let document = collection.as_value();
    let wrapped = document.get("collection");
    wrapped
        .filter(|_| document.get("item").is_none())
        .unwrap_or(document)
}

/// The names on the way to a place, with slashes; the collection's own name for the collection.
pub(crate) fn name(collection: &Collection, place: &str) -> String {
    let names: Vec<_> = levels(collection, place)
        .into_iter()
        .skip(1)
        .map(called)
        .collect();
    match names.is_empty() {
        true => collection.name().to_owned(),
        false => names.join("/"),
    }
}

/// The name of a level; empty if it has none.
pub(crate) fn called(object: &Object) -> &str {
    object
        .get("name")
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// The names of a request's folders and its own, with slashes.
pub(crate) fn path_of(item: Item<'_>) -> String {
    let mut names = item.folders();
    names.push(item.name());
    names.join("/")
}

/// Whether `place` is `around` or in it; everything is in the collection, whose place is empty.
pub(crate) fn is_in(place: &str, around: &str) -> bool {
    match place.strip_prefix(around) {
        Some(rest) => around.is_empty() || rest.is_empty() || rest.starts_with('.'),
        None => false,
    }
}

/// `text` without what would steer a terminal.
pub(crate) fn printable(text: &str) -> String {
    let shown = |letter: char| match letter.is_control() {
        true => char::REPLACEMENT_CHARACTER,
        false => letter,
    };
    text.chars().map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::{is_in, printable};

    #[test]
    fn a_place_is_in_itself_and_what_is_around_it() {
        for around in ["", "item[1]", "item[1].item[2]"] {
            assert!(is_in("item[1].item[2]", around), "{around}");
        }
        for around in ["item[1].item[2].item[0]", "item[2]", "item[1].item"] {
            assert!(!is_in("item[1].item[2]", around), "{around}");
        }
        assert!(!is_in("item[11]", "item[1]"));
    }

    #[test]
    fn names_do_not_steer_a_terminal() {
        assert_eq!(printable("a\u{1b}[2Jb\n"), "a\u{fffd}[2Jb\u{fffd}");
    }
}
