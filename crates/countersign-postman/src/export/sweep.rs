//! Goes through a file and takes each secret out.

use serde_json::{Map, Value};

use super::names;
use crate::json;
use crate::variables::token;

/// Shorter values are found by their name alone: they would be found by chance elsewhere.
const SHORTEST: usize = 6;

/// Members that say what something is.
const STRUCTURE: [&str; 8] = [
    "currentHelper",
    "id",
    "key",
    "listen",
    "method",
    "mode",
    "name",
    "type",
];

/// The members of a variable that may hold its value.
const VALUES: [&str; 4] = ["value", "initialValue", "previousValue", "sessionValue"];

pub(super) struct Sweep {
    /// The text of the file, which no new name may stand in; `None` if secrets are only taken out.
    names: Option<String>,
    taken: Vec<Taken>,
}

struct Taken {
    variable: String,
    value: String,
}

impl Sweep {
    /// Leaves an empty text.
    pub(super) fn emptying() -> Self {
        Self {
            names: None,
            taken: Vec::new(),
        }
    }

    /// Leaves the name of a variable, none that stands in `text`.
    pub(super) fn moving(text: String) -> Self {
        Self {
            names: Some(text),
            taken: Vec::new(),
        }
    }

    /// The names and values of what was taken.
    pub(super) fn secrets(self) -> Vec<(String, String)> {
        let pair = |taken: Taken| (taken.variable, taken.value);
        self.taken.into_iter().map(pair).collect()
    }

    pub(super) fn all(&mut self, document: &mut Value) {
        self.value(document);
        self.elsewhere(document, &self.recognisable());
    }

    fn value(&mut self, value: &mut Value) {
        match value {
            Value::Array(list) => list.iter_mut().for_each(|value| self.value(value)),
            Value::Object(object) => {
                for (key, value) in object {
                    self.member(key, value);
                }
            }
            _ => {}
        }
    }

    fn member(&mut self, key: &str, value: &mut Value) {
        match (key, &mut *value) {
            ("auth", Value::Object(auth)) => self.auth(auth),
            ("helperAttributes", Value::Object(attributes)) => self.named(attributes),
            ("header" | "headers", Value::String(lines)) => *lines = self.header_lines(lines),
            ("url", Value::String(url)) => *url = self.url(url),
            ("url", Value::Object(url)) => self.url_object(url),
            (
                "header" | "query" | "urlencoded" | "formdata" | "variable" | "values" | "cookie"
                | "headers" | "headerData" | "queryParams" | "data",
                Value::Array(list),
            ) => list.iter_mut().for_each(|entry| self.entry(entry)),
            _ => self.value(value),
        }
    }

    /// Each type has its parameters under its own name, also those that are not in use.
    fn auth(&mut self, auth: &mut Map<String, Value>) {
        for (kind, parameters) in auth {
            match parameters {
                Value::Array(list) => {
                    for entry in list.iter_mut().filter_map(Value::as_object_mut) {
                        let key = json::str_of(entry, "key").to_owned();
                        if let Some(value) = entry.get_mut("value")
                            && names::is_secret_of(kind, &key)
                        {
                            self.take(&key, value);
                        }
                    }
                }
                Value::Object(map) => {
                    let secret = map
                        .iter_mut()
                        .filter(|(key, _)| names::is_secret_of(kind, key));
                    secret.for_each(|(key, value)| self.take(key, value));
                }
                other if names::is_secret(kind) => self.take(kind, other),
                _ => {}
            }
        }
    }

    fn named(&mut self, object: &mut Map<String, Value>) {
        let secret = object.iter_mut().filter(|(key, _)| names::is_secret(key));
        secret.for_each(|(key, value)| self.take(key, value));
    }

    fn entry(&mut self, entry: &mut Value) {
        let Value::Object(entry) = entry else { return };
        let name = ["key", "id", "name"]
            .iter()
            .find_map(|key| entry.get(*key)?.as_str());
        let name = name.unwrap_or_default().to_owned();
        if names::is_secret(&name) || json::str_of(entry, "type") == "secret" {
            let values = VALUES.iter();
            values.for_each(|key| {
                entry
                    .get_mut(*key)
                    .into_iter()
                    .for_each(|value| self.take(&name, value))
            });
        }
    }

    fn header_lines(&mut self, lines: &str) -> String {
        let line = |line: &str| match line.split_once(':') {
            Some((name, value)) if names::is_secret(name) => {
                format!("{name}: {}", self.taken_from(name.trim(), value.trim()))
            }
            _ => line.to_owned(),
        };
        let lines: Vec<_> = lines.split('\n').map(line).collect();
        lines.join("\n")
    }

    fn url_object(&mut self, url: &mut Map<String, Value>) {
        for (key, value) in url {
            match (key.as_str(), &mut *value) {
                ("raw", Value::String(raw)) => *raw = self.url(raw),
                // The credentials of old files.
                ("auth", Value::Object(user)) => self.named(user),
                // Where the parts have them, these stand in front of the first one.
                ("host", Value::String(host)) => *host = self.user(host),
                ("host", Value::Array(parts)) => {
                    if let Some(Value::String(first)) = parts.first_mut() {
                        *first = self.user(first);
                    }
                }
                _ => self.member(key, value),
            }
        }
    }

    /// The password and the secret parameters of a URL.
    fn url(&mut self, url: &str) -> String {
        let (front, query) = match url.split_once('?') {
            Some((front, query)) => (front, Some(query)),
            None => (url, None),
        };
        let front = self.user(front);
        let Some(query) = query else { return front };
        let pair = |pair: &str| match pair.split_once('=') {
            Some((name, value)) if names::is_secret(name) => {
                format!("{name}={}", self.taken_from(name, value))
            }
            _ => pair.to_owned(),
        };
        let pairs: Vec<_> = query.split('&').map(pair).collect();
        format!("{front}?{}", pairs.join("&"))
    }

    fn user(&mut self, front: &str) -> String {
        let host = front.find("://").map_or(0, |at| at + 3);
        let end = front[host..].find('/').map_or(front.len(), |at| host + at);
        let password = front[host..end]
            .rsplit_once('@')
            .and_then(|(user, _)| user.split_once(':'));
        match password {
            Some((user, password)) => {
                let (at, after) = (
                    host + user.len() + 1,
                    host + user.len() + 1 + password.len(),
                );
                let taken = self.taken_from("password", password);
                format!("{}{taken}{}", &front[..at], &front[after..])
            }
            None => front.to_owned(),
        }
    }

    fn take(&mut self, name: &str, value: &mut Value) {
        if !matches!(value, Value::Null | Value::Bool(_)) {
            *value = Value::String(self.taken_from(name, &json::text(value)));
        }
    }

    /// What stands in the place of this value from now on.
    fn taken_from(&mut self, name: &str, value: &str) -> String {
        if is_reference(value) {
            return value.to_owned();
        }
        let known = self.taken.iter().position(|taken| taken.value == value);
        let index = known.unwrap_or_else(|| {
            self.taken.push(Taken {
                variable: self.free_name(name),
                value: value.to_owned(),
            });
            self.taken.len() - 1
        });
        self.replacement(index)
    }

    fn replacement(&self, index: usize) -> String {
        match self.names {
            Some(_) => format!("{{{{{}}}}}", self.taken[index].variable),
            None => String::new(),
        }
    }

    fn free_name(&self, name: &str) -> String {
        let letter = |letter: char| {
            if letter.is_ascii_alphanumeric() {
                letter
            } else {
                '_'
            }
        };
        let name: String = format!("secret_{}", name.trim())
            .chars()
            .map(letter)
            .collect();
        let used = self.names.as_deref().unwrap_or_default();
        let is_free = |name: &String| {
            !used.contains(name.as_str()) && self.taken.iter().all(|taken| taken.variable != *name)
        };
        let numbered = (2_usize..).map(|number| format!("{name}_{number}"));
        let mut names = std::iter::once(name.clone()).chain(numbered);
        names.find(is_free).unwrap_or(name)
    }

    /// The values that can be told from other text, also from the names that took their place; the longest first.
    fn recognisable(&self) -> Vec<(&str, String)> {
        let is_name = |value: &str| {
            self.taken
                .iter()
                .any(|taken| taken.variable.contains(value))
        };
        let values = self.taken.iter().enumerate();
        let values = values.map(|(index, taken)| (taken.value.as_str(), self.replacement(index)));
        let mut long: Vec<_> = values
            .filter(|(value, _)| value.len() >= SHORTEST && !is_name(value))
            .collect();
        long.sort_by_key(|(value, _)| std::cmp::Reverse(value.len()));
        long
    }

    /// Puts these in the place of the values, wherever else they stand.
    fn elsewhere(&self, value: &mut Value, secrets: &[(&str, String)]) {
        match value {
            Value::String(text) => {
                for (secret, replacement) in secrets {
                    if text.contains(secret) {
                        *text = text.replace(secret, replacement);
                    }
                }
            }
            Value::Array(list) => list
                .iter_mut()
                .for_each(|value| self.elsewhere(value, secrets)),
            Value::Object(object) => {
                let contents = object.iter_mut();
                let contents = contents.filter(|(key, _)| !STRUCTURE.contains(&key.as_str()));
                contents.for_each(|(_, value)| self.elsewhere(value, secrets));
            }
            _ => {}
        }
    }
}

/// Whether there is nothing in it but names of variables, and perhaps the name of a scheme before them.
fn is_reference(value: &str) -> bool {
    let (mut rest, mut left) = (value, String::new());
    while let Some((before, _, after)) = token(rest) {
        left.push_str(before);
        rest = after;
    }
    left.push_str(rest);
    let left = left.trim();
    left.is_empty() || ["basic", "bearer", "token"].contains(&left.to_ascii_lowercase().as_str())
}
