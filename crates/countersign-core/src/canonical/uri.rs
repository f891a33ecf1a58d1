//! The request target, the host and the path, as sent and as signing schemes want them.

use std::{borrow::Cow, fmt};

use http::Uri;
use http::uri::{Authority, PathAndQuery};

/// Path and query as HTTP sends them (origin form, RFC 9110, section 7.1); an empty path is `/`,
/// `*` is itself. For an authority alone (CONNECT) it is the authority.
pub fn request_target(uri: &Uri) -> Cow<'_, str> {
    match (uri.path_and_query(), uri.authority()) {
        (Some(target), _) if target.as_str().starts_with(['/', '*']) => target.as_str().into(),
        (Some(target), _) => format!("/{target}", target = target.as_str()).into(),
        (None, Some(authority)) => authority.as_str().into(),
        (None, None) => "/".into(),
    }
}

/// The path as sent; `/` if it is empty.
pub fn path(uri: &Uri) -> &str {
    match uri.path() {
        "" => "/",
        path => path,
    }
}

/// The port of `http`, `ws` (80), `https` and `wss` (443).
pub fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" | "ws" => Some(80),
        "https" | "wss" => Some(443),
        _ => None,
    }
}

/// The authority as clients send it in `Host` (RFC 9110, section 7.2): as it stands, without user
/// information and without the port that the scheme has by default. `None` for a relative URI.
pub fn authority(uri: &Uri) -> Option<Cow<'_, str>> {
    let authority = uri.authority()?;
    let name_alone = |byte: u8| !matches!(byte, b':' | b'@');
    if authority.as_str().bytes().all(name_alone) {
        return Some(authority.as_str().into());
    }
    let own = uri.scheme_str().and_then(default_port);
    match authority.port().filter(|port| Some(port.as_u16()) != own) {
        None => Some(authority.host().into()),
        Some(port) if port.as_str().starts_with(['0', '+']) => {
            Some(format!("{}:{}", authority.host(), port.as_u16()).into())
        }
        Some(_) => Some(without_user(authority).into()),
    }
}

/// `host` or `host:port` as it stands, without user information.
pub fn without_user(authority: &Authority) -> &str {
    let text = authority.as_str();
    text.rsplit_once('@').map_or(text, |(_, host)| host)
}

/// Resolves `.` and `..` segments: RFC 3986, section 5.2.4. Empty segments and escaped dots stay,
/// and so does a path that does not begin with `/`.
pub fn remove_dot_segments(path: &str) -> Cow<'_, str> {
    let is_dots = |segment: &str| matches!(segment, "." | "..");
    let Some(rest) = path
        .strip_prefix('/')
        .filter(|rest| rest.split('/').any(is_dots))
    else {
        return path.into();
    };
    let mut kept = Vec::new();
    for segment in rest.split('/') {
        match segment {
            "." => {}
            ".." => drop(kept.pop()),
            segment => kept.push(segment),
        }
    }
    if rest.rsplit('/').next().is_some_and(is_dots) {
        kept.push("");
    }
    ["/", &kept.join("/")].concat().into()
}

/// Makes one `/` of several in a row.
pub fn collapse_slashes(path: &str) -> Cow<'_, str> {
    if !path.contains("//") {
        return path.into();
    }
    let mut out = String::with_capacity(path.len());
    for character in path.chars() {
        if character != '/' || !out.ends_with('/') {
            out.push(character);
        }
    }
    out.into()
}

/// The same URI with another query, or without one. Every other byte stays.
///
/// # Errors
///
/// [`UriError`] if the URI is an authority or `*` alone, if `query` holds a byte that a query
/// cannot have (`#` among them), or if the result is longer than [`Uri`] holds.
pub fn with_query(uri: &Uri, query: Option<&str>) -> Result<Uri, UriError> {
    if uri.path_and_query().is_none() || uri.path() == "*" {
        return Err(UriError::NoQuery);
    }
    let target = match query {
        Some(query) => [path(uri), "?", query].concat(),
        None => path(uri).to_owned(),
    };
    with_target(uri, target)
}

fn with_target(uri: &Uri, target: String) -> Result<Uri, UriError> {
    let len = target.len();
    let target = PathAndQuery::try_from(target).map_err(|_| UriError::Invalid)?;
    // `http` cuts a fragment off without a word.
    if target.as_str().len() != len {
        return Err(UriError::Invalid);
    }
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(target);
    Uri::from_parts(parts).map_err(|_| UriError::Invalid)
}

/// Why a URI could not be rebuilt. It never holds the URI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UriError {
    /// The request target is `*` or an authority alone, which has no query: send the credential in
    /// a header.
    NoQuery,
    /// The new URI is too long or holds a byte that no URI may hold.
    Invalid,
}

impl fmt::Display for UriError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoQuery => "the request target has no query: send the credential in a header",
            Self::Invalid => "the new URI is too long or holds a byte that no URI may hold",
        })
    }
}

impl std::error::Error for UriError {}
