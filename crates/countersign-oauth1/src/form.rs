//! Form bodies, whose parameters are signed: RFC 5849, section 3.4.1.3.1.

use countersign_core::canonical::percent::{Plus, decode};
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http::{HeaderValue, request};

/// What a body is to a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form<'a> {
    /// No form.
    None,
    /// A form whose pairs are signed.
    Encoded(&'a str),
    /// It is declared to be a form and is not encoded as one, so nothing of it is signed.
    Broken,
}

impl<'a> Form<'a> {
    /// What `body` is in this request; its bytes count only where it [can be signed](can_be_signed).
    pub(crate) fn of(request: &request::Parts, body: &'a [u8]) -> Self {
        match is_declared(request) {
            false => Self::None,
            true if !can_be_signed(request) => Self::Broken,
            true => encoded(body).map_or(Self::Broken, Self::Encoded),
        }
    }

    /// Its pairs, if they are signed.
    pub(crate) fn pairs(self) -> &'a str {
        match self {
            Self::Encoded(form) => form,
            Self::None | Self::Broken => "",
        }
    }
}

/// Whether a request says that its body is a form, whatever its method.
pub(crate) fn is_declared(request: &request::Parts) -> bool {
    let mut types = request.headers.get_all(CONTENT_TYPE).iter();
    types.any(is_form_type)
}

/// Whether it says so once, and nothing hides the pairs.
pub(crate) fn can_be_signed(request: &request::Parts) -> bool {
    let single = request.headers.get_all(CONTENT_TYPE).iter().count() == 1;
    is_declared(request) && single && !request.headers.contains_key(CONTENT_ENCODING)
}

fn is_form_type(value: &HeaderValue) -> bool {
    let mut parts = value.as_bytes().split(|byte| *byte == b';');
    let essence = parts.next().unwrap_or_default().trim_ascii();
    essence.eq_ignore_ascii_case(b"application/x-www-form-urlencoded")
}

/// The body as text if it follows the encoding of forms: visible ASCII, and no broken percent-escape.
fn encoded(body: &[u8]) -> Option<&str> {
    let visible = body.iter().all(u8::is_ascii_graphic);
    let whole = visible && decode(body, Plus::Space).is_ok();
    str::from_utf8(body).ok().filter(|_| whole)
}
