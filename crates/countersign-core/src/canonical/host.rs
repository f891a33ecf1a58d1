//! The one host of a request, as it goes on the wire: RFC 9110, section 7.2.

use std::borrow::Cow;
use std::fmt;

use http::header::HOST;
use http::{HeaderMap, request};

use super::bytes::{Bytes, visible_but};
use super::uri;
use crate::origin::Origin;

/// The host of a request that is about to be sent, `name` or `name:port`: its `Host` field, or what an HTTP client puts
/// there, which is the URI's authority without user information and default port. `base` is the origin of a relative
/// target.
///
/// # Errors
///
/// [`HostError`] if it has none, several, or one that no `Host` field may be.
pub fn outgoing<'a>(
    request: &'a request::Parts,
    base: Option<&Origin>,
) -> Result<Cow<'a, str>, HostError> {
    let host = match (field(&request.headers)?, request.uri.authority()) {
        (Some(host), _) => host.into(),
        // Nothing is left out of it, so it need not be looked at twice.
        (None, Some(name)) if is_name(name.as_str()) => return Ok(name.as_str().into()),
        (None, _) => uri::authority(&request.uri)
            .or_else(|| base.map(|base| base.authority().into()))
            .ok_or(HostError::Missing)?,
    };
    check(&host).map(|()| host)
}

/// The host of a request that was received: its `Host` field, or its authority (HTTP/2), without user information. If it
/// has both, they have to be the same but for case.
///
/// # Errors
///
/// Those of [`outgoing`].
pub fn incoming(request: &request::Parts) -> Result<&str, HostError> {
    let authority = request.uri.authority().map(uri::without_user);
    let host = match (field(&request.headers)?, authority) {
        (Some(host), Some(authority)) if !host.eq_ignore_ascii_case(authority) => {
            return Err(HostError::Ambiguous);
        }
        (host, authority) => host.or(authority).ok_or(HostError::Missing)?,
    };
    check(host).map(|()| host)
}

/// The one `Host` field, if there is any.
fn field(headers: &HeaderMap) -> Result<Option<&str>, HostError> {
    let mut values = headers.get_all(HOST).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(host), None) => match host.to_str() {
            Ok(host) => Ok(Some(host.trim_ascii())),
            Err(_) => Err(HostError::Invalid),
        },
        (Some(_), Some(_)) => Err(HostError::Ambiguous),
    }
}

/// Whether it is a name alone, as nearly every host is. Every byte is looked at, as that takes fewer steps than stopping
/// early.
fn is_name(host: &str) -> bool {
    static LEGAL: Bytes = visible_but(b"/\\@?#\"',<>:[]");
    let legal = |all, byte| all & LEGAL[usize::from(byte)];
    !host.is_empty() && host.bytes().fold(true, legal)
}

/// Refuses what could be read as more than a host.
///
/// # Errors
///
/// [`HostError::Missing`] for an empty one, [`HostError::Invalid`] for any byte that no host has.
pub fn check(host: &str) -> Result<(), HostError> {
    static LEGAL: Bytes = visible_but(b"/\\@?#\"',<>");
    match host {
        "" => Err(HostError::Missing),
        host if host.bytes().all(|byte| LEGAL[usize::from(byte)]) => Ok(()),
        _ => Err(HostError::Invalid),
    }
}

/// The name, an IPv6 address in its brackets, and the port, if one is named.
///
/// # Errors
///
/// Those of [`check`], and [`HostError::Invalid`] for a port that is no number of 16 bits in digits.
pub fn split(host: &str) -> Result<(&str, Option<u16>), HostError> {
    if is_name(host) {
        return Ok((host, None));
    }
    check(host)?;
    let find = |wanted: u8| host.bytes().position(|byte| byte == wanted);
    let end = match host.starts_with('[') {
        true => find(b']').map(|last| last + 1),
        false => Some(find(b':').unwrap_or(host.len())),
    };
    let (name, port) = host.split_at(end.ok_or(HostError::Invalid)?);
    match (name, port) {
        ("", _) => Err(HostError::Invalid),
        (name, "" | ":") => Ok((name, None)),
        (name, port) => match port.strip_prefix(':').and_then(number) {
            Some(port) => Ok((name, Some(port))),
            None => Err(HostError::Invalid),
        },
    }
}

fn number(digits: &str) -> Option<u16> {
    let all = digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| all)
}

/// Why a request has no one host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HostError {
    /// It has none, or an empty one.
    Missing,
    /// It has several that differ, or several `Host` fields.
    Ambiguous,
    /// It has one with a byte that no host may hold.
    Invalid,
}

impl fmt::Display for HostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => {
                "the request has no host: give it an absolute URI or a Host header, or the client a base origin"
            }
            Self::Ambiguous => "the request has more than one host: send one Host header, that of the URI",
            Self::Invalid => "the host of the request holds a byte that no host may hold",
        })
    }
}

impl std::error::Error for HostError {}
