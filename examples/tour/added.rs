//! What a scheme added to a request, without a secret in it.

use axum::body::HttpBody;
use axum::extract::Request;
use http::{HeaderMap, header};

/// What a scheme added to a request: names in clear, values not.
pub(super) fn to(request: &Request) -> String {
    let mut parts = headers(request.headers());
    let query = request
        .uri()
        .query()
        .into_iter()
        .flat_map(|query| query.split('&'));
    let names: Vec<&str> = query
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, _)| name)
        .collect();
    match names.as_slice() {
        [] => {}
        [name] => parts.push(format!("?{name}=[redacted]")),
        [more @ .., name] => parts.push(format!("?{name}=[redacted] and {} more", more.len())),
    }
    if request.body().size_hint().exact() != Some(3) {
        parts.push("a form field".to_owned());
    }
    if parts.is_empty() {
        "nothing".to_owned()
    } else {
        parts.join(", ")
    }
}

fn headers(headers: &HeaderMap) -> Vec<String> {
    let mut parts = Vec::new();
    if let Some(value) = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
    {
        let scheme = value.split(' ').next().unwrap_or_default();
        parts.push(format!("Authorization: {scheme} [redacted]"));
    }
    for name in ["x-key", "cookie"] {
        if headers.contains_key(name) {
            parts.push(format!("{name}: [redacted]"));
        }
    }
    parts
}
