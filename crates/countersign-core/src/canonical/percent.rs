//! Percent-encoding: RFC 3986, section 2.1, and `application/x-www-form-urlencoded`.

use std::{borrow::Cow, fmt};

use super::Sink;
use super::bytes::{Bytes, alphanumeric_and};

/// Which bytes are written as `%XX`, in upper-case hex. Bytes outside ASCII always are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Encoding {
    kept: &'static Bytes,
    plus: Plus,
}

impl fmt::Debug for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encoding")
            .field("plus", &self.plus)
            .finish_non_exhaustive()
    }
}

/// What `+` stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plus {
    /// Itself, as in a URI: RFC 3986.
    Literal,
    /// A space, as in a form.
    Space,
}

/// Keeps letters, digits and `-._~`: the unreserved characters of RFC 3986, section 2.3, and what
/// OAuth 1 (RFC 5849, section 3.6) and AWS signatures ask for.
pub const UNRESERVED: Encoding = Encoding {
    kept: &KEPT,
    plus: Plus::Literal,
};
/// Keeps the unreserved characters and `/`: a whole path.
pub const PATH: Encoding = Encoding {
    kept: &KEPT_IN_PATH,
    plus: Plus::Literal,
};
/// Keeps what RFC 3986, section 3.4, allows in a query, less what would end a name or a value
/// (`&`, `=`, `;`), be read as a space (`+`) or be encoded anew by a URL parser (`'`).
pub const QUERY_COMPONENT: Encoding = Encoding {
    kept: &KEPT_IN_QUERY,
    plus: Plus::Literal,
};
/// Keeps letters, digits and `*-._`, and writes a space as `+`: a form, as the URL standard has it.
pub const FORM: Encoding = Encoding {
    kept: &KEPT_IN_FORM,
    plus: Plus::Space,
};

static KEPT: Bytes = alphanumeric_and(b"-._~");
static KEPT_IN_PATH: Bytes = alphanumeric_and(b"-._~/");
static KEPT_IN_QUERY: Bytes = alphanumeric_and(b"-._~/!$()*,:@?");
static KEPT_IN_FORM: Bytes = alphanumeric_and(b"-._*");

/// Writes `input` encoded: what is kept in runs, as most inputs are one.
pub fn encode(input: &[u8], encoding: Encoding, sink: &mut impl Sink) {
    let mut rest = input;
    while let Some(at) = rest
        .iter()
        .position(|byte| !encoding.kept[usize::from(*byte)])
    {
        sink.put(&rest[..at]);
        match (rest[at], encoding.plus) {
            (b' ', Plus::Space) => sink.put(b"+"),
            (byte, _) => sink.put(&escape(byte)),
        }
        rest = &rest[at + 1..];
    }
    sink.put(rest);
}

/// Writes `input` decoded and [encoded](encode) anew, so that whatever of it was escaped, and how, is written alike. A `+`
/// is itself.
///
/// # Errors
///
/// Those of [`decode`]; what stands before the broken escape is written.
pub fn encode_anew(
    input: &[u8],
    encoding: Encoding,
    sink: &mut impl Sink,
) -> Result<(), DecodeError> {
    let mut done = 0;
    while let Some(ahead) = input[done..].iter().position(|byte| *byte == b'%') {
        let at = done + ahead;
        encode(&input[done..at], encoding, sink);
        encode(&[hex_pair(input, at)?], encoding, sink);
        done = at + 3;
    }
    encode(&input[done..], encoding, sink);
    Ok(())
}

fn escape(byte: u8) -> [u8; 3] {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let digit = |value: u8| DIGITS[usize::from(value & 15)];
    [b'%', digit(byte >> 4), digit(byte)]
}

/// Encodes into text, without an allocation if nothing has to be escaped.
pub fn encoded(input: &[u8], encoding: Encoding) -> Cow<'_, str> {
    let is_kept = |byte: &u8| encoding.kept[usize::from(*byte)];
    // All that is kept or written is ASCII.
    if input.iter().all(is_kept) {
        return str::from_utf8(input).unwrap_or_default().into();
    }
    let mut out = Vec::with_capacity(3 * input.len());
    encode(input, encoding, &mut out);
    String::from_utf8(out).unwrap_or_default().into()
}

/// Decodes `%XX`, and `+` as told; without an allocation if there is nothing to decode.
///
/// # Errors
///
/// [`DecodeError`] at a `%` that two hex digits do not follow. Nothing is guessed.
pub fn decode(input: &[u8], plus: Plus) -> Result<Cow<'_, [u8]>, DecodeError> {
    let changes = |byte: &u8| *byte == b'%' || (plus == Plus::Space && *byte == b'+');
    let Some(first) = input.iter().position(changes) else {
        return Ok(input.into());
    };
    let mut out = Vec::with_capacity(input.len());
    out.extend_from_slice(&input[..first]);
    let mut at = first;
    while at < input.len() {
        let (byte, width) = match input[at] {
            b'%' => (hex_pair(input, at)?, 3),
            b'+' if plus == Plus::Space => (b' ', 1),
            byte => (byte, 1),
        };
        out.push(byte);
        at += width;
    }
    Ok(out.into())
}

/// Whether [`decode`] would succeed.
///
/// # Errors
///
/// Those of [`decode`].
pub fn check(input: &[u8]) -> Result<(), DecodeError> {
    let mut escapes = input.iter().enumerate().filter(|(_, byte)| **byte == b'%');
    escapes.try_for_each(|(at, _)| hex_pair(input, at).map(drop))
}

/// Whether decoding `text` and encoding it as [`UNRESERVED`] leaves it as it is.
pub(super) fn is_canonical(text: &str) -> bool {
    let mut rest = text.as_bytes();
    while let Some(at) = rest.iter().position(|byte| !is_unreserved(*byte)) {
        match needed_escape(&rest[at..]) {
            Some(after) => rest = after,
            None => return false,
        }
    }
    true
}

/// Whether every name and value of a query is [canonical](is_canonical), in one look at it.
pub(super) fn is_canonical_query(query: &str) -> bool {
    let (mut rest, mut in_value) = (query.as_bytes(), false);
    while let Some(at) = rest.iter().position(|byte| !is_unreserved(*byte)) {
        (rest, in_value) = match (rest[at], needed_escape(&rest[at..])) {
            (b'&', _) => (&rest[at + 1..], false),
            (b'=', _) if !in_value => (&rest[at + 1..], true),
            (_, Some(after)) => (after, in_value),
            (_, None) => return false,
        };
    }
    true
}

/// What follows an escape that [`UNRESERVED`] makes.
fn needed_escape(text: &[u8]) -> Option<&[u8]> {
    match text {
        [b'%', high, low, after @ ..] if is_needed(*high, *low) => Some(after),
        _ => None,
    }
}

/// Whether these are the digits of an escape that [`UNRESERVED`] makes.
fn is_needed(high: u8, low: u8) -> bool {
    let upper = !high.is_ascii_lowercase() && !low.is_ascii_lowercase();
    let byte = hex(high).zip(hex(low)).map(|(high, low)| high << 4 | low);
    upper && byte.is_some_and(|byte| !is_unreserved(byte))
}

fn is_unreserved(byte: u8) -> bool {
    KEPT[usize::from(byte)]
}

fn hex_pair(input: &[u8], at: usize) -> Result<u8, DecodeError> {
    match input.get(at + 1..at + 3) {
        Some(&[high, low]) => hex(high).zip(hex(low)).map(|(high, low)| high << 4 | low),
        _ => None,
    }
    .ok_or(DecodeError { at })
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

/// A `%` that two hex digits do not follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DecodeError {
    /// Where the `%` stands, in bytes from the beginning.
    pub at: usize,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the % at byte {} is not followed by two hex digits: write it as %25",
            self.at
        )
    }
}

impl std::error::Error for DecodeError {}
