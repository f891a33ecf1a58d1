//! The body of a request, by its mode.

use std::path::{Path, PathBuf};

use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, Method};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};

use super::{Body, View, comments, form};
use crate::collection::Item;
use crate::variables::{Resolver, Stop};
use crate::{Error, ErrorKind, Result, json};

/// Everything but the unreserved letters (RFC 3986 section 2.3).
const FORM: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Methods whose body Postman does not send.
const PRUNED: [&str; 5] = ["GET", "COPY", "HEAD", "PURGE", "UNLOCK"];

/// Whether a request of this method has a body at all; `disableBodyPruning` of the nearest level that has it decides.
pub(super) fn is_sent(item: Item<'_>, method: &Method) -> bool {
    let profiles = item
        .nodes()
        .filter_map(|node| node.object.get("protocolProfileBehavior"));
    let switches = profiles.filter_map(|profile| profile.get("disableBodyPruning")?.as_bool());
    !PRUNED.contains(&method.as_str()) || switches.last().unwrap_or(false)
}

/// What a body is made of.
pub(super) struct Source<'a> {
    pub(super) item: Item<'a>,
    pub(super) resolver: &'a Resolver<'a>,
    pub(super) path: String,
}

/// The body. Where the caller set no `Content-Type`, that of the mode is added.
pub(super) fn body(
    item: Item<'_>,
    view: &View<'_>,
    resolver: &Resolver<'_>,
    headers: &mut HeaderMap,
) -> Result<Body, Stop> {
    let path = format!("{}.body", view.path);
    let object = match view.object.get("body") {
        None | Some(Value::Null) => return Ok(Body::empty()),
        Some(Value::Object(body)) => body,
        Some(_) => return Err(Error::shape(path, "this is no JSON object").into()),
    };
    let mode = json::str_of(object, "mode");
    let source = Source {
        item,
        resolver,
        path: format!("{path}.{mode}"),
    };
    let Some(content) = object
        .get(mode)
        .filter(|_| !json::is_true(object, "disabled"))
    else {
        return source.absent(mode, object);
    };
    match mode {
        "raw" => source.raw(content, object, headers),
        "urlencoded" => source.urlencoded(content, headers),
        "formdata" => form::body(&source, content, headers),
        "file" => source.file(content),
        "graphql" => source.graphql(content, headers),
        _ => Err(source.unknown().into()),
    }
}

const MODES: [&str; 6] = ["", "raw", "urlencoded", "formdata", "file", "graphql"];

pub(super) fn add_type(headers: &mut HeaderMap, value: &'static str) {
    headers
        .entry(CONTENT_TYPE)
        .or_insert(HeaderValue::from_static(value));
}

impl Source<'_> {
    /// There is nothing under the name of the mode, or it is switched off.
    fn absent(&self, mode: &str, body: &Map<String, Value>) -> Result<Body, Stop> {
        match MODES.contains(&mode) || json::is_true(body, "disabled") {
            true => Ok(Body::empty()),
            false => Err(self.unknown().into()),
        }
    }

    fn unknown(&self) -> Error {
        let message = "the mode of a body is raw, urlencoded, formdata, file or graphql";
        Error::new(ErrorKind::Body, self.path.as_str(), message)
    }

    fn text(&self, text: &str) -> Result<String, Stop> {
        Ok(self.resolver.text(text, &self.path)?.text)
    }

    fn raw(
        &self,
        content: &Value,
        body: &Map<String, Value>,
        headers: &mut HeaderMap,
    ) -> Result<Body, Stop> {
        let options = body.get("options").and_then(|options| options.get("raw"));
        let language = options.and_then(|raw| raw.get("language")?.as_str());
        let mut text = json::text(content);
        if language == Some("json") {
            // Before, as a variable in a comment need not have a value; and after, as a value may have comments.
            text = comments::stripped(&self.text(&comments::stripped(&text))?);
        } else {
            text = self.text(&text)?;
        }
        let mut body = Body::empty();
        if !text.is_empty() {
            add_type(headers, media_type(language));
            body.push(text);
        }
        Ok(body)
    }

    fn urlencoded(&self, content: &Value, headers: &mut HeaderMap) -> Result<Body, Stop> {
        let text = match content {
            Value::Array(list) => self.pairs(list)?,
            Value::String(text) => self.text(text)?,
            Value::Null => String::new(),
            _ => return Err(Error::shape(self.path.as_str(), "this is no list").into()),
        };
        add_type(headers, "application/x-www-form-urlencoded");
        let mut body = Body::empty();
        body.push(text);
        Ok(body)
    }

    fn pairs(&self, list: &[Value]) -> Result<String, Stop> {
        let mut pairs = Vec::new();
        for entry in json::entries(list, &self.path) {
            let (path, entry) = entry?;
            let encoded = |key| {
                let text = entry.get(key).map(json::text).unwrap_or_default();
                let text = self.resolver.text(&text, &path)?.text;
                Ok::<_, Stop>(utf8_percent_encode(&text, FORM).to_string())
            };
            pairs.push(format!("{}={}", encoded("key")?, encoded("value")?));
        }
        Ok(pairs.join("&"))
    }

    fn file(&self, content: &Value) -> Result<Body, Stop> {
        let mut body = Body::empty();
        match content {
            Value::String(path) => self.push_file(&mut body, path)?,
            Value::Object(file) => match (file.get("src"), file.get("content")) {
                (Some(Value::String(path)), _) => self.push_file(&mut body, path)?,
                (_, Some(Value::String(text))) => body.push(self.text(text)?),
                _ => return Err(self.no_file().into()),
            },
            _ => return Err(self.no_file().into()),
        }
        Ok(body)
    }

    /// Postman puts `variables` there as they are, be they JSON or not.
    fn graphql(&self, content: &Value, headers: &mut HeaderMap) -> Result<Body, Stop> {
        let Value::Object(content) = content else {
            return Err(Error::shape(self.path.as_str(), "this is no JSON object").into());
        };
        let mut members = Vec::new();
        for key in ["query", "operationName"] {
            if let Some(Value::String(text)) = content.get(key) {
                members.push(format!("\"{key}\":{}", Value::String(self.text(text)?)));
            }
        }
        let variables = content.get("variables").map(json::text).unwrap_or_default();
        if !variables.is_empty() {
            members.push(format!("\"variables\":{}", self.text(&variables)?));
        }
        add_type(headers, "application/json");
        let mut body = Body::empty();
        body.push(format!("{{{}}}", members.join(",")));
        Ok(body)
    }

    /// Adds a file, whose name may have variables.
    pub(super) fn push_file(&self, body: &mut Body, name: &str) -> Result<(), Stop> {
        let name = self.text(name)?;
        let path = self.allowed(Path::new(&name))?;
        let length = std::fs::metadata(&path).map_err(|error| self.unreadable(error))?;
        if !length.is_file() {
            return Err(self.no_file().into());
        }
        body.push_file(&path, length.len());
        Ok(())
    }

    /// The file's real path, which lies in the folder that the caller opened to bodies.
    fn allowed(&self, name: &Path) -> Result<PathBuf> {
        let folder = self.item.collection().folder();
        let refused = |message| Error::new(ErrorKind::Body, self.path.as_str(), message);
        let folder = folder.ok_or_else(|| {
            refused("a file is sent only from a folder that `Collection::files` names")
        })?;
        let folder = folder
            .canonicalize()
            .map_err(|error| self.unreadable(error))?;
        let file = folder
            .join(name)
            .canonicalize()
            .map_err(|error| self.unreadable(error))?;
        match file.starts_with(&folder) {
            true => Ok(file),
            false => Err(refused(
                "the file lies outside of the folder that `Collection::files` names",
            )),
        }
    }

    fn unreadable(&self, error: std::io::Error) -> Error {
        let message = "the file of a body cannot be read";
        Error::new(ErrorKind::Body, self.path.as_str(), message).with_source(error)
    }

    pub(super) fn no_file(&self) -> Error {
        Error::new(
            ErrorKind::Body,
            self.path.as_str(),
            "no file is chosen for the body: set its `src`",
        )
    }
}

fn media_type(language: Option<&str>) -> &'static str {
    match language {
        Some("json") => "application/json",
        Some("html") => "text/html",
        Some("xml") => "application/xml",
        Some("javascript") => "application/javascript",
        _ => "text/plain",
    }
}
