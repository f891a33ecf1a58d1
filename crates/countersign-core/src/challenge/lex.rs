//! The lexical rules of RFC 9110, section 5.6, over bytes.

use std::borrow::Cow;

use super::ParseError;
use crate::canonical::bytes::{Bytes, alphanumeric_and};

/// `tchar`, RFC 9110, section 5.6.2.
pub(super) fn is_tchar(byte: u8) -> bool {
    static TCHAR: Bytes = alphanumeric_and(b"!#$%&'*+-.^_`|~");
    TCHAR[usize::from(byte)]
}

/// A byte of a `token68` before its padding, RFC 9110, section 11.2.
fn is_token68_byte(byte: u8) -> bool {
    static TOKEN68: Bytes = alphanumeric_and(b"-._~+/");
    TOKEN68[usize::from(byte)]
}

/// What a lenient reader takes for an unquoted value: all that cannot end or continue it otherwise.
pub(super) fn is_bare(byte: u8) -> bool {
    byte > b' ' && byte != 0x7f && !b"\",;\\".contains(&byte)
}

/// OWS and BWS, RFC 9110, section 5.6.3.
pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// Whether `text` is one token68: letters, digits and `-._~+/`, then `=` to pad (RFC 9110, section 11.2). The
/// `b64token` of RFC 6750, section 2.1, is the same.
pub fn is_token68(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    !body.is_empty() && body.bytes().all(is_token68_byte)
}

/// Whether all of `bytes` is one token.
pub(super) fn is_token(bytes: &[u8]) -> bool {
    !bytes.is_empty() && bytes.iter().copied().all(is_tchar)
}

/// A place in a header line. Only [`Cursor::take_while`] looks at many bytes.
#[derive(Clone)]
pub(super) struct Cursor<'a> {
    line: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(line: &'a [u8]) -> Self {
        Self { line, at: 0 }
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn since(&self, start: usize) -> &'a [u8] {
        &self.line[start..self.at]
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.line.get(self.at).copied()
    }

    pub(super) fn finish(&mut self) {
        self.at = self.line.len();
    }

    pub(super) fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    pub(super) fn take_while(&mut self, class: impl Fn(u8) -> bool) -> &'a [u8] {
        let start = self.at;
        let rest = &self.line[start..];
        self.at += rest.iter().take_while(|byte| class(**byte)).count();
        #[cfg(test)]
        work::add(self.at - start + 1);
        self.since(start)
    }

    /// Skips white space and tells whether there was any.
    pub(super) fn space(&mut self) -> bool {
        !self.take_while(is_space).is_empty()
    }

    /// Whether a list element may end here: before a comma or at the end.
    pub(super) fn at_boundary(&self) -> bool {
        matches!(self.peek(), None | Some(b','))
    }

    pub(super) fn token(&mut self) -> Option<&'a str> {
        text(self.take_while(is_tchar))
    }

    pub(super) fn token68(&mut self) -> Option<&'a str> {
        let start = self.at;
        if self.take_while(is_token68_byte).is_empty() {
            return None;
        }
        self.take_while(|byte| byte == b'=');
        text(self.since(start))
    }

    /// A quoted string, unescaped, RFC 9110, section 5.6.4. Stays where it is if it has no end.
    pub(super) fn quoted(&mut self) -> Result<Cow<'a, [u8]>, ParseError> {
        let start = self.at;
        self.at += 1;
        let mut escaped = false;
        loop {
            self.take_while(|byte| byte != b'"' && byte != b'\\');
            if self.eat(b'"') {
                let raw = &self.line[start + 1..self.at - 1];
                return Ok(if escaped {
                    unescape(raw).into()
                } else {
                    raw.into()
                });
            }
            escaped = true;
            self.at += 2;
            if self.at >= self.line.len() {
                self.at = start;
                return Err(ParseError::UnterminatedQuote);
            }
        }
    }
}

fn text(bytes: &[u8]) -> Option<&str> {
    str::from_utf8(bytes).ok().filter(|text| !text.is_empty())
}

fn unescape(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len());
    let mut bytes = raw.iter();
    while let Some(byte) = bytes.next() {
        let escaped = if *byte == b'\\' { bytes.next() } else { None };
        out.push(*escaped.unwrap_or(byte));
    }
    out
}

/// Counts the bytes that were looked at, so that a test can hold the work to a line.
#[cfg(test)]
pub(super) mod work {
    use std::cell::Cell;

    thread_local!(static DONE: Cell<usize> = const { Cell::new(0) });

    pub(crate) fn add(bytes: usize) {
        DONE.set(DONE.get() + bytes);
    }

    pub(crate) fn take() -> usize {
        DONE.take()
    }
}
