//! Keeps secrets out of what is printed.

mod header;
mod needle;
mod open;
mod pairs;

use std::borrow::Cow;

use countersign::Secret;
use http::{HeaderName, HeaderValue};

use needle::Needle;

/// What stands where a secret was.
pub(crate) const REDACTED: &str = "[redacted]";

/// Replaces the secrets that it was told, in any of their encodings.
#[derive(Clone, Default)]
pub(crate) struct Redactor {
    raw: bool,
    needles: Vec<Needle>,
}

impl Redactor {
    /// One that knows no secret yet; with `raw` it shows everything.
    pub(crate) fn new(raw: bool) -> Self {
        Self {
            raw,
            needles: Vec::new(),
        }
    }

    /// Learns a secret. One that is shorter than 4 bytes is part of too much else to be looked for.
    pub(crate) fn learn(&mut self, secret: &Secret) {
        self.needles.extend(Needle::forms(secret.expose()));
        self.needles
            .sort_unstable_by_key(|needle| std::cmp::Reverse(needle.len()));
        self.needles.dedup();
    }

    /// Learns the secret parts of a header: of one that a scheme added, or that carries credentials by its name.
    pub(crate) fn learn_header(&mut self, name: &HeaderName, value: &HeaderValue, added: bool) {
        for secret in header::secrets(name, value, added) {
            self.learn(&secret);
        }
    }

    /// Learns the secret values of a query or a form: those that a scheme `added`, and credentials by their names.
    pub(crate) fn learn_pairs(&mut self, text: &str, added: &[String]) {
        for secret in pairs::secrets(text, added) {
            self.learn(&secret);
        }
    }

    /// `bytes` without the secrets.
    pub(crate) fn bytes<'a>(&self, bytes: &'a [u8]) -> Cow<'a, [u8]> {
        if self.raw || self.needles.is_empty() {
            return Cow::Borrowed(bytes);
        }
        let may_begin = self.beginnings();
        let mut shown = Vec::with_capacity(bytes.len());
        let mut rest = bytes;
        while let Some((first, after)) = rest.split_first() {
            let found = match may_begin[usize::from(*first)] {
                true => self.needles.iter().find_map(|needle| needle.at(rest)),
                false => None,
            };
            match found {
                Some(length) => {
                    shown.extend_from_slice(REDACTED.as_bytes());
                    rest = &rest[length..];
                }
                None => {
                    shown.push(*first);
                    rest = after;
                }
            }
        }
        Cow::Owned(shown)
    }

    /// Which bytes a secret may begin with: bodies are large, and most of their bytes are none of these.
    fn beginnings(&self) -> [bool; 256] {
        let mut beginnings = [false; 256];
        let firsts = self.needles.iter().filter_map(Needle::first);
        for byte in firsts.chain(*b"%+") {
            beginnings[usize::from(byte)] = true;
        }
        beginnings
    }

    /// `text` without the secrets.
    pub(crate) fn text(&self, text: &str) -> String {
        String::from_utf8_lossy(&self.bytes(text.as_bytes())).into_owned()
    }

    /// A header's value without its secret parts; bytes outside ASCII as Latin-1.
    pub(crate) fn header(&self, name: &HeaderName, value: &HeaderValue, added: bool) -> String {
        let bytes = match self.raw {
            true => value.as_bytes().into(),
            false => header::without_secrets(name, value, added),
        };
        latin1(&self.bytes(&bytes))
    }

    /// A URL without the secret values in its query; see [`learn_pairs`](Self::learn_pairs).
    pub(crate) fn url(&self, url: &str, added: &[String]) -> String {
        let Some((before, query)) = url.split_once('?').filter(|_| !self.raw) else {
            return self.text(url);
        };
        self.text(&format!(
            "{before}?{}",
            pairs::without_secrets(query, added)
        ))
    }

    /// A request's body without the secrets, also where it is a form with credentials in it.
    pub(crate) fn body(&self, body: &[u8]) -> Vec<u8> {
        match str::from_utf8(body).ok().filter(|_| !self.raw) {
            Some(text) => self
                .bytes(pairs::without_secrets(text, &[]).as_bytes())
                .into_owned(),
            None => self.bytes(body).into_owned(),
        }
    }
}

fn latin1(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

#[cfg(test)]
mod tests;
