//! How a scheme adds a header, or takes one out.

use http::header::HeaderName;
use http::{HeaderValue, request};

/// Adds a credential's header for the scheme `by`, marked as sensitive so that no `Debug` shows it and HTTP/2 does
/// not index it. A header of the same name that the caller set is replaced, and that is reported to the log.
pub fn add_header(
    request: &mut request::Parts,
    name: HeaderName,
    mut value: HeaderValue,
    by: &'static str,
) {
    value.set_sensitive(true);
    let replaced = request.headers.insert(name.clone(), value).is_some();
    if replaced {
        tracing::warn!(header = %name, scheme = by, "replaces a header that the caller set");
    }
}

/// Takes out a header that the caller set, as the credential of the scheme `by` goes elsewhere, and reports that to the
/// log.
pub fn remove_header(request: &mut request::Parts, name: &HeaderName, by: &'static str) {
    if request.headers.remove(name).is_some() {
        tracing::warn!(header = %name, scheme = by, "removes a header that the caller set");
    }
}
