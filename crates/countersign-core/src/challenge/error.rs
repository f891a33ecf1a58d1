use std::fmt;

/// Why credentials or parameters could not be read. It never holds what was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParseError {
    /// The value does not begin with an authentication scheme.
    Scheme,
    /// What follows the scheme is neither one token68 nor a list of `name=value`.
    Malformed,
    /// A quoted string has no closing quote.
    UnterminatedQuote,
    /// The same parameter stands there twice.
    Duplicate,
    /// More parameters or bytes than [`MAX_PARAMS`](super::MAX_PARAMS),
    /// [`MAX_VALUE`](super::MAX_VALUE) or [`MAX_TOTAL`](super::MAX_TOTAL) allow.
    LimitExceeded,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Scheme => "the header does not begin with an authentication scheme",
            Self::Malformed => "the header is neither a token68 nor a list of name=value",
            Self::UnterminatedQuote => "a quoted string in the header is never closed",
            Self::Duplicate => "a parameter stands in the header twice",
            Self::LimitExceeded => "the header has more parameters or bytes than are read",
        })
    }
}

impl std::error::Error for ParseError {}

/// Why a header could not be written. It may name the parameter and never holds its value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WriteError {
    /// The authentication scheme is not a token.
    Scheme,
    /// The credentials are not a token68: use letters, digits and `-._~+/`, then `=` to pad.
    Token68,
    /// The name of this parameter is not a token.
    Name(String),
    /// The value of this parameter is written without quotes and is not a token: quote it.
    Token(String),
    /// A value holds CR, LF, NUL or another control character, which no header can carry.
    Control,
    /// This parameter is given twice.
    Duplicate(String),
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scheme => f.write_str("the authentication scheme is not a token"),
            Self::Token68 => f.write_str(
                "the credentials are not a token68: use letters, digits and -._~+/, then = to pad",
            ),
            Self::Name(name) => write!(f, "the parameter name {name:?} is not a token"),
            Self::Token(name) => write!(f, "the value of {name:?} is not a token: quote it"),
            Self::Control => f.write_str("a value holds a control character: take it out"),
            Self::Duplicate(name) => write!(f, "the parameter {name:?} is given twice"),
        }
    }
}

impl std::error::Error for WriteError {}
