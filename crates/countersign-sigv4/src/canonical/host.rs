//! The host that is signed.

use countersign_core::canonical::uri::default_port;
use http::header::HOST;
use http::uri::Authority;
use http::{HeaderMap, Uri, request};

/// Why there is no one host to sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HostError {
    /// None, or an empty one.
    Missing,
    /// Several, or one that is not ASCII.
    Ambiguous,
}

/// The host of a request that is about to be sent: its `Host` field, or what an HTTP client puts there, which is the
/// URI's host as it stands and its port unless the scheme has it by default.
pub(crate) fn outgoing(request: &request::Parts) -> Result<&str, HostError> {
    let host = match host_field(&request.headers)? {
        Some(host) => host,
        None => from_uri(&request.uri).ok_or(HostError::Missing)?,
    };
    present(host)
}

/// The host of a request that was received: its `Host` field, or its authority (HTTP/2). Both, if there are both, have
/// to be the same.
pub(crate) fn incoming(request: &request::Parts) -> Result<&str, HostError> {
    let authority = request.uri.authority().map(without_user);
    match (host_field(&request.headers)?, authority) {
        (Some(host), Some(authority)) if !host.eq_ignore_ascii_case(authority) => {
            Err(HostError::Ambiguous)
        }
        (Some(host), _) => present(host),
        (None, Some(authority)) => present(authority),
        (None, None) => Err(HostError::Missing),
    }
}

fn host_field(headers: &HeaderMap) -> Result<Option<&str>, HostError> {
    let mut values = headers.get_all(HOST).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(host), None) => host.to_str().map(Some).map_err(|_| HostError::Ambiguous),
        (Some(_), Some(_)) => Err(HostError::Ambiguous),
    }
}

fn present(host: &str) -> Result<&str, HostError> {
    match host.trim_ascii() {
        "" => Err(HostError::Missing),
        host => Ok(host),
    }
}

fn from_uri(uri: &Uri) -> Option<&str> {
    let authority = uri.authority()?;
    let own = uri.scheme_str().and_then(default_port);
    match authority.port_u16() {
        Some(port) if Some(port) != own => Some(without_user(authority)),
        _ => Some(authority.host()),
    }
}

fn without_user(authority: &Authority) -> &str {
    let text = authority.as_str();
    text.rsplit_once('@').map_or(text, |(_, host)| host)
}
