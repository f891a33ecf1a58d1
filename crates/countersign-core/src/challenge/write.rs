use http::HeaderValue;

use super::lex::{is_token, is_token68};
use super::{Param, WriteError};

/// Writes a challenge or credentials with parameters: `Scheme name="quoted", name=token`.
///
/// The parameters are walked twice, to measure and to write, and one allocation of the exact size
/// is made. Optional ones fit by `[Some(a), b].iter().flatten()`. What is written is read back as
/// the same parameters; the caller marks a secret value with [`HeaderValue::set_sensitive`].
///
/// # Errors
///
/// A scheme, name or unquoted value that is not a token; a control character in a value (tab is
/// none, RFC 9110, section 5.6.4); a name given twice.
pub fn write<'p, 'a: 'p, I>(scheme: &str, params: I) -> Result<HeaderValue, WriteError>
where
    I: IntoIterator<Item = &'p Param<'a>>,
    I::IntoIter: Clone,
{
    if !is_token(scheme.as_bytes()) {
        return Err(WriteError::Scheme);
    }
    header(line(scheme, params.into_iter())?)
}

/// Writes parameters without a scheme, as `Authentication-Info` carries them: RFC 9110, section
/// 11.6.3. It works like [`write()`].
///
/// # Errors
///
/// Those of [`write()`].
pub fn write_params<'p, 'a: 'p, I>(params: I) -> Result<HeaderValue, WriteError>
where
    I: IntoIterator<Item = &'p Param<'a>>,
    I::IntoIter: Clone,
{
    header(line("", params.into_iter())?)
}

/// Writes a challenge or credentials with one token68: `Scheme token68`.
///
/// # Errors
///
/// A scheme that is not a token, credentials that are not a token68 (RFC 9110, section 11.2).
pub fn write_token68(scheme: &str, token68: &str) -> Result<HeaderValue, WriteError> {
    if !is_token(scheme.as_bytes()) {
        return Err(WriteError::Scheme);
    }
    if !is_token68(token68) {
        return Err(WriteError::Token68);
    }
    header([scheme.as_bytes(), b" ", token68.as_bytes()].concat())
}

/// Takes the bytes over without a copy. A control character is the one thing it can refuse.
fn header(line: Vec<u8>) -> Result<HeaderValue, WriteError> {
    HeaderValue::try_from(line).map_err(|_| WriteError::Control)
}

fn line<'p, 'a: 'p>(
    scheme: &str,
    params: impl Iterator<Item = &'p Param<'a>> + Clone,
) -> Result<Vec<u8>, WriteError> {
    let mut len = scheme.len();
    let mut seen = Seen::default();
    for (index, param) in params.clone().enumerate() {
        check(param)?;
        if seen.may_hold(param.name) {
            once(param, params.clone().take(index))?;
        }
        len += separator(scheme, index).len() + width(param);
    }
    let mut line = Vec::with_capacity(len);
    line.extend_from_slice(scheme.as_bytes());
    for (index, param) in params.enumerate() {
        line.extend_from_slice(separator(scheme, index));
        put(param, &mut line);
    }
    Ok(line)
}

fn separator(scheme: &str, index: usize) -> &'static [u8] {
    match (index, scheme) {
        (0, "") => b"",
        (0, _) => b" ",
        _ => b", ",
    }
}

fn check(param: &Param<'_>) -> Result<(), WriteError> {
    let name = || param.name.to_owned();
    if !is_token(param.name.as_bytes()) {
        return Err(WriteError::Name(name()));
    }
    if !param.quoted && !is_token(&param.value) {
        return Err(WriteError::Token(name()));
    }
    Ok(())
}

/// A filter over names, without which each would be compared with all before it.
#[derive(Default)]
struct Seen(u64);

impl Seen {
    /// Adds a name; false if it surely was not there, in any case.
    fn may_hold(&mut self, name: &str) -> bool {
        let last = name.bytes().last().map_or(0, |byte| byte | 0x20);
        let bit = 1 << ((3 * usize::from(last) + name.len()) % 64);
        let before = self.0;
        self.0 |= bit;
        before & bit != 0
    }
}

fn once<'p, 'a: 'p>(
    param: &Param<'_>,
    mut earlier: impl Iterator<Item = &'p Param<'a>>,
) -> Result<(), WriteError> {
    match earlier.any(|other| other.name.eq_ignore_ascii_case(param.name)) {
        true => Err(WriteError::Duplicate(param.name.to_owned())),
        false => Ok(()),
    }
}

fn needs_escape(byte: u8) -> bool {
    matches!(byte, b'"' | b'\\')
}

fn escapes(value: &[u8]) -> usize {
    match value.contains(&b'"') || value.contains(&b'\\') {
        true => value.iter().filter(|byte| needs_escape(**byte)).count(),
        false => 0,
    }
}

fn width(param: &Param<'_>) -> usize {
    let bare = param.name.len() + 1 + param.value.len();
    match param.quoted {
        true => bare + 2 + escapes(&param.value),
        false => bare,
    }
}

fn put(param: &Param<'_>, line: &mut Vec<u8>) {
    line.extend_from_slice(param.name.as_bytes());
    line.push(b'=');
    if !param.quoted {
        return line.extend_from_slice(&param.value);
    }
    line.push(b'"');
    if escapes(&param.value) == 0 {
        line.extend_from_slice(&param.value);
    } else {
        let escaped = |byte: &u8| needs_escape(*byte).then_some(b'\\');
        line.extend(
            param
                .value
                .iter()
                .flat_map(|byte| escaped(byte).into_iter().chain([*byte])),
        );
    }
    line.push(b'"');
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn the_line_is_allocated_once_at_its_exact_size() {
        let params = [
            Param::quoted("a", "x\"y\\z"),
            Param::token("nc", "1"),
            Param::quoted("b", ""),
        ];
        for scheme in ["", "Digest"] {
            let line = line(scheme, params.iter()).unwrap();
            assert_eq!(line.capacity(), line.len());
        }
    }
}
