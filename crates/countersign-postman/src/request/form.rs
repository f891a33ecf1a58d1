//! Bodies of several parts (RFC 7578).

use std::path::Path;

use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue};
use serde_json::{Map, Value};

use super::Body;
use super::mode::Source;
use crate::variables::{Stop, random};
use crate::{Error, ErrorKind, Result, json};

const TYPE: &str = "multipart/form-data";

/// The body with all parts that count; files stay where they are until they are sent.
pub(super) fn body(
    source: &Source<'_>,
    content: &Value,
    headers: &mut HeaderMap,
) -> Result<Body, Stop> {
    let Value::Array(list) = content else {
        return Err(Error::shape(source.path.as_str(), "this is no list").into());
    };
    let boundary = boundary(source, headers)?;
    let mut body = Body::empty();
    for entry in json::entries(list, &source.path) {
        let (path, entry) = entry?;
        let part = Source { path, ..*source };
        add(&part, &mut body, entry, &boundary)?;
    }
    body.push(format!("--{boundary}--\r\n"));
    Ok(body)
}

/// The boundary that the caller's `Content-Type` names, or a new one, which is put there.
fn boundary(source: &Source<'_>, headers: &mut HeaderMap) -> Result<String> {
    let own = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    if let Some((_, named)) = own.and_then(|own| own.split_once("boundary=")) {
        return Ok(named
            .split(';')
            .next()
            .unwrap_or(named)
            .trim()
            .trim_matches('"')
            .to_owned());
    }
    let failed = |error| random(&source.path).with_source(error);
    let bytes = source
        .resolver
        .variables()
        .origins()
        .bytes::<16>()
        .map_err(failed)?;
    let boundary = format!("----countersign{:032x}", u128::from_be_bytes(bytes));
    let multipart = own
        .filter(|own| own.starts_with("multipart/"))
        .unwrap_or(TYPE);
    let value = HeaderValue::from_str(&format!("{multipart}; boundary={boundary}"));
    let value = value.map_err(|error| malformed(&source.path).with_source(error))?;
    headers.insert(CONTENT_TYPE, value);
    Ok(boundary)
}

fn add(
    part: &Source<'_>,
    body: &mut Body,
    entry: &Map<String, Value>,
    boundary: &str,
) -> Result<(), Stop> {
    let file = json::str_of(entry, "type") == "file";
    match entry.get("src") {
        Some(Value::Array(sources)) if file && !sources.is_empty() => {
            for source in sources {
                add_file(part, body, entry, boundary, source)?;
            }
            Ok(())
        }
        Some(source) if file => add_file(part, body, entry, boundary, source),
        None if file => Err(part.no_file().into()),
        _ => {
            let value = entry.get("value").map(json::text).unwrap_or_default();
            let value = part.resolver.text(&value, &part.path)?.text;
            body.push(head(part, entry, boundary, None)?);
            body.push(value + "\r\n");
            Ok(())
        }
    }
}

fn add_file(
    part: &Source<'_>,
    body: &mut Body,
    entry: &Map<String, Value>,
    boundary: &str,
    source: &Value,
) -> Result<(), Stop> {
    let Value::String(source) = source else {
        return Err(part.no_file().into());
    };
    let last = Path::new(source)
        .file_name()
        .map(|name| name.to_string_lossy());
    let name = match json::str_of(entry, "fileName") {
        "" => last.unwrap_or_default().into_owned(),
        name => name.to_owned(),
    };
    body.push(head(part, entry, boundary, Some(&name))?);
    part.push_file(body, source)?;
    body.push("\r\n");
    Ok(())
}

fn head(
    part: &Source<'_>,
    entry: &Map<String, Value>,
    boundary: &str,
    file: Option<&str>,
) -> Result<String, Stop> {
    let text = |text: &str| Ok::<_, Stop>(part.resolver.text(text, &part.path)?.text);
    let name = text(json::str_of(entry, "key"))?;
    let mut head = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"",
        quoted(&name)
    );
    if let Some(file) = file {
        head += &format!("; filename=\"{}\"", quoted(&text(file)?));
    }
    let media_type = match text(json::str_of(entry, "contentType"))? {
        none if none.is_empty() => file.map(of_file).unwrap_or_default(),
        given => given,
    };
    if media_type.contains(|letter: char| letter.is_control()) {
        return Err(malformed(&part.path).into());
    }
    if !media_type.is_empty() {
        head += &format!("\r\nContent-Type: {media_type}");
    }
    Ok(head + "\r\n\r\n")
}

/// The media type that the ending of a file's name stands for.
fn of_file(name: &str) -> String {
    let guess = mime_guess::from_path(name);
    guess.first_or_octet_stream().to_string()
}

fn malformed(path: &str) -> Error {
    Error::new(
        ErrorKind::Body,
        path,
        "a content type has no control characters",
    )
}

/// What would end the quotes or the line is escaped, as HTML has it for forms.
fn quoted(name: &str) -> String {
    name.replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}
