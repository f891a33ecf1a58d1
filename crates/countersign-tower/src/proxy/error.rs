//! [`ProxyError`].

use std::error::Error as StdError;
use std::fmt;

use countersign_core::challenge::{Challenges, parse};
use countersign_core::{BoxError, Error, Failure, Origin};
use http::header::PROXY_AUTHENTICATE;
use http::{StatusCode, response};

/// Why there is no connection through a proxy. Its text names the proxy and no secret.
///
/// A client hands it out as the cause of its own error.
pub struct ProxyError {
    kind: ProxyErrorKind,
    proxy: Origin,
    refusal: Option<Box<response::Parts>>,
    source: Option<BoxError>,
}

/// What kind of failure a [`ProxyError`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ProxyErrorKind {
    /// The URI has no host that a proxy could be asked for.
    Target,
    /// The proxy cannot be connected to.
    Unreachable,
    /// It did not open the tunnel in time.
    Timeout,
    /// It broke off, or its answer is not HTTP/1.1, larger than the limits, or followed by what nobody asked for.
    Broken,
    /// It answered with another status than 2xx, which [`ProxyError::refusal`] has.
    Refused,
    /// Its challenge could not be answered; the cause is the [`Error`] of the scheme.
    Auth,
}

impl ProxyError {
    pub(super) fn new(kind: ProxyErrorKind, proxy: &Origin) -> Self {
        Self {
            kind,
            proxy: proxy.clone(),
            refusal: None,
            source: None,
        }
    }

    pub(super) fn because(mut self, source: impl Into<BoxError>) -> Self {
        self.source = Some(source.into());
        self
    }

    pub(super) fn refused(proxy: &Origin, refusal: response::Parts) -> Self {
        let refusal = Some(Box::new(refusal));
        Self {
            refusal,
            ..Self::new(ProxyErrorKind::Refused, proxy)
        }
    }

    pub(super) fn of(failure: Failure<Self>, proxy: &Origin) -> Self {
        match failure {
            Failure::Auth(error) => Self::new(ProxyErrorKind::Auth, proxy).because(error),
            Failure::Inner(error) => error,
        }
    }

    /// What kind of failure this is.
    pub fn kind(&self) -> ProxyErrorKind {
        self.kind
    }

    /// The proxy.
    pub fn proxy(&self) -> &Origin {
        &self.proxy
    }

    /// The head of the answer by which the proxy refused a tunnel.
    pub fn refusal(&self) -> Option<&response::Parts> {
        self.refusal.as_deref()
    }

    /// The status of [`refusal`](Self::refusal).
    pub fn status(&self) -> Option<StatusCode> {
        self.refusal().map(|refusal| refusal.status)
    }

    /// What the proxy asks for in its refusal (`Proxy-Authenticate`).
    pub fn challenges(&self) -> Challenges<'_> {
        let fields = self
            .refusal()
            .map(|refusal| refusal.headers.get_all(PROXY_AUTHENTICATE));
        parse(fields.into_iter().flatten())
    }

    /// The error of the scheme, for [`ProxyErrorKind::Auth`].
    pub fn auth(&self) -> Option<&Error> {
        self.source.as_ref()?.downcast_ref()
    }
}

impl fmt::Display for ProxyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let proxy = &self.proxy;
        match (self.kind, self.status()) {
            (ProxyErrorKind::Refused, Some(status)) => {
                write!(f, "the proxy {proxy} refused the tunnel: {status}")
            }
            (ProxyErrorKind::Refused, None) => write!(f, "the proxy {proxy} refused the tunnel"),
            (ProxyErrorKind::Target, _) => write!(
                f,
                "the proxy {proxy} cannot be asked for a URI without a host"
            ),
            (ProxyErrorKind::Unreachable, _) => write!(f, "the proxy {proxy} cannot be reached"),
            (ProxyErrorKind::Timeout, _) => {
                write!(f, "the proxy {proxy} did not open the tunnel in time")
            }
            (ProxyErrorKind::Broken, _) => {
                write!(f, "the proxy {proxy} broke off, or does not speak HTTP/1.1")
            }
            (ProxyErrorKind::Auth, _) => {
                write!(f, "the proxy {proxy} could not be authenticated to")
            }
        }
    }
}

impl fmt::Debug for ProxyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProxyError")
            .field("kind", &self.kind)
            .field("proxy", &self.proxy)
            .field("status", &self.status())
            .field("source", &self.source)
            .finish()
    }
}

impl StdError for ProxyError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
