use std::fmt;

use http::HeaderValue;

use super::lex::Cursor;
use super::read::{self, STRICT};
use super::{MAX_TOTAL, MAX_VALUE, Params, ParseError};

/// A scheme, then one token68 or parameters: RFC 9110, section 11.3.
///
/// `Debug` shows no value, since the same shape carries credentials.
#[derive(Clone, PartialEq, Eq)]
pub struct Challenge<'a> {
    pub(super) scheme: &'a str,
    pub(super) token68: Option<&'a str>,
    pub(super) params: Params<'a>,
}

/// Credentials have the grammar of a challenge: RFC 9110, section 11.4.
pub type Credentials<'a> = Challenge<'a>;

impl<'a> Challenge<'a> {
    pub(super) fn new(scheme: &'a str) -> Self {
        let params = Params::default();
        Self {
            scheme,
            token68: None,
            params,
        }
    }

    /// The scheme as it was written.
    pub fn scheme(&self) -> &'a str {
        self.scheme
    }

    /// Whether the scheme is this one; case does not matter.
    pub fn is(&self, scheme: &str) -> bool {
        self.scheme.eq_ignore_ascii_case(scheme)
    }

    /// The token68, if that is what follows the scheme.
    pub fn token68(&self) -> Option<&'a str> {
        self.token68
    }

    /// The parameters; empty beside a token68.
    pub fn params(&self) -> &Params<'a> {
        &self.params
    }

    /// The value of a parameter; case does not matter in the name.
    pub fn param(&self, name: &str) -> Option<&[u8]> {
        self.params.get(name)
    }

    /// The value of a parameter as text, if it is UTF-8.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.params.text(name)
    }
}

impl fmt::Debug for Challenge<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Challenge")
            .field("scheme", &self.scheme)
            .field("params", &self.params)
            .finish_non_exhaustive()
    }
}

/// Reads `Authorization` or `Proxy-Authorization`: exactly one credential, strictly.
///
/// Space around `=` is allowed, as RFC 9110, section 5.6.3, demands of every recipient; empty list
/// elements, a second scheme and unquoted values that are no token are not.
///
/// # Errors
///
/// [`ParseError::Scheme`] if no scheme can be told apart, so the header may be meant for anyone;
/// any other kind if the credentials of the scheme it begins with are broken or too large.
pub fn parse_credentials(value: &HeaderValue) -> Result<Credentials<'_>, ParseError> {
    let line = value.as_bytes().trim_ascii();
    if line.len() > MAX_TOTAL {
        return Err(ParseError::LimitExceeded);
    }
    let mut cursor = Cursor::new(line);
    let mut credentials = Credentials::new(scheme(&mut cursor)?);
    read::after_scheme(&mut cursor, STRICT, &mut credentials)?;
    if credentials.params.is_empty() && cursor.peek().is_some() {
        return Err(ParseError::Malformed);
    }
    read::strict_tail(&mut cursor, &mut credentials.params)?;
    Ok(credentials)
}

/// The scheme and the spaces behind it, if anything follows.
fn scheme<'a>(cursor: &mut Cursor<'a>) -> Result<&'a str, ParseError> {
    let scheme = cursor.token().ok_or(ParseError::Scheme)?;
    if scheme.len() > MAX_VALUE {
        return Err(ParseError::LimitExceeded);
    }
    let spaces = cursor.take_while(|byte| byte == b' ');
    if spaces.is_empty() && cursor.peek().is_some() {
        return Err(ParseError::Scheme);
    }
    Ok(scheme)
}

/// Reads a bare list of parameters, as `Authentication-Info` carries it (RFC 9110, section
/// 11.6.3), as leniently as a challenge.
///
/// # Errors
///
/// Any malformed element, a duplicate or a limit fails the whole list.
pub fn parse_params(value: &HeaderValue) -> Result<Params<'_>, ParseError> {
    match value.len() {
        0..=MAX_TOTAL => read::lenient_params(&mut Cursor::new(value.as_bytes())),
        _ => Err(ParseError::LimitExceeded),
    }
}
