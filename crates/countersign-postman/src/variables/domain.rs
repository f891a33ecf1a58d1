//! [`Domain`], where a secret may go.

use countersign::Origin;
use http::Uri;

use crate::{Error, ErrorKind, Result};

/// A pattern of origins: `[scheme://]host[:port]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Domain {
    /// Without one, any that others cannot read on the way.
    scheme: Option<String>,
    /// `None` for any.
    host: Option<Host>,
    port: Option<u16>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Host {
    Exactly(String),
    /// This one and those below it.
    Below(String),
}

impl Domain {
    pub(super) fn parse(pattern: &str) -> Result<Self> {
        let pattern = pattern.trim().to_ascii_lowercase();
        let (scheme, rest) = match pattern.split_once("://") {
            Some((scheme, rest)) => (Some(scheme), rest),
            None => (None, pattern.as_str()),
        };
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let (host, port) = port(authority)?;
        Ok(Self {
            scheme: scheme.filter(|scheme| *scheme != "*").map(str::to_owned),
            host: host_pattern(host)?,
            port,
        })
    }

    /// Whether `uri` is in it; its path and query do not matter.
    pub(super) fn admits(&self, uri: &Uri) -> bool {
        let Some(origin) = Origin::of(uri) else {
            return false;
        };
        let scheme = match &self.scheme {
            Some(scheme) => scheme == origin.scheme(),
            None => !origin.is_cleartext(),
        };
        let port = self.port.is_none_or(|port| port == origin.port());
        scheme
            && port
            && self
                .host
                .as_ref()
                .is_none_or(|host| host.admits(origin.host()))
    }
}

impl Host {
    fn admits(&self, host: &str) -> bool {
        match self {
            Self::Exactly(name) => host == name,
            Self::Below(name) => {
                let front = host.strip_suffix(name.as_str());
                front.is_some_and(|front| front.is_empty() || front.ends_with('.'))
            }
        }
    }
}

/// The port is what follows the last colon, unless that is within an IPv6 address.
fn port(authority: &str) -> Result<(&str, Option<u16>)> {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => match port {
            "*" => Ok((host, None)),
            _ => Ok((host, Some(port.parse().map_err(|_| wrong())?))),
        },
        _ => Ok((authority, None)),
    }
}

fn host_pattern(host: &str) -> Result<Option<Host>> {
    let name = host.strip_prefix("*.").unwrap_or(host);
    match host {
        "*" => Ok(None),
        _ if name.is_empty() || name.contains(['*', '@']) => Err(wrong()),
        _ if name == host => Ok(Some(Host::Exactly(name.to_owned()))),
        _ => Ok(Some(Host::Below(name.to_owned()))),
    }
}

fn wrong() -> Error {
    Error::new(
        ErrorKind::SecretDomain,
        "",
        "a secret's domain is written as host, *.host or scheme://host:port",
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn admits(pattern: &str, uri: &str) -> bool {
        Domain::parse(pattern)
            .unwrap()
            .admits(&uri.parse().unwrap())
    }

    #[test]
    fn the_host_matters_and_the_path_does_not() {
        assert!(admits("example.com", "https://EXAMPLE.com/any?x"));
        assert!(admits(
            "https://example.com/path",
            "https://example.com/other"
        ));
        assert!(!admits("example.com", "https://example.com.evil.test/"));
        assert!(!admits("example.com", "https://sub.example.com/"));
        assert!(!admits("example.com", "/relative"));
    }

    #[test]
    fn a_star_stands_for_what_is_below() {
        assert!(admits("*.example.com", "https://a.b.example.com/"));
        assert!(admits("*.example.com", "https://example.com/"));
        assert!(!admits("*.example.com", "https://badexample.com/"));
        assert!(admits("*", "https://anywhere.test/"));
    }

    #[test]
    fn scheme_and_port_bind_where_they_are_named() {
        assert!(admits(
            "http://example.com:8080",
            "http://example.com:8080/"
        ));
        assert!(!admits("http://example.com:8080", "http://example.com/"));
        assert!(!admits("https://example.com", "http://example.com/"));
        assert!(
            !admits("example.com", "http://example.com/"),
            "in the clear"
        );
        assert!(admits("*://example.com", "https://example.com:444/"));
        assert!(admits("[::1]:80", "http://[::1]/"));
    }

    #[test]
    fn other_patterns_are_refused() {
        for pattern in ["", "*.", "a*.com", "u@h", "h:99999", "https://"] {
            assert!(Domain::parse(pattern).is_err(), "{pattern}");
        }
    }
}
