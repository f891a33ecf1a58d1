use std::{slice, vec};

use http::HeaderValue;

use super::lex::Cursor;
use super::read::{self, Element, LENIENT};
use super::{Challenge, MAX_CHALLENGES, MAX_TOTAL, MAX_VALUE, Param, ParseError};

/// The challenges of one response, in the order in which the server sent them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Challenges<'a> {
    list: Vec<Challenge<'a>>,
    limit_exceeded: bool,
}

impl<'a> Challenges<'a> {
    /// The challenges in order.
    pub fn iter(&self) -> slice::Iter<'_, Challenge<'a>> {
        self.list.iter()
    }

    /// How many could be read.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether none could be read.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whether something was left out because it went past a limit: a challenge beyond
    /// [`MAX_CHALLENGES`], one with more than [`MAX_PARAMS`](super::MAX_PARAMS) parameters or a
    /// value over [`MAX_VALUE`], or a header line beyond [`MAX_TOTAL`].
    pub fn limit_exceeded(&self) -> bool {
        self.limit_exceeded
    }
}

impl<'a> IntoIterator for Challenges<'a> {
    type Item = Challenge<'a>;
    type IntoIter = vec::IntoIter<Challenge<'a>>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}

impl<'c, 'a> IntoIterator for &'c Challenges<'a> {
    type Item = &'c Challenge<'a>;
    type IntoIter = slice::Iter<'c, Challenge<'a>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Reads all challenges of a response from its `WWW-Authenticate` or `Proxy-Authenticate` lines:
/// RFC 9110, section 11.6.1.
///
/// It takes what servers in the field send: any case, tabs, space around `=`, empty list elements,
/// values without their quotes, bytes that are not UTF-8. What cannot be read, or names a
/// parameter twice, costs the challenge that it belongs to, never a part of it; the others stand.
/// A broken element that holds a quote also ends its header line, because where the next one
/// begins is then a guess. A line is read for itself and never continues the one before.
pub fn parse<'a>(values: impl IntoIterator<Item = &'a HeaderValue>) -> Challenges<'a> {
    let mut reader = Reader::default();
    for value in values {
        reader.line(value.as_bytes());
    }
    reader.found
}

#[derive(Default)]
struct Reader<'a> {
    found: Challenges<'a>,
    /// The challenge being read; `None` too if it turned out to be broken.
    open: Option<Challenge<'a>>,
    begun: usize,
    bytes: usize,
}

impl<'a> Reader<'a> {
    fn line(&mut self, line: &'a [u8]) {
        self.bytes = self.bytes.saturating_add(line.len());
        if self.bytes > MAX_TOTAL {
            self.found.limit_exceeded = true;
            return;
        }
        let mut cursor = Cursor::new(line);
        while read::next_element(&mut cursor) {
            let start = cursor.at();
            if let Err(error) = self.whole_element(&mut cursor) {
                self.drop_open(error);
                skip_broken(&mut cursor, start);
            }
        }
        self.keep_open();
    }

    fn whole_element(&mut self, cursor: &mut Cursor<'a>) -> Result<(), ParseError> {
        self.element(cursor)?;
        cursor.space();
        match cursor.at_boundary() {
            true => Ok(()),
            false => Err(ParseError::Malformed),
        }
    }

    fn element(&mut self, cursor: &mut Cursor<'a>) -> Result<(), ParseError> {
        match read::element(cursor, LENIENT)? {
            Element::Param(param) => self.param(param),
            Element::Scheme(scheme) => {
                self.begin(scheme)?;
                match &mut self.open {
                    Some(open) => read::after_scheme(cursor, LENIENT, open),
                    None => Ok(()),
                }
            }
        }
    }

    fn begin(&mut self, scheme: &'a str) -> Result<(), ParseError> {
        self.keep_open();
        self.begun += 1;
        if self.begun > MAX_CHALLENGES || scheme.len() > MAX_VALUE {
            return Err(ParseError::LimitExceeded);
        }
        self.open = Some(Challenge::new(scheme));
        Ok(())
    }

    fn param(&mut self, param: Param<'a>) -> Result<(), ParseError> {
        match &mut self.open {
            Some(open) if open.token68.is_some() => Err(ParseError::Malformed),
            Some(open) => open.params.push(param),
            None => Ok(()),
        }
    }

    fn keep_open(&mut self) {
        self.found.list.extend(self.open.take());
    }

    fn drop_open(&mut self, error: ParseError) {
        self.open = None;
        self.found.limit_exceeded |= error == ParseError::LimitExceeded;
    }
}

/// Goes on behind the next comma, or nowhere if a quote makes that comma uncertain.
fn skip_broken(cursor: &mut Cursor<'_>, start: usize) {
    cursor.space();
    if cursor.at_boundary() {
        return;
    }
    cursor.take_while(|byte| byte != b',');
    if cursor.since(start).contains(&b'"') {
        cursor.finish();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::super::lex::work;
    use super::*;

    fn work_for(line: &str) -> usize {
        let value = HeaderValue::from_str(line).unwrap();
        work::take();
        parse([&value]);
        work::take()
    }

    #[test]
    fn work_grows_with_the_line_and_no_faster() {
        let patterns = [
            ",",
            "a",
            "a=",
            "a =",
            "a=b",
            "a=b,",
            "a,",
            "S a=b, ",
            "a=\"",
            "a=\"\\",
            "\"",
            "\\",
            "S t==,",
            "S a=\"\\\\\",",
            " ",
            "S \t,",
            "@,",
            "a=\"x\" y,",
            "a b ",
            "=",
            "a= ,",
        ];
        for pattern in patterns {
            let line = pattern.repeat(MAX_TOTAL / pattern.len());
            let work = work_for(&line);
            assert!(
                work <= 4 * line.len(),
                "{pattern:?}: {work} for {}",
                line.len()
            );
        }
    }

    #[test]
    fn a_line_past_the_total_costs_nothing() {
        assert_eq!(work_for(&"a=b,".repeat(300_000)), 0);
    }
}
