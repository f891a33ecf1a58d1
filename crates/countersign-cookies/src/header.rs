//! The `Cookie` field of a request: what is there already, and what a jar adds.

use http::header::COOKIE;
use http::{HeaderMap, HeaderValue};

/// A jar's cookies for one request: the name, and what stands in the field.
type Pairs = [(String, Vec<u8>)];

/// One field of what `request` has and what is added; `None` if no field may hold that.
pub(crate) fn joined(request: &HeaderMap, added: &[u8]) -> Option<HeaderValue> {
    let there = request.get_all(COOKIE).iter().map(HeaderValue::as_bytes);
    let parts: Vec<&[u8]> = there
        .filter(|part| !part.is_empty())
        .chain([added])
        .collect();
    sensitive(&parts.join(&b"; "[..]))
}

/// What `own` adds, as it stands in the field: nothing that has a name which the request has already.
pub(crate) fn added(request: &HeaderMap, own: &Pairs) -> Option<Vec<u8>> {
    let there: Vec<&[u8]> = request.get_all(COOKIE).iter().flat_map(names).collect();
    let is_new = |name: &str| {
        let is_there = there.contains(&name.as_bytes());
        if is_there {
            tracing::warn!(
                cookie = name,
                "a cookie of the jar gives way to the request's own"
            );
        }
        !is_there
    };
    let new = own.iter().filter(|(name, _)| is_new(name));
    let new: Vec<&[u8]> = new.map(|(_, pair)| &**pair).collect();
    (!new.is_empty()).then(|| new.join(&b"; "[..]))
}

fn names(field: &HeaderValue) -> impl Iterator<Item = &[u8]> {
    field.as_bytes().split(|byte| *byte == b';').map(|pair| {
        let end = pair.iter().position(|byte| *byte == b'=');
        pair[..end.unwrap_or(0)].trim_ascii()
    })
}

pub(crate) fn sensitive(field: &[u8]) -> Option<HeaderValue> {
    let mut field = HeaderValue::from_bytes(field).ok()?;
    field.set_sensitive(true);
    Some(field)
}
