//! The bewit, a parameter of the query that grants a GET for a while: section "Single URI Authorization" of the
//! specification.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use countersign_core::canonical::query::{RawPair, pairs};

use super::attributes::number;
use super::checked_ext;
use crate::credentials::is_name;

const BEWIT: &str = "bewit";

/// What a bewit says: `id\exp\mac\ext`, in base64url.
pub(crate) struct Bewit {
    pub(crate) id: Box<str>,
    /// The first second in which it is refused, since the Unix epoch.
    pub(crate) exp: u64,
    pub(crate) mac: Box<str>,
    pub(crate) ext: Option<Box<str>>,
}

impl Bewit {
    /// Whether a piece of a query is one, whatever the spelling of its name.
    pub(crate) fn is(pair: RawPair<'_>) -> bool {
        pair.is_named(BEWIT)
    }

    /// The one bewit of a query; `None` if it breaks the syntax or there are several.
    pub(crate) fn read(query: &str) -> Option<Self> {
        let mut found = pairs(query).filter(|pair| Self::is(*pair));
        let value = found.next().filter(|_| found.next().is_none())?.value()?;
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(value).ok()?).ok()?;
        let parts: Vec<_> = text.split('\\').collect();
        let &[id, exp, mac, ext] = parts.as_slice() else {
            return None;
        };
        let ext = checked_ext(ext).ok()?;
        (is_name(id) && is_name(mac)).then_some(Self {
            id: id.into(),
            exp: number(exp)?,
            mac: mac.into(),
            ext,
        })
    }

    /// A query with it behind all that is there.
    pub(crate) fn add_to(&self, query: Option<&str>) -> String {
        let ext = self.ext.as_deref().unwrap_or_default();
        let mut exp = itoa::Buffer::new();
        let text = [&self.id, exp.format(self.exp), &self.mac, ext].join("\\");
        let bewit = URL_SAFE_NO_PAD.encode(text);
        match query {
            None => format!("{BEWIT}={bewit}"),
            Some(query) => format!("{query}&{BEWIT}={bewit}"),
        }
    }
}
