//! [`preview`], a request prepared without being sent.

use std::fmt;

use bytes::Bytes;
use http::header::HeaderName;
use http::{HeaderMap, HeaderValue, Request, request};

use crate::drive::{Settings, prepare};
use crate::error::Result;
use crate::payload::Payload;
use crate::scheme::{Exchange, Scheme};

/// A request as its first leg would be sent, and what was added to it.
#[non_exhaustive]
pub struct Preview {
    /// The name of the scheme.
    pub scheme: &'static str,
    /// The first leg. It holds the credentials: keep it out of logs. `Debug` does not show it.
    pub request: Request<Bytes>,
    /// Each thing that the scheme added or changed, in the order of the request.
    pub added: Vec<Added>,
    /// The headers of the caller that it took out and put nothing in the place of.
    pub removed: Vec<HeaderName>,
}

/// One thing that a scheme adds.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Added {
    /// Where it is.
    pub part: Part,
    /// The header's or parameter's name.
    pub name: String,
    /// The value, as it is on the wire. `Debug` does not show it.
    pub value: Vec<u8>,
    /// Who added it: the name of the scheme, mostly.
    pub by: &'static str,
    /// Whether the caller had set it otherwise.
    pub replaced: bool,
}

impl Added {
    /// A header that something else than the scheme adds, a cookie jar say.
    pub fn header(name: &HeaderName, value: impl Into<Vec<u8>>, by: &'static str) -> Self {
        Self {
            part: Part::Header,
            name: name.to_string(),
            value: value.into(),
            by,
            replaced: false,
        }
    }
}

/// A part of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Part {
    /// A header.
    Header,
    /// A parameter of the query.
    Query,
    /// The body as a whole.
    Body,
}

impl fmt::Debug for Preview {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Preview")
            .field("scheme", &self.scheme)
            .field("method", self.request.method())
            .field("added", &self.added)
            .field("removed", &self.removed)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Added {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Added")
            .field("part", &self.part)
            .field("name", &self.name)
            .field("by", &self.by)
            .field("replaced", &self.replaced)
            .finish_non_exhaustive()
    }
}

/// Prepares the first leg of `request` without sending it, and lists what `scheme` adds.
///
/// A scheme that waits for a challenge adds nothing yet. Numbers that count sends count this one.
///
/// # Errors
///
/// Those that sending it would have before the first byte.
pub async fn preview<S: Scheme>(
    scheme: &S,
    settings: &Settings,
    request: Request<Bytes>,
) -> Result<Preview> {
    let (before, bytes) = request.into_parts();
    let mut exchange = scheme.begin(settings.cx(&before)).await?;
    let mut after = before.clone();
    let mut payload = Payload::whole(bytes.clone());
    prepare(&mut exchange, &mut after, &mut payload, settings)?;
    let by = exchange.name();
    let mut added = added_headers(&before.headers, &after.headers, by);
    let gone = |name: &&HeaderName| !after.headers.contains_key(*name);
    let removed = before.headers.keys().filter(gone).cloned().collect();
    added.extend(added_parameters(&before, &after, by));
    let replacement = changed(payload, &bytes);
    if let Some(body) = &replacement {
        let value = body.to_vec();
        let replaced = !bytes.is_empty();
        added.push(Added {
            part: Part::Body,
            name: "body".into(),
            value,
            by,
            replaced,
        });
    }
    let body = replacement.unwrap_or(bytes);
    Ok(Preview {
        scheme: by,
        request: Request::from_parts(after, body),
        added,
        removed,
    })
}

/// What the body became.
fn changed(payload: Payload, bytes: &Bytes) -> Option<Bytes> {
    if let Some(replacement) = payload.replacement() {
        return Some(replacement.clone());
    }
    let (mut encode, _) = payload.into_encoding()?;
    let mut encoded = Vec::new();
    for chunk in bytes.chunks(encode.chunk_size().max(1)).chain([&[][..]]) {
        encode.chunk(chunk, &mut encoded);
    }
    Some(encoded.into())
}

fn added_headers(before: &HeaderMap, after: &HeaderMap, by: &'static str) -> Vec<Added> {
    let is_new = |(name, value): &(&HeaderName, &HeaderValue)| {
        !before.get_all(*name).iter().any(|old| old == value)
    };
    let added = |(name, value): (&HeaderName, &HeaderValue)| Added {
        part: Part::Header,
        name: name.to_string(),
        value: value.as_bytes().to_vec(),
        by,
        replaced: before.contains_key(name),
    };
    after.iter().filter(is_new).map(added).collect()
}

fn added_parameters(
    before: &request::Parts,
    after: &request::Parts,
    by: &'static str,
) -> Vec<Added> {
    let old: Vec<&str> = pairs(before).collect();
    let added = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let prefix = format!("{name}=");
        Added {
            part: Part::Query,
            name: name.to_owned(),
            value: value.as_bytes().to_vec(),
            by,
            replaced: old.iter().any(|old| old.starts_with(&prefix)),
        }
    };
    pairs(after)
        .filter(|pair| !old.contains(pair))
        .map(added)
        .collect()
}

fn pairs(request: &request::Parts) -> impl Iterator<Item = &str> {
    request
        .uri
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty())
}
