//! Where a key is on the wire, and what each place can carry.

use countersign_core::challenge::{self, Param};
use countersign_core::{Error, Result};
use http::header::{COOKIE, HeaderName};
use http::{HeaderMap, HeaderValue};

/// A part of a request that a key can be in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// A header of its own.
    Header,
    /// A parameter of the query, where logs and histories keep it.
    Query,
    /// A cookie.
    Cookie,
}

/// A place and a name that fits it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    Header(HeaderName),
    Query(Box<str>),
    Cookie(Box<str>),
}

/// Headers that say where a message ends or goes; who sets them smuggles requests.
const FRAMING: [&str; 11] = [
    "connection",
    "content-length",
    "cookie",
    "expect",
    "host",
    "http2-settings",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

impl Slot {
    pub(crate) fn new(place: Place, name: &str) -> Result<Self> {
        if name.is_empty() || name.contains(char::is_control) {
            return Err(bad_name());
        }
        match place {
            Place::Header => header_name(name).map(Self::Header),
            Place::Query => Ok(Self::Query(name.into())),
            Place::Cookie => cookie_name(name).map(Self::Cookie),
        }
    }
}

fn bad_name() -> Error {
    Error::configuration(
        "the API key's name is empty or has a character that its place cannot carry",
    )
}

fn header_name(name: &str) -> Result<HeaderName> {
    let name: HeaderName = name.parse().map_err(|_| bad_name())?;
    if FRAMING.contains(&name.as_str()) || name.as_str().starts_with("proxy-") {
        return Err(Error::configuration(
            "a header that frames or routes the message carries no API key: use another name, for cookies their place",
        ));
    }
    // The first clone moves the bytes behind a count, which allocates; no request shall pay for it.
    Ok(name.clone())
}

/// A cookie's name is a token, as a header's is.
fn cookie_name(name: &str) -> Result<Box<str>> {
    match HeaderName::from_bytes(name.as_bytes()) {
        Ok(_) => Ok(name.into()),
        Err(_) => Err(bad_name()),
    }
}

/// Checks what is to be sent there. What no header carries goes nowhere else either.
pub(crate) fn value(slot: &Slot, value: &str) -> Result<HeaderValue> {
    let fits = match slot {
        Slot::Header(_) => value.trim() == value,
        Slot::Query(_) => true,
        Slot::Cookie(_) => is_cookie_value(value.as_bytes()),
    };
    if !fits || value.contains(char::is_control) {
        return Err(bad_value());
    }
    let mut value = HeaderValue::try_from(value.as_bytes()).map_err(|_| bad_value())?;
    value.set_sensitive(true);
    // As for the name.
    Ok(value.clone())
}

fn bad_value() -> Error {
    Error::configuration(
        "the API key has a control character, a space around it, or what its place cannot carry: correct it",
    )
}

/// `cookie-value`, RFC 6265 section 4.1.1.
fn is_cookie_value(value: &[u8]) -> bool {
    let inner = value
        .strip_prefix(b"\"")
        .and_then(|rest| rest.strip_suffix(b"\""));
    inner.unwrap_or(value).iter().copied().all(is_cookie_octet)
}

fn is_cookie_octet(byte: u8) -> bool {
    matches!(byte, b'!'..=b'~') && !matches!(byte, b'"' | b',' | b';' | b'\\')
}

/// The cookies of a request, in however many fields (RFC 6265 section 4.2.1, RFC 9113 section 8.2.3).
pub(crate) fn cookies(headers: &HeaderMap) -> impl Iterator<Item = &[u8]> {
    let fields = headers.get_all(COOKIE).iter();
    let cookies = fields.flat_map(|field| field.as_bytes().split(|byte| *byte == b';'));
    cookies
        .map(<[u8]>::trim_ascii)
        .filter(|cookie| !cookie.is_empty())
}

/// The value of a cookie if it has this name, case and all.
pub(crate) fn cookie_named<'a>(cookie: &'a [u8], name: &str) -> Option<&'a [u8]> {
    match cookie.strip_prefix(name.as_bytes())? {
        [] => Some(b""),
        [b'=', value @ ..] => Some(value),
        _ => None,
    }
}

/// All cookies of a request but those of this name, and then this one.
pub(crate) fn cookies_with(headers: &HeaderMap, name: &str, value: &str) -> Result<HeaderValue> {
    let mut line = Vec::new();
    for other in cookies(headers).filter(|cookie| cookie_named(cookie, name).is_none()) {
        line.extend_from_slice(other);
        line.extend_from_slice(b"; ");
    }
    line.extend([name, "=", value].concat().bytes());
    let mut line = HeaderValue::try_from(line).map_err(|_| bad_value())?;
    line.set_sensitive(true);
    Ok(line)
}

/// The challenge of a server. The scheme is not registered; RFC 9110 section 15.5.2 wants one with every 401.
pub(crate) fn challenge(realm: &str) -> Result<HeaderValue> {
    challenge::write("ApiKey", &[Param::quoted("realm", realm)])
        .map_err(|error| Error::configuration("the realm cannot be sent").with_source(error))
}
