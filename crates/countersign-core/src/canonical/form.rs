//! Form bodies, `application/x-www-form-urlencoded`: whether a request says that it has one.

use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http::{HeaderValue, request};

/// The media type of a form.
pub const MEDIA_TYPE: &str = "application/x-www-form-urlencoded";

/// Whether a request says that its body is a form, whatever its method and its coding.
pub fn is_declared(request: &request::Parts) -> bool {
    let mut types = request.headers.get_all(CONTENT_TYPE).iter();
    types.any(is_form_type)
}

/// Whether it says so once, and no content coding hides the pairs.
pub fn is_readable(request: &request::Parts) -> bool {
    let mut types = request.headers.get_all(CONTENT_TYPE).iter();
    let is_form = types.next().is_some_and(is_form_type) && types.next().is_none();
    is_form && !request.headers.contains_key(CONTENT_ENCODING)
}

fn is_form_type(value: &HeaderValue) -> bool {
    let mut parts = value.as_bytes().split(|byte| *byte == b';');
    let essence = parts.next().unwrap_or_default().trim_ascii();
    essence.eq_ignore_ascii_case(MEDIA_TYPE.as_bytes())
}
