//! The host that is signed.

use std::borrow::Cow;

use countersign_core::canonical::uri;
use http::header::HOST;
use http::{HeaderMap, request};

/// The host of a request that is about to be sent: its `Host` field, or what an HTTP client puts there. `None` if there
/// is none or there are several.
pub(crate) fn outgoing(request: &request::Parts) -> Option<Cow<'_, str>> {
    match field(&request.headers)? {
        Some(host) => is_host(host).then_some(host.into()),
        None => uri::authority(&request.uri),
    }
}

/// The host of a request that was received: its `Host` field, or its authority (HTTP/2); if both are there they have to
/// be the same.
pub(crate) fn incoming(request: &request::Parts) -> Option<&str> {
    let authority = request.uri.authority().map(uri::without_user);
    let host = match (field(&request.headers)?, authority) {
        (Some(host), Some(authority)) if !host.eq_ignore_ascii_case(authority) => return None,
        (host, authority) => host.or(authority)?,
    };
    is_host(host).then_some(host)
}

/// The host of a base URL, which may be the host alone.
pub(crate) fn of_base(url: &str) -> Option<&str> {
    let url = url.trim_ascii();
    let rest = ["https://", "http://"]
        .iter()
        .find_map(|scheme| url.strip_prefix(scheme));
    let host = rest.unwrap_or(url).split('/').next()?;
    is_host(host).then_some(host)
}

/// What can stand between two tabs and in a URL.
fn is_host(host: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_graphic() && !b"/\\@?#\"',<>".contains(&byte);
    !host.is_empty() && host.bytes().all(allowed)
}

/// `None` for several `Host` fields, or one that is not ASCII.
fn field(headers: &HeaderMap) -> Option<Option<&str>> {
    let mut values = headers.get_all(HOST).iter();
    match (values.next(), values.next()) {
        (None, _) => Some(None),
        (Some(host), None) => host.to_str().ok().map(Some),
        (Some(_), Some(_)) => None,
    }
}
