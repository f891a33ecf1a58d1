//! Form bodies, whose parameters are signed: RFC 5849, section 3.4.1.3.1.

use countersign_core::canonical::form::{is_declared, is_readable};
use countersign_core::canonical::percent::check;
use http::request;

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
    /// What `body` is in this request; its bytes count only where it [can be read](is_readable).
    pub(crate) fn of(request: &request::Parts, body: &'a [u8]) -> Self {
        match is_declared(request) {
            false => Self::None,
            true if !is_readable(request) => Self::Broken,
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

/// The body as text if it follows the encoding of forms: visible ASCII, and no broken percent-escape.
fn encoded(body: &[u8]) -> Option<&str> {
    let visible = body.iter().all(u8::is_ascii_graphic);
    let whole = visible && check(body).is_ok();
    str::from_utf8(body).ok().filter(|_| whole)
}
