//! How a scheme adds a header, or takes one out.

use http::header::HeaderName;
use http::{HeaderValue, request};

use crate::canonical::query;
use crate::canonical::uri::UriError;

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

/// Adds a credential's parameter to the query for the scheme `by`. Those of the same name that the caller set are
/// replaced, and that is reported to the log.
///
/// # Errors
///
/// A target that has no query.
pub fn add_parameter(
    request: &mut request::Parts,
    name: &str,
    value: &str,
    by: &'static str,
) -> Result<(), UriError> {
    let others = query::retain(&request.uri, |pair| !pair.is_named(name))?;
    if others != request.uri {
        tracing::warn!(
            parameter = name,
            scheme = by,
            "replaces a parameter that the caller set"
        );
    }
    request.uri = query::append(&others, name, value)?;
    Ok(())
}

/// Takes out a header that the caller set, as the credential of the scheme `by` goes elsewhere, and reports that to the
/// log.
pub fn remove_header(request: &mut request::Parts, name: &HeaderName, by: &'static str) {
    if request.headers.remove(name).is_some() {
        tracing::warn!(header = %name, scheme = by, "removes a header that the caller set");
    }
}
