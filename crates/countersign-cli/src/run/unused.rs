//! What stands in a collection and has no effect here: it is named, and not passed over.

use countersign_postman::Collection;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::collection::place::{self, Object, is_in};

/// Something that has no effect.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Unused {
    /// `test script`, or the name of a setting.
    pub(super) what: String,
    /// The names on the way to who has it.
    pub(super) of: String,
    #[serde(skip)]
    pub(super) is_script: bool,
}

/// Settings that are obeyed; `maxRedirects` and the others by [`Profile`](super::profile::Profile), the body's by the
/// library.
const OBEYED: [&str; 4] = [
    "disableBodyPruning",
    "disableCookies",
    "followRedirects",
    "maxRedirects",
];

/// Settings that say what is done in any case.
fn is_usual(name: &str, value: &Value) -> bool {
    match (name, value) {
        ("strictSSL", Value::Bool(strict)) => *strict,
        ("protocolVersion", Value::String(version)) => version == "auto",
        (_, Value::Null | Value::Bool(false)) => true,
        (_, Value::Array(list)) => list.is_empty(),
        (_, Value::Object(object)) => object.is_empty(),
        (_, Value::String(text)) => text.is_empty(),
        _ => false,
    }
}

/// What has no effect of the collection, or of what is around and in these places.
pub(super) fn of(collection: &Collection, places: &[String]) -> Vec<Unused> {
    let concerns = |place: &str| {
        let related = |wanted: &String| is_in(place, wanted) || is_in(wanted, place);
        places.is_empty() || places.iter().any(related)
    };
    let mut unused = scripts(collection, &concerns);
    let root = place::levels(collection, "");
    for object in root {
        settings(object, "", "", &concerns, &mut unused);
    }
    for unused in &mut unused {
        if unused.of.is_empty() {
            collection.name().clone_into(&mut unused.of);
        }
    }
    unused
}

fn scripts(collection: &Collection, concerns: &impl Fn(&str) -> bool) -> Vec<Unused> {
    let scripts = collection.scripts().into_iter();
    let placed = scripts.map(|script| {
        let place = script.path.rsplit_once(".event[").map(|(place, _)| place);
        (place.unwrap_or_default().to_owned(), script.listen)
    });
    let concerned = placed.filter(|(place, _)| concerns(place));
    let unused = |(place, listen): (String, String)| Unused {
        what: format!("{listen} script"),
        of: place::name(collection, &place),
        is_script: true,
    };
    concerned.map(unused).collect()
}

/// Those of a level and what is below it.
fn settings(
    object: &Object,
    place: &str,
    of: &str,
    concerns: &impl Fn(&str) -> bool,
    unused: &mut Vec<Unused>,
) {
    if !concerns(place) {
        return;
    }
    let one = |what: &str| Unused {
        what: what.to_owned(),
        of: of.to_owned(),
        is_script: false,
    };
    unused.extend(ignored(object).map(one));
    let items = object.get("item").and_then(Value::as_array);
    for (index, item) in items.into_iter().flatten().enumerate() {
        if let Some(item) = item.as_object() {
            let place = join(place, ".", &format!("item[{index}]"));
            let of = join(of, "/", place::called(item));
            settings(item, &place, &of, concerns, unused);
        }
    }
}

fn join(first: &str, between: &str, second: &str) -> String {
    match first.is_empty() {
        true => second.to_owned(),
        false => format!("{first}{between}{second}"),
    }
}

/// The names of the settings of one level that have no effect.
fn ignored(object: &Object) -> impl Iterator<Item = &str> {
    let of = |key| object.get(key).and_then(Value::as_object);
    let profile = of("protocolProfileBehavior").into_iter().flatten();
    let profile = profile
        .filter(|(name, value)| !OBEYED.contains(&name.as_str()) && !is_usual(name, value))
        .map(|(name, _)| name.as_str());
    let own = ["proxy", "certificate"];
    let own = own
        .into_iter()
        .filter(move |key| of("request").is_some_and(|request| is_on(request, key)));
    profile.chain(own)
}

fn is_on(request: &Map<String, Value>, key: &str) -> bool {
    let object = request.get(key).and_then(Value::as_object);
    object.is_some_and(|object| object.get("disabled") != Some(&Value::Bool(true)))
}
