//! Hosts as cookies compare them (RFC 6265bis section 5.1), and the public suffix list.

use countersign_core::Origin;
use http::Uri;
use url::Host;

/// Where a request goes, as far as cookies ask.
#[derive(Debug)]
pub(crate) struct Target<'a> {
    pub(crate) host: String,
    pub(crate) path: &'a str,
    /// Whether what is sent there cannot be read on the way: over TLS, or to this machine.
    pub(crate) is_secure: bool,
}

impl<'a> Target<'a> {
    /// `None` where the URI is not one of HTTP with a host: such a request has no cookies.
    pub(crate) fn of(uri: &'a Uri) -> Option<Self> {
        let origin = Origin::of(uri)?;
        let is_http = matches!(origin.scheme(), "http" | "https");
        Some(Self {
            host: canonical(origin.host()).filter(|_| is_http)?,
            path: uri.path(),
            is_secure: !origin.is_cleartext(),
        })
    }
}

/// A host in lower case, in its ASCII form (`xn--`), or an address in its shortest form. `None` if it is none, or is
/// escaped, which a host on the wire never is.
pub(crate) fn canonical(host: &str) -> Option<String> {
    let is_plain = !host.contains('%') && !host.starts_with('.') && !host.contains("..");
    let host = Host::parse(host).ok().filter(|_| is_plain)?;
    Some(host.to_string())
}

pub(crate) fn is_address(host: &str) -> bool {
    !matches!(Host::parse(host), Ok(Host::Domain(_)))
}

/// Whether a cookie for `domain` and the hosts below it is for `host` (section 5.1.3). An address has no hosts below it.
pub(crate) fn domain_matches(host: &str, domain: &str) -> bool {
    let below = || host.strip_suffix(domain)?.strip_suffix('.');
    host == domain || below().is_some() && !is_address(host)
}

/// Whether many who have nothing to do with each other register below it: `com`, `co.uk`, `github.io`. So does
/// everything without a dot.
pub(crate) fn is_public_suffix(domain: &str) -> bool {
    !is_address(domain) && psl::domain_str(domain).is_none()
}

/// The registrable domain of a host; the host itself where it has none.
pub(crate) fn site(host: &str) -> &str {
    match is_address(host) {
        true => host,
        false => psl::domain_str(host).unwrap_or(host),
    }
}

/// The folder of a request's path (section 5.1.4).
pub(crate) fn default_path(path: &str) -> &str {
    match path.rfind('/') {
        Some(last) if last > 0 && path.starts_with('/') => &path[..last],
        _ => "/",
    }
}

/// Whether a cookie for `folder` is for `path` (section 5.1.4).
pub(crate) fn path_matches(path: &str, folder: &str) -> bool {
    let rest = path.strip_prefix(folder);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || folder.ends_with('/'))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    #[test]
    fn hosts_are_compared_in_one_form() {
        for (written, read) in [
            ("EXAMPLE.com", Some("example.com")),
            ("bücher.example", Some("xn--bcher-kva.example")),
            ("XN--BCHER-KVA.example", Some("xn--bcher-kva.example")),
            ("127.1", Some("127.0.0.1")),
            ("[::0:1]", Some("[::1]")),
            ("example.com.", Some("example.com.")),
            ("", None),
            ("a b", None),
            ("%65xample.com", None),
            ("example.com:80", None),
            (".example.com", None),
            ("a..example.com", None),
        ] {
            assert_eq!(canonical(written).as_deref(), read, "{written}");
        }
    }

    #[test]
    fn a_domain_matches_itself_and_what_is_below_it() {
        assert!(domain_matches("example.com", "example.com"));
        assert!(domain_matches("a.b.example.com", "example.com"));
        assert!(!domain_matches("badexample.com", "example.com"));
        assert!(!domain_matches("example.com", "a.example.com"));
        assert!(!domain_matches("example.com.", "example.com"));
        assert!(domain_matches("127.0.0.1", "127.0.0.1"));
        assert!(!domain_matches("127.0.0.1", "0.0.1"));
    }

    #[test]
    fn the_list_is_obeyed() {
        for suffix in [
            "com",
            "com.",
            "co.uk",
            "co.uk.",
            "github.io",
            "localhost",
            "corp",
            "xn--55qx5d.cn",
        ] {
            assert!(is_public_suffix(suffix), "{suffix}");
        }
        for domain in [
            "example.com",
            "example.co.uk",
            "a.github.io",
            "127.0.0.1",
            "[::1]",
        ] {
            assert!(!is_public_suffix(domain), "{domain}");
        }
        assert_eq!(site("a.b.example.co.uk"), "example.co.uk");
        assert_eq!(site("localhost"), "localhost");
        assert_eq!(site("127.0.0.1"), "127.0.0.1");
    }

    #[test]
    fn paths_match_by_folders() {
        assert_eq!(default_path("/a/b"), "/a");
        assert_eq!(default_path("/a"), "/");
        assert_eq!(default_path("*"), "/");
        assert!(path_matches("/a/b", "/a"));
        assert!(path_matches("/a/b", "/a/"));
        assert!(!path_matches("/ab", "/a"));
        assert!(!path_matches("/a", "/a/"));
    }
}
