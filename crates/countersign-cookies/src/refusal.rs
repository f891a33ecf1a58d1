//! [`Refusal`], why a jar does not keep a cookie.

use std::fmt;

/// Why a jar does not keep a cookie. Nothing of the cookie is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// The URI is relative, or not one of HTTP.
    NoHost,
    /// It is not UTF-8.
    NotText,
    /// It has neither a name nor a value.
    Empty,
    /// Its name and value have more than 4096 bytes.
    TooLong,
    /// It holds a control character.
    ControlCharacter,
    /// Its name, value or path holds what separates cookies: `;`, or `=` in the name.
    Separator,
    /// Its `Domain` is not the host that sets it, nor one above it.
    Domain,
    /// Its `Domain` is a public suffix, `co.uk` say.
    PublicSuffix,
    /// It is `Secure`, and who sets it can be read and changed on the way.
    Insecure,
    /// It would take the place of a `Secure` cookie, and who sets it can be read and changed on the way.
    Overwrites,
    /// Its name begins with `__Secure-` or `__Host-`, and it is not what that promises.
    Prefix,
    /// It is `Partitioned` and not `Secure`.
    Partitioned,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoHost => "only an absolute http or https URI can set a cookie",
            Self::NotText => "the cookie is not UTF-8",
            Self::Empty => "the cookie has neither a name nor a value",
            Self::TooLong => "the cookie's name and value have more than 4096 bytes",
            Self::ControlCharacter => "the cookie holds a control character",
            Self::Separator => "the cookie holds a character that separates cookies",
            Self::Domain => "the cookie is for a domain that its host does not belong to",
            Self::PublicSuffix => "the cookie is for a public suffix, and so for strangers",
            Self::Insecure => "the cookie is Secure and was set over plain http",
            Self::Overwrites => "the cookie was set over plain http and would replace a Secure one",
            Self::Prefix => "the cookie is not what the prefix of its name promises",
            Self::Partitioned => "the cookie is Partitioned and not Secure",
        })
    }
}

impl std::error::Error for Refusal {}
