//! List elements, as challenges, credentials and bare parameter lists share them.

use std::borrow::Cow;

use super::lex::{Cursor, is_bare, is_space, is_tchar};
use super::{Challenge, MAX_VALUE, Param, Params, ParseError};

/// Which bytes an unquoted value may have: [`STRICT`] or [`LENIENT`].
pub(super) type Bare = fn(u8) -> bool;
/// A token, as RFC 9110 has it.
pub(super) const STRICT: Bare = is_tchar;
/// Whatever cannot be mistaken, for servers that forget the quotes.
pub(super) const LENIENT: Bare = is_bare;

/// What one element of the list turns out to be.
pub(super) enum Element<'a> {
    Param(Param<'a>),
    /// The beginning of a challenge; the cursor stands at what follows it.
    Scheme(&'a str),
}

pub(super) fn element<'a>(cursor: &mut Cursor<'a>, bare: Bare) -> Result<Element<'a>, ParseError> {
    let name = cursor.token().ok_or(ParseError::Malformed)?;
    let spaced = cursor.space();
    if cursor.eat(b'=') {
        cursor.space();
        let (value, quoted) = value(cursor, bare)?;
        return Ok(Element::Param(Param {
            name,
            value,
            quoted,
        }));
    }
    if spaced || cursor.at_boundary() {
        return Ok(Element::Scheme(name));
    }
    Err(ParseError::Malformed)
}

fn value<'a>(cursor: &mut Cursor<'a>, bare: Bare) -> Result<(Cow<'a, [u8]>, bool), ParseError> {
    match cursor.peek() {
        Some(b'"') => Ok((cursor.quoted()?, true)),
        Some(b'=') => Err(ParseError::Malformed),
        _ => match cursor.take_while(bare) {
            [] => Err(ParseError::Malformed),
            value => Ok((value.into(), false)),
        },
    }
}

fn param<'a>(cursor: &mut Cursor<'a>, bare: Bare) -> Result<Param<'a>, ParseError> {
    match element(cursor, bare)? {
        Element::Param(param) => Ok(param),
        Element::Scheme(_) => Err(ParseError::Malformed),
    }
}

/// What follows the scheme in the same list element: nothing, a token68 or the first parameter.
pub(super) fn after_scheme<'a>(
    cursor: &mut Cursor<'a>,
    bare: Bare,
    into: &mut Challenge<'a>,
) -> Result<(), ParseError> {
    if cursor.at_boundary() {
        return Ok(());
    }
    into.token68 = whole_token68(cursor);
    match into.token68 {
        Some(token) if token.len() > MAX_VALUE => Err(ParseError::LimitExceeded),
        Some(_) => Ok(()),
        None => into.params.push(param(cursor, bare)?),
    }
}

/// A token68 that fills the list element: otherwise `realm="x"` would begin with one.
fn whole_token68<'a>(cursor: &mut Cursor<'a>) -> Option<&'a str> {
    let mut ahead = cursor.clone();
    let token = ahead.token68()?;
    ahead.space();
    ahead.at_boundary().then(|| *cursor = ahead)?;
    Some(token)
}

/// Further parameters, each behind its comma, to the end; no empty elements.
pub(super) fn strict_tail<'a>(
    cursor: &mut Cursor<'a>,
    params: &mut Params<'a>,
) -> Result<(), ParseError> {
    cursor.space();
    while cursor.eat(b',') {
        cursor.space();
        params.push(param(cursor, STRICT)?)?;
        cursor.space();
    }
    match cursor.peek() {
        None => Ok(()),
        Some(_) => Err(ParseError::Malformed),
    }
}

/// A list of parameters only, with empty elements anywhere.
pub(super) fn lenient_params<'a>(cursor: &mut Cursor<'a>) -> Result<Params<'a>, ParseError> {
    let mut params = Params::default();
    while next_element(cursor) {
        params.push(param(cursor, LENIENT)?)?;
        cursor.space();
        if !cursor.at_boundary() {
            return Err(ParseError::Malformed);
        }
    }
    Ok(params)
}

/// Skips white space and empty elements; false at the end of the line.
pub(super) fn next_element(cursor: &mut Cursor<'_>) -> bool {
    cursor.take_while(|byte| is_space(byte) || byte == b',');
    cursor.peek().is_some()
}
