//! [`Host`], the host and the port that a MAC covers.

use std::borrow::Cow;

use countersign_core::Origin;
use countersign_core::canonical::uri;
use http::header::HOST;
use http::{HeaderMap, Uri, request};

/// Host and port: the name in lower case and an IPv6 address without its brackets, as the reference client has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Host<'a> {
    pub(crate) name: Cow<'a, str>,
    pub(crate) port: u16,
}

impl<'a> Host<'a> {
    fn new(name: &'a str, port: u16) -> Self {
        let name = name
            .strip_prefix('[')
            .and_then(|name| name.strip_suffix(']'))
            .unwrap_or(name);
        let name = match name.bytes().any(|byte| byte.is_ascii_uppercase()) {
            true => name.to_ascii_lowercase().into(),
            false => name.into(),
        };
        Self { name, port }
    }

    /// The host of a request that is about to be sent: its `Host` field, or what an HTTP client puts there. `origin` is
    /// that of relative targets. `None` if there is none or it cannot be read.
    pub(crate) fn outgoing(
        request: &'a request::Parts,
        origin: Option<&'a Origin>,
    ) -> Option<Self> {
        let scheme = request.uri.scheme_str().or(origin.map(Origin::scheme));
        let own_port = scheme.and_then(uri::default_port);
        match field(&request.headers)? {
            Some(host) => Self::read(host, own_port),
            None if request.uri.authority().is_some() => Self::absolute(&request.uri),
            None => origin.map(|origin| Self::new(origin.host(), origin.port())),
        }
    }

    /// The host of an absolute URI.
    pub(crate) fn absolute(uri: &'a Uri) -> Option<Self> {
        let own_port = uri.scheme_str().and_then(uri::default_port);
        Self::read(uri::without_user(uri.authority()?), own_port)
    }

    /// The host of a request that was received: its `Host` field, or its authority (HTTP/2); if both are there they have
    /// to be the same. `own_port` is meant where none is named.
    pub(crate) fn incoming(request: &'a request::Parts, own_port: u16) -> Option<Self> {
        let read = |text| Self::read(text, Some(own_port));
        let authority = request.uri.authority().map(uri::without_user);
        match (field(&request.headers)?, authority) {
            (Some(host), Some(authority)) => {
                read(host).filter(|host| Some(host) == read(authority).as_ref())
            }
            (Some(host), None) => read(host),
            (None, authority) => read(authority?),
        }
    }

    /// Reads `name` or `name:port`.
    pub(crate) fn read(text: &'a str, own_port: Option<u16>) -> Option<Self> {
        let text = text.trim_ascii();
        let end = match text.starts_with('[') {
            true => text.find(']')? + 1,
            false => text.find(':').unwrap_or(text.len()),
        };
        let (name, port) = text.split_at(end);
        let named = |byte: u8| byte.is_ascii_graphic() && !b"/\\@?#,".contains(&byte);
        if name.is_empty() || !name.bytes().all(named) {
            return None;
        }
        let port = match port {
            "" | ":" => own_port?,
            port => number(port.strip_prefix(':')?)?,
        };
        Some(Self::new(name, port))
    }
}

fn number(digits: &str) -> Option<u16> {
    let all = digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| all)
}

/// `None` for several `Host` fields, or one that is not ASCII.
fn field(headers: &HeaderMap) -> Option<Option<&str>> {
    let mut values = headers.get_all(HOST).iter();
    match (values.next(), values.next()) {
        (None, _) => Some(None),
        (Some(host), None) => host.to_str().ok().map(Some),
        (Some(_), Some(_)) => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn read(text: &str) -> Option<(String, u16)> {
        Host::read(text, Some(443)).map(|host| (host.name.into_owned(), host.port))
    }

    #[test]
    fn names_and_ports() {
        assert_eq!(read("Example.com"), Some(("example.com".into(), 443)));
        assert_eq!(read("example.com:"), Some(("example.com".into(), 443)));
        assert_eq!(read("example.com:8000"), Some(("example.com".into(), 8000)));
        assert_eq!(read("[2001:DB8::1]:80"), Some(("2001:db8::1".into(), 80)));
        assert_eq!(read("[::1]"), Some(("::1".into(), 443)));
    }

    #[test]
    fn what_is_no_host() {
        let wrong = [
            "", ":80", "h:+80", "h:x", "h:65536", "a/b", "u@h", "[::1", "[::1]x", "a b", "a,b",
            "a:1:2",
        ];
        for text in wrong {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn a_host_field_goes_before_the_uri() {
        let request = http::Request::get("https://a/").header("host", "b:81");
        let (head, ()) = request.body(()).unwrap().into_parts();
        assert_eq!(Host::outgoing(&head, None).unwrap(), Host::new("b", 81));
        assert_eq!(Host::incoming(&head, 443), None, "two hosts");
    }
}
