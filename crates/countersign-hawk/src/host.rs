//! [`Host`], the host and the port that a MAC covers.

use std::borrow::Cow;

use countersign_core::canonical::host::split;

/// Host and port: the name in lower case and an IPv6 address without its brackets, as the reference client has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Host<'a> {
    pub(crate) name: Cow<'a, str>,
    pub(crate) port: u16,
}

impl<'a> Host<'a> {
    /// Reads `name` or `name:port`, and takes `own_port` where none is named.
    pub(crate) fn read(host: &'a str, own_port: Option<u16>) -> Option<Self> {
        let (name, port) = split(host).ok()?;
        let inner = name
            .strip_prefix('[')
            .and_then(|name| name.strip_suffix(']'));
        let name = inner.unwrap_or(name);
        let name = match name.bytes().any(|byte| byte.is_ascii_uppercase()) {
            true => name.to_ascii_lowercase().into(),
            false => name.into(),
        };
        let port = port.or(own_port)?;
        Some(Self { name, port })
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
}
