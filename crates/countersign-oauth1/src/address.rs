//! The address that is signed: scheme, host, port and path as the client addresses them.

use std::borrow::Cow;

use countersign_core::Origin;
use countersign_core::canonical::uri;
use http::header::HOST;
use http::uri::{Authority, Parts, Scheme};
use http::{HeaderMap, HeaderValue, Uri, request};

/// The address of a request that is about to be sent; its `Host` field, if it has one, counts before its URI. `None` if
/// it has none, or several.
pub(crate) fn outgoing(request: &request::Parts) -> Option<Cow<'_, Uri>> {
    let scheme = request.uri.scheme()?;
    let sent = uri::authority(&request.uri)?;
    match host(&request.headers).ok()? {
        Some(host) if host.as_bytes() != sent.as_bytes() => {
            rebuilt(scheme.clone(), host.to_str().ok()?, &request.uri).map(Cow::Owned)
        }
        _ => Some(Cow::Borrowed(&request.uri)),
    }
}

/// The address of a request that was received by `scheme`. Its `Host` field and its authority (HTTP/2), if it has both,
/// have to be the same.
pub(crate) fn incoming(request: &request::Parts, scheme: &Scheme) -> Option<Uri> {
    let authority = request.uri.authority().map(uri::without_user);
    let host = host(&request.headers).ok()?.map(HeaderValue::to_str);
    let host = match (host.transpose().ok()?, authority) {
        (Some(host), Some(authority)) if !host.eq_ignore_ascii_case(authority) => return None,
        (host, authority) => host.or(authority)?,
    };
    rebuilt(scheme.clone(), host, &request.uri)
}

/// The one `Host` field, if there is any; several are an error.
fn host(headers: &HeaderMap) -> Result<Option<&HeaderValue>, ()> {
    let mut values = headers.get_all(HOST).iter();
    match (values.next(), values.next()) {
        (_, Some(_)) => Err(()),
        (host, None) => Ok(host),
    }
}

fn rebuilt(scheme: Scheme, host: &str, uri: &Uri) -> Option<Uri> {
    let mut parts = Parts::default();
    parts.scheme = Some(scheme);
    parts.authority = Some(Authority::try_from(host.trim_ascii()).ok()?);
    parts.path_and_query = Some(match uri.path_and_query() {
        Some(target) => target.clone(),
        None => http::uri::PathAndQuery::from_static("/"),
    });
    let uri = Uri::from_parts(parts).ok()?;
    // A port that is no number would be dropped without a word.
    Origin::of(&uri).map(|_| uri)
}
