//! The address that is signed: scheme, host, port and path as the client addresses them.

use std::borrow::Cow;

use countersign_core::canonical::host::{self, HostError};
use countersign_core::canonical::{Sink, uri};
use http::request;
use http::uri::Scheme;

/// What the base string URI is written from.
pub(crate) struct Address<'a> {
    scheme: &'a str,
    name: Cow<'a, str>,
    port: Option<u16>,
    path: &'a str,
}

impl<'a> Address<'a> {
    /// That of a request that is about to be sent.
    pub(crate) fn outgoing(request: &'a request::Parts) -> Result<Self, HostError> {
        let scheme = request.uri.scheme_str().ok_or(HostError::Missing)?;
        Self::new(
            scheme,
            host::outgoing(request, None)?,
            uri::path(&request.uri),
        )
    }

    /// That of a request that was received by `scheme`.
    pub(crate) fn incoming(
        request: &'a request::Parts,
        scheme: &'a Scheme,
    ) -> Result<Self, HostError> {
        let host = host::incoming(request)?;
        Self::new(scheme.as_str(), host.into(), uri::path(&request.uri))
    }

    pub(crate) fn new(
        scheme: &'a str,
        host: Cow<'a, str>,
        path: &'a str,
    ) -> Result<Self, HostError> {
        let (name, port) = host::split(&host)?;
        let (len, own_port) = (name.len(), uri::default_port(scheme));
        let name = match host {
            Cow::Borrowed(host) => host[..len].into(),
            Cow::Owned(host) => host[..len].to_owned().into(),
        };
        Ok(Self {
            scheme,
            name,
            port: port.filter(|port| Some(*port) != own_port),
            path,
        })
    }

    /// Writes the base string URI: RFC 5849, section 3.4.1.2. The path is signed as it is sent.
    pub(crate) fn write(&self, sink: &mut impl Sink) {
        sink.put(self.scheme.as_bytes());
        sink.put(b"://");
        sink.put(lower_case(&self.name).as_bytes());
        if let Some(port) = self.port {
            sink.put(b":");
            sink.put(itoa::Buffer::new().format(port).as_bytes());
        }
        sink.put(self.path.as_bytes());
    }
}

fn lower_case(name: &str) -> Cow<'_, str> {
    match name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        true => name.to_ascii_lowercase().into(),
        false => name.into(),
    }
}
