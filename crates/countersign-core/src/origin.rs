//! [`Origin`] and [`Scope`]: where a credential may go.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;
use std::sync::Arc;

use http::Uri;
use http::uri::Scheme;

use crate::canonical::uri::default_port;
use crate::error::Error;

/// Scheme, host and effective port: any difference in one of them is another origin (RFC 6454 section 4).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Origin {
    scheme: Scheme,
    host: Box<str>,
    port: u16,
}

impl Origin {
    /// The origin of an absolute URI; `None` if it is relative or its port is not known.
    pub fn of(uri: &Uri) -> Option<Self> {
        let (scheme, host) = (uri.scheme_str()?, uri.host()?);
        let scheme = normal_scheme(scheme)?;
        let port = explicit_port(uri, host)?.or_else(|| default_port(scheme.as_str()))?;
        Some(Self {
            scheme,
            host: normal_host(host).into(),
            port,
        })
    }

    /// `"http"` or `"https"`, in lower case.
    pub fn scheme(&self) -> &str {
        self.scheme.as_str()
    }

    /// The host in lower case; an IPv6 address in brackets, in its shortest form.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, also where it is the scheme's default.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The host as clients send it in `Host`: with the port unless it is the scheme's default.
    pub fn authority(&self) -> String {
        match default_port(self.scheme()) == Some(self.port) {
            true => self.host.to_string(),
            false => format!("{}:{}", self.host, self.port),
        }
    }

    /// Whether what is sent there can be read on the way: neither TLS nor a loopback peer.
    pub fn is_cleartext(&self) -> bool {
        self.scheme != Scheme::HTTPS && !is_loopback(&self.host)
    }
}

impl FromStr for Origin {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let uri: Uri = text.parse().map_err(|_| not_an_origin())?;
        Self::of(&uri).ok_or_else(not_an_origin)
    }
}

fn not_an_origin() -> Error {
    Error::configuration("not an origin: write it as scheme://host or scheme://host:port")
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}:{}", self.scheme, self.host, self.port)
    }
}

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Whether a URI is read on the way, without allocating for it. `None` if it is relative.
pub(crate) fn is_cleartext(uri: &Uri) -> Option<bool> {
    let (scheme, host) = (uri.scheme_str()?, uri.host()?);
    Some(!scheme.eq_ignore_ascii_case("https") && !is_loopback(host))
}

/// In lower case; the two common ones need no memory of their own.
fn normal_scheme(scheme: &str) -> Option<Scheme> {
    [Scheme::HTTP, Scheme::HTTPS]
        .into_iter()
        .find(|known| scheme.eq_ignore_ascii_case(known.as_str()))
        .or_else(|| scheme.to_ascii_lowercase().parse().ok())
}

/// The port that the URI names; the outer `None` where it is no number, which `http` lets pass.
fn explicit_port(uri: &Uri, host: &str) -> Option<Option<u16>> {
    let authority = uri.authority()?.as_str();
    let place = authority
        .rsplit_once('@')
        .map_or(authority, |(_, place)| place);
    match place.strip_prefix(host)? {
        "" | ":" => Some(None),
        port => port.strip_prefix(':')?.parse().ok().map(Some),
    }
}

fn ipv6(host: &str) -> Option<Ipv6Addr> {
    host.strip_prefix('[')?.strip_suffix(']')?.parse().ok()
}

fn normal_host(host: &str) -> String {
    match ipv6(host) {
        Some(address) => format!("[{address}]"),
        None => host.to_ascii_lowercase(),
    }
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<Ipv4Addr>()
            .is_ok_and(|address| address.is_loopback())
        || ipv6(host).is_some_and(|address| address.is_loopback())
}

/// Where credentials may go: to whichever origin the caller itself addresses, or [`only`](Self::only) to some.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    only: Option<Arc<[Origin]>>,
    base: Option<Origin>,
}

impl Scope {
    /// Narrows it: a request to any other origin passes without credentials.
    #[must_use]
    pub fn only(mut self, origins: impl IntoIterator<Item = Origin>) -> Self {
        self.only = Some(origins.into_iter().collect());
        self
    }

    /// The origin of relative targets, for a client that has one fixed peer (as gRPC channels have).
    #[must_use]
    pub fn base(mut self, origin: Origin) -> Self {
        self.base = Some(origin);
        self
    }

    pub(crate) fn base_origin(&self) -> Option<&Origin> {
        self.base.as_ref()
    }

    pub(crate) fn admits(&self, uri: &Uri) -> bool {
        let Some(only) = &self.only else { return true };
        let origin = Origin::of(uri).or_else(|| self.base.clone());
        origin.is_some_and(|origin| only.contains(&origin))
    }

    /// Whether what goes to `uri` can be read on the way; unknown counts as yes.
    pub(crate) fn is_cleartext(&self, uri: &Uri) -> bool {
        is_cleartext(uri)
            .or_else(|| self.base.as_ref().map(Origin::is_cleartext))
            .unwrap_or(true)
    }
}
