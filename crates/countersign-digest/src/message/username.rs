//! How a request names its user: `username`, `username*` or a hash, RFC 7616, section 3.4.

use std::borrow::Cow;

use countersign_core::canonical::percent::{self, Plus};
use countersign_core::challenge::Credentials;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All but `attr-char` of RFC 8187, section 3.2.1.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b'-')
    .remove(b'.')
    .remove(b'^')
    .remove(b'_')
    .remove(b'`')
    .remove(b'|')
    .remove(b'~');

/// The value of `username*`: RFC 8187, section 3.2.
pub(crate) fn extended(name: &str) -> String {
    format!("UTF-8''{}", utf8_percent_encode(name, ESCAPED))
}

/// The user that a request names.
pub(crate) enum Username<'a> {
    Name(Cow<'a, str>),
    Hash(&'a str),
}

impl<'a> Username<'a> {
    /// `None` if there is none, there are two, or it is not text.
    pub(crate) fn read(credentials: &'a Credentials<'_>) -> Option<Self> {
        let hashed = credentials
            .text("userhash")
            .is_some_and(|is| is.eq_ignore_ascii_case("true"));
        match (
            credentials.param("username"),
            credentials.param("username*"),
        ) {
            (Some(_), None) if hashed => credentials.text("username").map(Self::Hash),
            (Some(_), None) => plain(credentials.text("username")?.into()),
            (None, Some(_)) if !hashed => plain(decoded(credentials.text("username*")?)?),
            _ => None,
        }
    }
}

fn plain(name: Cow<'_, str>) -> Option<Username<'_>> {
    (!name.chars().any(char::is_control)).then_some(Username::Name(name))
}

fn decoded(extended: &str) -> Option<Cow<'_, str>> {
    let mut parts = extended.splitn(3, '\'');
    let (charset, _language, value) = (parts.next()?, parts.next()?, parts.next()?);
    if !charset.eq_ignore_ascii_case("UTF-8") {
        return None;
    }
    match percent::decode(value.as_bytes(), Plus::Literal).ok()? {
        Cow::Borrowed(bytes) => str::from_utf8(bytes).ok().map(Cow::Borrowed),
        Cow::Owned(bytes) => String::from_utf8(bytes).ok().map(Cow::Owned),
    }
}
