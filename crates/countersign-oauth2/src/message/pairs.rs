//! Names and values, as forms, queries and fragments have them.

use std::collections::HashSet;

use serde_json::{Map, Value};
use url::form_urlencoded;

/// The pairs of a form, decoded.
pub(crate) fn decode(form: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(form.as_bytes())
        .into_owned()
        .collect()
}

/// The pairs as a form.
pub(crate) fn encode<N: AsRef<str>, V: AsRef<str>>(pairs: &[(N, V)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}

/// The first name of `known` that stands there more than once: RFC 6749 section 3.1 forbids it.
pub(crate) fn repeated<'a>(pairs: &'a [(String, String)], known: &[&str]) -> Option<&'a str> {
    let mut seen = HashSet::new();
    let names = pairs.iter().map(|(name, _)| name.as_str());
    names
        .filter(|name| known.contains(name))
        .find(|name| !seen.insert(*name))
}

/// The value of `name`.
pub(crate) fn get<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let mut found = pairs.iter().filter(|(known, _)| known == name);
    found.next().map(|(_, value)| value.as_str())
}

/// The pairs as a JSON object of texts; `None` if a name stands there twice.
pub(crate) fn object(pairs: Vec<(String, String)>) -> Option<Map<String, Value>> {
    let mut object = Map::new();
    pairs
        .into_iter()
        .all(|(name, value)| object.insert(name, value.into()).is_none())
        .then_some(object)
}
