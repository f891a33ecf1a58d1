//! Percent-encoding: RFC 3986, section 2.1, and `application/x-www-form-urlencoded`.

use std::{borrow::Cow, fmt};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

use super::Sink;

/// Which bytes are written as `%XX`, in upper-case hex. Bytes outside ASCII always are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Encoding {
    escaped: &'static AsciiSet,
    plus: Plus,
}

/// What `+` stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plus {
    /// Itself, as in a URI: RFC 3986.
    Literal,
    /// A space, as in a form.
    Space,
}

const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');
const ESCAPED_IN_PATH: &AsciiSet = &ESCAPED.remove(b'/');
const ESCAPED_IN_QUERY: &AsciiSet = &ESCAPED_IN_PATH
    .remove(b'!')
    .remove(b'$')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b',')
    .remove(b':')
    .remove(b'@')
    .remove(b'?');
const ESCAPED_IN_FORM: &AsciiSet = &ESCAPED.add(b'~').remove(b'*').remove(b' ');

/// Keeps letters, digits and `-._~`: the unreserved characters of RFC 3986, section 2.3, and what
/// OAuth 1 (RFC 5849, section 3.6) and AWS signatures ask for.
pub const UNRESERVED: Encoding = Encoding {
    escaped: ESCAPED,
    plus: Plus::Literal,
};
/// Keeps the unreserved characters and `/`: a whole path.
pub const PATH: Encoding = Encoding {
    escaped: ESCAPED_IN_PATH,
    plus: Plus::Literal,
};
/// Keeps what RFC 3986, section 3.4, allows in a query, less what would end a name or a value
/// (`&`, `=`, `;`), be read as a space (`+`) or be encoded anew by a URL parser (`'`).
pub const QUERY_COMPONENT: Encoding = Encoding {
    escaped: ESCAPED_IN_QUERY,
    plus: Plus::Literal,
};
/// Keeps letters, digits and `*-._`, and writes a space as `+`: a form, as the URL standard has it.
pub const FORM: Encoding = Encoding {
    escaped: ESCAPED_IN_FORM,
    plus: Plus::Space,
};

/// Writes `input` encoded, run by run.
pub fn encode(input: &[u8], encoding: Encoding, sink: &mut impl Sink) {
    for run in percent_encode(input, encoding.escaped) {
        match encoding.plus {
            Plus::Literal => sink.put(run.as_bytes()),
            Plus::Space => put_with_plus(run.as_bytes(), sink),
        }
    }
}

/// Encodes into text, without an allocation if nothing has to be escaped.
pub fn encoded(input: &[u8], encoding: Encoding) -> Cow<'_, str> {
    let text: Cow<'_, str> = percent_encode(input, encoding.escaped).into();
    match encoding.plus {
        Plus::Space if text.contains(' ') => text.replace(' ', "+").into(),
        _ => text,
    }
}

fn put_with_plus(run: &[u8], sink: &mut impl Sink) {
    for (index, word) in run.split(|byte| *byte == b' ').enumerate() {
        if index > 0 {
            sink.put(b"+");
        }
        sink.put(word);
    }
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
    loop {
        rest = match rest {
            [] => return true,
            [b'%', high, low, after @ ..] if is_needed(*high, *low) => after,
            [byte, after @ ..] if is_unreserved(*byte) => after,
            _ => return false,
        }
    }
}

/// Whether these are the digits of an escape that [`UNRESERVED`] makes.
fn is_needed(high: u8, low: u8) -> bool {
    let upper = !high.is_ascii_lowercase() && !low.is_ascii_lowercase();
    let byte = hex(high).zip(hex(low)).map(|(high, low)| high << 4 | low);
    upper && byte.is_some_and(|byte| !is_unreserved(byte))
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
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
