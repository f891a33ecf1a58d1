//! [`AnswerError`], why a server's answer is of no use although it is no refusal.

use std::error::Error as StdError;
use std::fmt;

use countersign_core::{Error, ErrorKind};
use countersign_token::{Refused, RefusedKind};

use super::clean::clean;

/// Why an answer of one of the server's endpoints is of no use although it is no refusal.
///
/// It is found by `downcast_ref` among the sources of a core [`Error`] and of a [`Refused`], and quotes nothing of the
/// answer but the token's type.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AnswerError {
    /// It is larger than 1 MiB.
    TooLarge,
    /// It is a redirect, which is not followed as the request holds secrets.
    Redirect,
    /// It is no JSON, a field is missing, stands there twice or is of another type.
    Unreadable,
    /// Its token is empty or holds a control character, which no header can carry.
    UnfitToken,
    /// Its `token_type`, as the server wrote it, is none that this client may use (RFC 6749 section 7.1): see
    /// [`Builder::accept_token_type`](crate::Builder::accept_token_type).
    UnsupportedType(String),
    /// Its ID token belongs to another request (OpenID Connect Core 1.0 section 3.1.3.7, point 11).
    NonceMismatch,
    /// It leads no person anywhere: the page of the device grant is missing (RFC 8628 section 3.2).
    NoVerificationPage,
    /// It could be read, but not by the letter of RFC 6749 section 5.1: see [`Builder::strict`](crate::Builder::strict).
    NotStrict(&'static str),
}

impl From<AnswerError> for Refused {
    fn from(error: AnswerError) -> Self {
        let shown = Error::new(ErrorKind::Fetch, error.to_string());
        Self::new(RefusedKind::Malformed, shown.with_source(error))
    }
}

impl fmt::Display for AnswerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::TooLarge => "the server's answer is larger than 1 MiB",
            Self::Redirect => {
                "the server redirects the request, which is not followed as it holds secrets: set the URL it moved to"
            }
            Self::Unreadable => {
                "the server's answer cannot be read: a field is missing, stands there twice or is of another type, or it \
                 is no JSON"
            }
            Self::UnfitToken => {
                "the server gave a token that is empty or holds a control character"
            }
            Self::UnsupportedType(kind) => {
                return write!(
                    f,
                    "the server gave a token of type {}, which this client cannot use: ask for a bearer token, or accept \
                     that type if it is one by another name",
                    clean(kind)
                );
            }
            Self::NonceMismatch => {
                "the ID token's nonce is not that of this request: it is of another one, so it is not used"
            }
            Self::NoVerificationPage => "the server gave no page for the device code",
            Self::NotStrict(what) => {
                return write!(f, "the server's answer is none of RFC 6749: {what}");
            }
        };
        f.write_str(text)
    }
}

impl StdError for AnswerError {}
