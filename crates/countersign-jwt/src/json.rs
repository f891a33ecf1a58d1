//! [`Members`], a JSON object that keeps the order of its members and the text of its values.

use std::fmt;

use countersign_core::{Error, Result};
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

/// The members of one object, each a name and its value as JSON text without needless space.
#[derive(Clone, Default)]
pub(crate) struct Members(Vec<(String, String)>);

impl Members {
    /// Reads what a user gave as the token's `what`; nothing and `null` are an object without members.
    pub(crate) fn given(text: &str, what: &str) -> Result<Self> {
        match text.trim() {
            "" | "null" => Ok(Self::default()),
            text => Self::read(text.as_bytes()).ok_or_else(|| {
                Error::configuration(format!(
                    "the token's {what} has to be one JSON object that names no member twice"
                ))
            }),
        }
    }

    /// Reads an object; `None` if the bytes are none, or one that names a member twice (RFC 7515 section 4).
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }

    /// The text of a value.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// A value that is a string.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        serde_json::from_str(self.get(name)?).ok()
    }

    /// Gives a member this value: in its place, or at the end.
    pub(crate) fn set(&mut self, name: &str, value: &Value) {
        let value = value.to_string();
        match self.0.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => *old = value,
            None => self.0.push((name.to_owned(), value)),
        }
    }

    /// Gives a member this value: in its place, or before all others.
    pub(crate) fn set_first(&mut self, name: &str, value: &Value) {
        if self.get(name).is_none() {
            self.0.insert(0, (name.to_owned(), String::new()));
        }
        self.set(name, value);
    }

    /// Names and values as JSON text, in their order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (&**name, &**value))
    }

    /// A name as JSON text.
    pub(crate) fn quoted(name: &str) -> String {
        Value::from(name).to_string()
    }

    /// The object, without space between its parts.
    pub(crate) fn write(&self) -> String {
        let mut out = String::from("{");
        for (index, (name, value)) in self.iter().enumerate() {
            if index > 0 {
                out.push(',');
            }
            out += &Self::quoted(name);
            out.push(':');
            out += value;
        }
        out + "}"
    }

    fn has_duplicates(&self) -> bool {
        let mut names: Vec<_> = self.0.iter().map(|(name, _)| name).collect();
        names.sort_unstable();
        names.windows(2).any(|pair| pair[0] == pair[1])
    }
}

/// JSON text without the space outside of its strings.
fn compact(text: &str) -> String {
    let (mut in_string, mut escaped) = (false, false);
    let keep = |character: &char| {
        let quote = *character == '"' && !escaped;
        escaped = in_string && !escaped && *character == '\\';
        in_string ^= quote;
        in_string || !character.is_ascii_whitespace()
    };
    text.chars().filter(keep).collect()
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Members;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
        let mut members = Vec::new();
        while let Some((name, value)) = map.next_entry::<String, Box<RawValue>>()? {
            members.push((name, compact(value.get())));
        }
        let members = Members(members);
        match members.has_duplicates() {
            true => Err(A::Error::custom("a member is given twice")),
            false => Ok(members),
        }
    }
}
