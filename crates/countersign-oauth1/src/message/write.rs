//! Parameters are written into a header, a query or a form: RFC 5849, section 3.5.

use std::borrow::Cow;

use countersign_core::canonical::percent::{Plus, decode};
use countersign_core::canonical::query::{self, RawPair};
use countersign_core::challenge::{self, Param, WriteError};
use countersign_core::{Error, Result};
use http::HeaderValue;
use smallvec::SmallVec;

use super::SCHEME;
use crate::parameter::{REALM, is_protocol};

/// The `Authorization` field with these parameters; `raw` undoes their encoding.
pub(crate) fn header(
    realm: Option<&str>,
    protocol: &[(&str, &str)],
    raw: bool,
) -> Result<HeaderValue> {
    let mut values = SmallVec::<[_; 12]>::new();
    values.extend(protocol.iter().map(|(_, value)| in_header(value, raw)));
    let names = protocol.iter().map(|(name, _)| *name);
    let params = names
        .zip(&values)
        .map(|(name, value)| Param::quoted(name, value));
    let realm = realm.map(|realm| Param::quoted(REALM, realm));
    let params = SmallVec::<[_; 12]>::from_iter(realm.into_iter().chain(params));
    challenge::write(SCHEME, &params).map_err(not_written)
}

fn in_header(value: &str, raw: bool) -> Cow<'_, [u8]> {
    let value = value.as_bytes();
    let decoded = raw.then(|| decode(value, Plus::Literal).ok()).flatten();
    decoded.unwrap_or(value.into())
}

fn not_written(error: WriteError) -> Error {
    Error::configuration("the parameters cannot stand in one header").with_source(error)
}

/// A query or form with these parameters behind its own.
pub(crate) fn joined(own: &str, protocol: &[(&str, &str)]) -> String {
    let mut text = String::from(own);
    for (name, value) in protocol {
        if !text.is_empty() {
            text.push('&');
        }
        text.extend([name, "=", value]);
    }
    text
}

/// A query or form without protocol parameters; `None` if it has none.
pub(crate) fn without_protocol(own: &str) -> Option<String> {
    if !may_hold_protocol(own) || !query::pairs(own).any(is_taken) {
        return None;
    }
    let kept = query::pairs(own).filter(|pair| !is_taken(*pair));
    Some(kept.map(RawPair::as_str).collect::<Vec<_>>().join("&"))
}

/// Without a look at each name; most have none.
fn may_hold_protocol(own: &str) -> bool {
    own.contains('%') || own.contains("oauth_")
}

/// The names that are looked for are unreserved, so they are their own canonical form.
pub(crate) fn is_taken(pair: RawPair<'_>) -> bool {
    match pair.name() {
        name if !name.contains('%') => is_protocol(name.as_bytes()),
        _ => pair
            .canonical(Plus::Space)
            .is_ok_and(|(name, _)| is_protocol(name.as_bytes())),
    }
}
