//! What a user can set on a driver, whatever the scheme.

use std::sync::Arc;

use http::uri::Scheme;
use http::{Uri, request};

use crate::error::{Error, ErrorKind, Result};
use crate::lanes::{LaneSource, Lanes};
use crate::origin::{Origin, Scope};
use crate::scheme::Cx;

use super::pass::{Way, has_crossed};

/// How a driver treats requests, whatever the scheme.
///
/// The defaults are safe; each method returns the changed settings.
#[derive(Clone, Debug)]
pub struct Settings {
    scope: Scope,
    target: Target,
    proxy: Option<Origin>,
    allow_cleartext: bool,
    probe_with_head: bool,
    pub(crate) max_body: usize,
    pub(crate) max_legs: u8,
    lanes: Option<Arc<dyn LaneSource>>,
}

/// Who is to be authenticated to. No scheme ever sees it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Target {
    /// The origin server: `Authorization`, 401.
    #[default]
    Origin,
    /// The proxy that plain-HTTP requests are sent through: `Proxy-Authorization`, 407 (RFC 9110 section 11.7). A request
    /// over `https` fails, as its fields would reach the origin ([`Settings::proxy`] lets it pass); so would those of one to a
    /// host that the client does not send through the proxy, so name such hosts by [`Settings::only`]. After a redirect to
    /// another origin the request passes.
    Proxy,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            scope: Scope::default(),
            target: Target::Origin,
            proxy: None,
            allow_cleartext: false,
            probe_with_head: false,
            max_body: 1 << 20,
            max_legs: 3,
            lanes: None,
        }
    }
}

impl Settings {
    /// Sends credentials to these origins only; a request to any other passes without them.
    #[must_use]
    pub fn only(mut self, origins: impl IntoIterator<Item = Origin>) -> Self {
        self.scope = self.scope.only(origins);
        self
    }

    /// The origin of requests whose target is relative, as gRPC channels send them.
    #[must_use]
    pub fn base(mut self, origin: Origin) -> Self {
        self.scope = self.scope.base(origin);
        self
    }

    /// Authenticates to the proxy instead of the origin.
    #[must_use]
    pub fn target(self, target: Target) -> Self {
        Self { target, ..self }
    }

    /// Authenticates to this proxy, for a client that sends everything through it and authenticates its tunnels by itself
    /// where it connects: a request over `https` passes.
    ///
    /// What is learned, nonces and connections, is the proxy's wherever a request leads; redirects to other origins are
    /// authenticated to it as well; and it is the way to the proxy that credentials have to be safe on. For other clients
    /// there is [`Target::Proxy`].
    #[must_use]
    pub fn proxy(self, proxy: Origin) -> Self {
        Self {
            target: Target::Proxy,
            proxy: Some(proxy),
            ..self
        }
    }

    /// Lets a credential that is readable on the wire (Basic, Bearer, API key) go over `http` to a host that is not
    /// this machine. Whoever is on the way can then use it.
    #[must_use]
    pub fn allow_cleartext(self, allow: bool) -> Self {
        Self {
            allow_cleartext: allow,
            ..self
        }
    }

    /// Where a body cannot be kept for a second leg, asks for the challenge by a `HEAD` request first. Off by
    /// default: then such a body is gathered up to [`max_body`](Self::max_body).
    #[must_use]
    pub fn probe_with_head(self, probe: bool) -> Self {
        Self {
            probe_with_head: probe,
            ..self
        }
    }

    /// How many bytes of a streamed body are held in memory where a scheme needs them. 1 MiB by default. A body that
    /// is in memory already knows no limit.
    #[must_use]
    pub fn max_body(self, bytes: usize) -> Self {
        Self {
            max_body: bytes,
            ..self
        }
    }

    /// How often one request is sent at most, over all challenges. 3 by default; at least 1.
    #[must_use]
    pub fn max_legs(self, legs: u8) -> Self {
        Self {
            max_legs: legs.max(1),
            ..self
        }
    }

    /// Where an exchange that authenticates a connection gets one of its own from. Without it such an exchange fails
    /// with [`ErrorKind::Connection`].
    #[must_use]
    pub fn lanes<C: Send + 'static>(self, lanes: Lanes<C>) -> Self {
        Self {
            lanes: Some(Arc::new(lanes)),
            ..self
        }
    }

    pub(crate) fn lane_source(&self) -> Result<&dyn LaneSource> {
        self.lanes.as_deref().ok_or_else(|| {
            Error::new(
                ErrorKind::Connection,
                "this scheme authenticates a connection, and the client shares its connections: give it lanes",
            )
        })
    }

    /// How a request is to be treated.
    pub(crate) fn way(&self, head: &mut request::Parts) -> Way {
        let admitted = self.scope.admits(&head.uri);
        match (self.target, &self.proxy) {
            (Target::Origin, _) => Way::to_origin(head, admitted),
            (Target::Proxy, None) => Way::to_proxy(admitted && !has_crossed(head)),
            (Target::Proxy, Some(_)) => {
                Way::to_proxy(admitted && head.uri.scheme() != Some(&Scheme::HTTPS))
            }
        }
    }

    /// What a scheme sees of a request.
    pub(crate) fn cx<'a>(&'a self, head: &'a request::Parts) -> Cx<'a> {
        Cx::new(head, self.scope.base_origin()).to_proxy(self.proxy.as_ref())
    }

    pub(crate) fn is_for_proxy(&self) -> bool {
        self.target == Target::Proxy
    }

    pub(crate) fn probes_with_head(&self) -> bool {
        self.probe_with_head
    }

    fn is_cleartext(&self, uri: &Uri) -> bool {
        match &self.proxy {
            Some(proxy) => proxy.is_cleartext(),
            None => self.scope.is_cleartext(uri),
        }
    }

    /// A proxy sees the fields of plain HTTP and of `CONNECT`, whose target is an authority alone; any other would go
    /// through its tunnel to the origin.
    pub(crate) fn check_target(&self, uri: &Uri) -> Result<()> {
        let is_seen = match uri.scheme_str() {
            Some(scheme) => scheme == "http",
            None => uri.authority().is_some(),
        };
        if self.is_for_proxy() && !is_seen {
            return Err(Error::new(
                ErrorKind::Unsupported,
                "Target::Proxy is for plain http: for https the client itself opens a tunnel, which Settings::proxy leaves \
                 to it; one that answers challenges there is the connector of countersign_tower::Proxy",
            ));
        }
        Ok(())
    }

    pub(crate) fn check_cleartext(&self, uri: &Uri, reveals: bool) -> Result<()> {
        if reveals && !self.allow_cleartext && self.is_cleartext(uri) {
            return Err(Error::new(
                ErrorKind::Cleartext,
                "this credential would be readable on the way: use https, or call allow_cleartext(true); \
                 for a relative target name its origin with base()",
            ));
        }
        Ok(())
    }
}
