//! The headers of a request.

use http::header::{AUTHORIZATION, CONTENT_LENGTH, COOKIE, PROXY_AUTHORIZATION, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

use super::View;
use crate::variables::{Expanded, Resolver, Stop};
use crate::{Error, ErrorKind, Result, json};

/// What the client that sends a request says itself.
const OF_THE_CLIENT: [HeaderName; 2] = [CONTENT_LENGTH, TRANSFER_ENCODING];

const SENSITIVE: [HeaderName; 3] = [AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION];

/// Those that count, in order. One that holds a secret is marked as sensitive, as are those that always do.
pub(super) fn of(view: &View<'_>, resolver: &Resolver<'_>) -> Result<HeaderMap, Stop> {
    let mut headers = HeaderMap::new();
    let path = format!("{}.header", view.path);
    match view.object.get("header") {
        Some(Value::String(lines)) => {
            for line in lines.lines().filter(|line| !line.trim().is_empty()) {
                let (name, value) = line.split_once(':').ok_or_else(|| {
                    Error::shape(path.as_str(), "a header is written as name: value")
                })?;
                add(&mut headers, name.trim(), value.trim(), &path, resolver)?;
            }
        }
        _ => {
            for entry in json::entries(json::list_of(&view.object, "header", &view.path)?, &path) {
                let (path, entry) = entry?;
                let value = entry.get("value").map(json::text).unwrap_or_default();
                add(
                    &mut headers,
                    json::str_of(entry, "key"),
                    &value,
                    &path,
                    resolver,
                )?;
            }
        }
    }
    Ok(headers)
}

fn add(
    headers: &mut HeaderMap,
    name: &str,
    value: &str,
    path: &str,
    resolver: &Resolver<'_>,
) -> Result<(), Stop> {
    let name = resolver.text(name, path)?.text;
    if name.is_empty() {
        return Ok(());
    }
    let wrong = |message| Error::new(ErrorKind::Request, path, message);
    let name = HeaderName::from_bytes(name.as_bytes())
        .map_err(|_| wrong("this is no name of a header"))?;
    if !OF_THE_CLIENT.contains(&name) {
        let Expanded { text, secret } = resolver.text(value, path)?;
        let mut value = HeaderValue::from_bytes(text.trim().as_bytes())
            .map_err(|_| wrong("a header's value has no control characters"))?;
        value.set_sensitive(secret || SENSITIVE.contains(&name));
        headers.append(name, value);
    }
    Ok(())
}
