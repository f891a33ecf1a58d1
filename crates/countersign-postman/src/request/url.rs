//! The URL of a request, from its parts or its text.

use http::Uri;
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use serde_json::{Map, Value};
use url::Url;

use super::View;
use crate::variables::{Resolver, Stop};
use crate::{Error, ErrorKind, Result, json};

/// What cannot stand in a parameter of the query. An escape that is there already stays.
const VALUE: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'&')
    .add(b'\'')
    .add(b'<')
    .add(b'>');
const KEY: &AsciiSet = &VALUE.add(b'=');

/// What cannot stand in the value of a path variable.
const SEGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'`')
    .add(b'{')
    .add(b'}');

/// Where a request goes.
pub(super) struct Target {
    pub(super) uri: Uri,
    pub(super) user: Option<User>,
}

/// Credentials in a URL.
pub(super) struct User {
    pub(super) name: String,
    pub(super) password: String,
}

pub(super) fn target(view: &View<'_>, resolver: &Resolver<'_>) -> Result<Target, Stop> {
    let path = format!("{}.url", view.path);
    let text = match view.object.get("url") {
        Some(Value::String(url)) => resolver.text(url, &path)?.text,
        Some(Value::Object(url)) => of_object(url, &path, resolver)?,
        _ => {
            return Err(
                Error::shape(path, "a request has a URL, which is a text or an object").into(),
            );
        }
    };
    Ok(split(&text, &path)?)
}

/// From the parts if there are any, and else from the text, whose path may have variables too.
fn of_object(
    url: &Map<String, Value>,
    path: &str,
    resolver: &Resolver<'_>,
) -> Result<String, Stop> {
    let raw = json::str_of(url, "raw");
    let parts = match url.contains_key("host") || url.contains_key("path") {
        true => Parts::of(url, path)?,
        false => Parts::cut(raw),
    };
    let mut text = resolver.text(&parts.front, path)?.text;
    for segment in &parts.segments {
        text.push('/');
        text.push_str(&self::segment(segment, url, path, resolver)?);
    }
    let query = match url.get("query") {
        Some(Value::Array(list)) => query(list, &format!("{path}.query"), resolver)?,
        Some(Value::String(query)) => resolver.text(query, path)?.text,
        _ => resolver.text(&parts.query, path)?.text,
    };
    if !query.is_empty() {
        text.push(if text.contains('?') { '&' } else { '?' });
        text.push_str(&query);
    }
    // A name may also have come together from several pieces.
    Ok(resolver.text(&text, path)?.text)
}

/// A URL in which no variable is resolved yet.
struct Parts {
    /// Up to the path.
    front: String,
    segments: Vec<String>,
    query: String,
}

impl Parts {
    fn of(url: &Map<String, Value>, path: &str) -> Result<Self> {
        let mut front = joined(url.get("host"), '.', &format!("{path}.host"))?.join(".");
        let protocol = json::str_of(url, "protocol").trim_end_matches("://");
        if !protocol.is_empty() {
            front = format!("{protocol}://{front}");
        }
        let port = url.get("port").map(json::text).unwrap_or_default();
        if !port.is_empty() {
            front = format!("{front}:{port}");
        }
        Ok(Self {
            front,
            segments: joined(url.get("path"), '/', &format!("{path}.path"))?,
            query: String::new(),
        })
    }

    fn cut(raw: &str) -> Self {
        let (url, _) = split_outside(raw, '#');
        let (url, query) = split_outside(url, '?');
        let host = url.find("://").map_or(0, |at| at + 3);
        let (host_part, path) = split_outside(&url[host..], '/');
        Self {
            front: format!("{}{host_part}", &url[..host]),
            segments: path.map(|path| pieces(path, '/')).unwrap_or_default(),
            query: query.unwrap_or_default().to_owned(),
        }
    }
}

/// Splits at the first `at` that is in no variable's name.
fn split_outside(text: &str, at: char) -> (&str, Option<&str>) {
    let mut open = 0_usize;
    for (index, letter) in text.char_indices() {
        match letter {
            '{' => open += 1,
            '}' => open = open.saturating_sub(1),
            _ if letter == at && open == 0 => {
                return (&text[..index], Some(&text[index + letter.len_utf8()..]));
            }
            _ => {}
        }
    }
    (text, None)
}

/// Splits at each `at` that is in no variable's name.
fn pieces(text: &str, at: char) -> Vec<String> {
    let (mut pieces, mut rest) = (Vec::new(), Some(text));
    while let Some(text) = rest {
        let (piece, after) = split_outside(text, at);
        pieces.push(piece.to_owned());
        rest = after;
    }
    pieces
}

/// The pieces of a host or path, which is a list or one text.
fn joined(value: Option<&Value>, between: char, path: &str) -> Result<Vec<String>> {
    match value {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::String(text)) => {
            let text = text.strip_prefix(between).unwrap_or(text);
            Ok(pieces(text, between))
        }
        Some(Value::Array(list)) => Ok(list.iter().map(piece).collect()),
        Some(_) => Err(Error::shape(path, "this is a list or a text")),
    }
}

/// A piece may be an object that has it as its `value`.
fn piece(piece: &Value) -> String {
    json::text(piece.get("value").unwrap_or(piece))
}

/// A segment of the path; `:name` is a path variable where it has a value.
fn segment(
    segment: &str,
    url: &Map<String, Value>,
    path: &str,
    resolver: &Resolver<'_>,
) -> Result<String, Stop> {
    let name = segment.strip_prefix(':').filter(|name| !name.is_empty());
    let list = json::list_of(url, "variable", path)?;
    let named = |name: &str| {
        let entries = list.iter().filter_map(Value::as_object);
        let mut named = entries.filter(|entry| {
            let key = entry.get("key").or_else(|| entry.get("id"));
            json::is_enabled(entry) && key.and_then(Value::as_str) == Some(name)
        });
        named
            .next_back()?
            .get("value")
            .filter(|value| !value.is_null())
    };
    match name.and_then(named) {
        Some(value) => {
            let value = resolver
                .text(&json::text(value), &format!("{path}.variable"))?
                .text;
            Ok(utf8_percent_encode(&value, SEGMENT).to_string())
        }
        None => Ok(resolver.text(segment, path)?.text),
    }
}

fn query(list: &[Value], path: &str, resolver: &Resolver<'_>) -> Result<String, Stop> {
    let mut pairs = Vec::new();
    for entry in json::entries(list, path) {
        let (path, entry) = entry?;
        let key = entry.get("key").map(json::text).unwrap_or_default();
        let key = resolver.text(&key, &path)?.text;
        let key = utf8_percent_encode(&key, KEY);
        pairs.push(match entry.get("value") {
            None | Some(Value::Null) => key.to_string(),
            Some(value) => {
                let value = resolver.text(&json::text(value), &path)?.text;
                format!("{key}={}", utf8_percent_encode(&value, VALUE))
            }
        });
    }
    Ok(pairs.join("&"))
}

/// Checks the URL, and takes the credentials out of it.
fn split(text: &str, path: &str) -> Result<Target> {
    let wrong = |message| Error::new(ErrorKind::Request, path, message);
    let text = text.trim();
    // A parser of URLs would leave these out, so what is sent would be another URL.
    if text.is_empty() || text.contains(|letter: char| letter.is_control()) {
        return Err(wrong("the URL is empty, or has control characters in it"));
    }
    let text = match has_scheme(text) {
        true => text.to_owned(),
        false => format!("http://{text}"),
    };
    let mut url = Url::parse(&text).map_err(|_| wrong("this is no URL"))?;
    if !["http", "https"].contains(&url.scheme()) {
        return Err(wrong("a URL begins with http:// or https://"));
    }
    let user = user(&url).map_err(wrong)?;
    url.set_fragment(None);
    // Both succeed for every URL with a host, which these schemes have.
    let _ = (url.set_username(""), url.set_password(None));
    let uri = url.as_str().parse().map_err(|_| wrong("this is no URL"))?;
    Ok(Target { uri, user })
}

/// Also a query may hold a URL.
fn has_scheme(text: &str) -> bool {
    let scheme = text.split_once("://").map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| !scheme.contains(['/', '?', '#']))
}

fn user(url: &Url) -> Result<Option<User>, &'static str> {
    if url.username().is_empty() && url.password().is_none() {
        return Ok(None);
    }
    let decoded = |text| {
        let decoded = percent_decode_str(text).decode_utf8();
        decoded.map_err(|_| "the credentials in the URL are no UTF-8")
    };
    Ok(Some(User {
        name: decoded(url.username())?.into_owned(),
        password: decoded(url.password().unwrap_or_default())?.into_owned(),
    }))
}
