//! Puts values in the place of `{{names}}`.

use std::cell::RefCell;

use http::Uri;
use serde_json::Value;

use super::{Fetched, Found, Variables, dynamic, list};
use crate::collection::Item;
use crate::{Error, ErrorKind, Result};

/// How often a text is gone through, as in Postman.
const PASSES: usize = 19;

/// How much longer than itself a text may become, in bytes.
const GROWTH: usize = 1 << 20;

const VAULT: &str = "vault:";

/// What becomes of a name without a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unknown {
    Refuse,
    Keep,
}

/// A text without variables.
#[derive(Debug)]
pub(crate) struct Expanded {
    pub(crate) text: String,
    /// Whether a secret is in it.
    pub(crate) secret: bool,
}

/// Why a text cannot be expanded now.
pub(crate) enum Stop {
    /// This secret has to be fetched before.
    Wanted(String),
    Failed(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// Looks names up for one request.
pub(crate) struct Resolver<'a> {
    variables: &'a Variables,
    /// The lists of the item, its folders and the collection, the nearest first.
    inner: Vec<&'a [Value]>,
    fetched: &'a Fetched,
    /// The names of the secrets that were used, with their places.
    used: RefCell<Vec<(String, String)>>,
    /// Where the request goes, once that is known.
    target: RefCell<Option<Uri>>,
}

impl<'a> Resolver<'a> {
    pub(crate) fn new(item: Item<'a>, variables: &'a Variables, fetched: &'a Fetched) -> Self {
        let lists = item.nodes().filter_map(|node| node.object.get("variable"));
        let mut inner: Vec<_> = lists
            .filter_map(|list| list.as_array().map(Vec::as_slice))
            .collect();
        inner.reverse();
        Self {
            variables,
            inner,
            fetched,
            used: RefCell::default(),
            target: RefCell::default(),
        }
    }

    pub(crate) fn variables(&self) -> &'a Variables {
        self.variables
    }

    /// Binds the secrets used so far, and from now on, to where the request goes.
    pub(crate) fn go_to(&self, target: &Uri) -> Result<()> {
        for (name, path) in self.used.borrow().iter() {
            let secret = self.fetched.get(name).and_then(Option::as_ref);
            if !secret.is_none_or(|secret| secret.admits(target)) {
                return Err(elsewhere(path, name));
            }
        }
        *self.target.borrow_mut() = Some(target.clone());
        Ok(())
    }

    /// A credential, which never keeps a name.
    pub(crate) fn credential(&self, text: &str, path: &str) -> Result<Expanded, Stop> {
        self.expand(text, path, Unknown::Refuse)
    }

    /// Anything else.
    pub(crate) fn text(&self, text: &str, path: &str) -> Result<Expanded, Stop> {
        self.expand(text, path, self.variables.unknown())
    }

    fn expand(&self, text: &str, path: &str, unknown: Unknown) -> Result<Expanded, Stop> {
        let mut all = Expanded {
            text: text.to_owned(),
            secret: false,
        };
        for _ in 0..PASSES {
            if !self.pass(&mut all, path, text.len().saturating_add(GROWTH))? {
                break;
            }
        }
        self.judge(&all.text, path, unknown)?;
        Ok(all)
    }

    /// Goes through the text once; whether anything was replaced.
    fn pass(&self, all: &mut Expanded, path: &str, limit: usize) -> Result<bool, Stop> {
        let (mut out, mut replaced) = (String::new(), false);
        let mut rest = all.text.as_str();
        let mut secret = false;
        while let Some((before, name, after)) = token(rest) {
            out.push_str(before);
            match self.lookup(name, path)? {
                Some(found) => {
                    (replaced, secret) = (true, secret | found.secret);
                    out.push_str(&found.text);
                }
                None => out.push_str(&rest[before.len()..rest.len() - after.len()]),
            }
            if out.len() + after.len() > limit {
                let message = "the variables expand to too long a text: one refers to itself";
                return Err(Error::new(ErrorKind::TooLarge, path, message).into());
            }
            rest = after;
        }
        if replaced {
            out.push_str(rest);
            all.text = out;
            all.secret |= secret;
        }
        Ok(replaced)
    }

    /// Names that are left have no value, or do not come to an end.
    fn judge(&self, text: &str, path: &str, unknown: Unknown) -> Result<(), Stop> {
        let mut rest = text;
        while let Some((_, name, after)) = token(rest) {
            if self.lookup(name, path)?.is_some() {
                let what = "refers to itself, or through more than 19 others";
                return Err(Error::variable_is(ErrorKind::Cyclic, path, name, what).into());
            }
            if name.starts_with('$') {
                let what = "is none of the dynamic variables that there are: set it yourself";
                return Err(Error::variable_is(ErrorKind::UnknownDynamic, path, name, what).into());
            }
            if unknown == Unknown::Refuse {
                let what = match name.starts_with(VAULT) {
                    true => "is a secret that no vault has",
                    false => "has no value in any scope: set it, or enable it",
                };
                return Err(Error::variable_is(ErrorKind::Unresolved, path, name, what).into());
            }
            rest = after;
        }
        Ok(())
    }

    fn lookup(&self, name: &str, path: &str) -> Result<Option<Found>, Stop> {
        let inner = || self.inner.iter().find_map(|scope| list(scope, name));
        let own = self.variables.outer(name).or_else(inner);
        if let Some(found) = own.or_else(|| self.variables.global(name)) {
            return Ok(Some(found));
        }
        match name.strip_prefix(VAULT) {
            Some(secret) => self.secret(secret, path),
            None => self.dynamic(name, path),
        }
    }

    fn dynamic(&self, name: &str, path: &str) -> Result<Option<Found>, Stop> {
        let made = dynamic::value(name, self.variables.origins()).transpose();
        let made = made.map_err(|error| random(path).with_source(error))?;
        Ok(made.map(Found::open))
    }

    fn secret(&self, name: &str, path: &str) -> Result<Option<Found>, Stop> {
        let secret = match self.fetched.get(name) {
            None if self.variables.provider().is_some() => {
                return Err(Stop::Wanted(name.to_owned()));
            }
            None | Some(None) => return Ok(None),
            Some(Some(secret)) => secret,
        };
        if let Some(target) = &*self.target.borrow()
            && !secret.admits(target)
        {
            return Err(elsewhere(path, name).into());
        }
        self.used
            .borrow_mut()
            .push((name.to_owned(), path.to_owned()));
        let text = secret.text().ok_or_else(|| {
            Error::variable_is(ErrorKind::Secret, path, name, "is no text in UTF-8")
        })?;
        Ok(Some(Found {
            text: text.to_owned(),
            secret: true,
        }))
    }
}

pub(crate) fn random(path: &str) -> Error {
    Error::new(ErrorKind::Random, path, "there is no randomness to be had")
}

fn elsewhere(path: &str, name: &str) -> Error {
    let what = "is a secret that is bound to other domains than the one of this request";
    Error::variable_is(ErrorKind::SecretDomain, path, name, what)
}

/// The first innermost `{{name}}`: what is before it, the name, what is after it. A name has no braces.
pub(crate) fn token(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let open = from + text[from..].find("{{")?;
        let inside = &text[open + 2..];
        let end = inside.find(['{', '}'])?;
        match inside[end..].strip_prefix("}}") {
            Some(after) => return Some((&text[..open], &inside[..end], after)),
            None => from = open + 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::token;

    #[test]
    fn the_innermost_is_first() {
        assert_eq!(token("a{{b{{c}}}}d"), Some(("a{{b", "c", "}}d")));
        assert_eq!(token("{{{a}}}"), Some(("{", "a", "}")));
        assert_eq!(token("{{}}"), Some(("", "", "")));
        assert_eq!(token("{{ a }}"), Some(("", " a ", "")));
    }

    #[test]
    fn what_does_not_close_is_none() {
        for text in ["", "{{", "{{a}", "{{a} }", "{a}}", "{{a{b}}", "}}{{"] {
            assert_eq!(token(text), None, "{text}");
        }
    }
}
