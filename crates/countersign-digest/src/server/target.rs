//! Whether `uri` names the request's target: RFC 7616, section 3.4.6.

use countersign_core::canonical::uri::{default_port, request_target};
use http::header::HOST;
use http::request;

/// Byte for byte the request's target, or its absolute form on the request's own host.
pub(super) fn is_target_of(uri: &[u8], request: &request::Parts) -> bool {
    let target = request_target(&request.uri);
    uri == target.as_bytes() || is_absolute_form_of(uri, &target, request)
}

fn is_absolute_form_of(uri: &[u8], target: &str, request: &request::Parts) -> bool {
    let split = str::from_utf8(uri)
        .ok()
        .and_then(|uri| uri.split_once("://"));
    let (Some((scheme, rest)), Some(host)) = (split, host(request)) else {
        return false;
    };
    let scheme = scheme.to_ascii_lowercase();
    let Some(port) = default_port(&scheme) else {
        return false;
    };
    let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let same_path = path == target || (path.is_empty() && target == "/");
    same_path && with_port(authority, port) == with_port(host, port)
}

fn host(request: &request::Parts) -> Option<&str> {
    let own = request.uri.authority().map(|authority| authority.as_str());
    own.or_else(|| request.headers.get(HOST)?.to_str().ok())
}

/// Host and port, in lower case.
fn with_port(authority: &str, default: u16) -> (String, String) {
    let host = authority.to_ascii_lowercase();
    match host.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host.to_owned(), port.to_owned()),
        _ => (host, default.to_string()),
    }
}
