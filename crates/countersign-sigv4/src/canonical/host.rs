//! The host that is signed.

use std::borrow::Cow;

use countersign_core::canonical::uri;
use http::header::HOST;
use http::{HeaderMap, request};

/// Why there is no one host to sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HostError {
    /// None, or an empty one.
    Missing,
    /// Several, or one that is not ASCII.
    Ambiguous,
}

/// The host of a request that is about to be sent: its `Host` field, or what an HTTP client puts there.
pub(crate) fn outgoing(request: &request::Parts) -> Result<Cow<'_, str>, HostError> {
    match host_field(&request.headers)? {
        Some(host) => present(host).map(Cow::Borrowed),
        None => uri::authority(&request.uri)
            .filter(|host| !host.is_empty())
            .ok_or(HostError::Missing),
    }
}

/// The host of a request that was received: its `Host` field, or its authority (HTTP/2). Both, if there are both, have
/// to be the same.
pub(crate) fn incoming(request: &request::Parts) -> Result<&str, HostError> {
    let authority = request.uri.authority().map(uri::without_user);
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
