//! Attributes as Hawk writes them: `name="value"`, stricter than what RFC 9110 lets pass.

use std::borrow::Cow;

use http::HeaderValue;

use crate::credentials::is_name;

/// Reads `Hawk name="value", …`: each of `names` once at most, in any order, and no other. The values still have their
/// escapes.
pub(super) fn read<'a, const N: usize>(
    value: &'a HeaderValue,
    names: [&str; N],
) -> Option<[Option<&'a str>; N]> {
    let (scheme, mut rest) = value.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("hawk") {
        return None;
    }
    let mut found = [None; N];
    loop {
        let (name, after) = rest.trim_start_matches([' ', '\t']).split_once("=\"")?;
        let (value, after) = after.split_at(closing_quote(after)?);
        let index = names.iter().position(|known| *known == name)?;
        if found[index].replace(value).is_some() {
            return None;
        }
        rest = after[1..].trim_start_matches([' ', '\t']);
        match rest.strip_prefix(',') {
            Some(next) => rest = next,
            None => return rest.is_empty().then_some(found),
        }
    }
}

fn closing_quote(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.bytes().position(|byte| {
        let closes = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        closes
    })
}

/// A value that has no escapes, and is not empty.
pub(super) fn plain(value: &str) -> Option<&str> {
    Some(value).filter(|value| is_name(value))
}

/// An attribute that may be left out.
pub(super) fn optional(value: Option<&str>) -> Option<Option<&str>> {
    value.map_or(Some(None), |value| plain(value).map(Some))
}

/// `ext`, which alone may be longer and have escapes: `\"` and `\\`.
pub(super) fn ext(value: Option<&str>) -> Option<Option<Cow<'_, str>>> {
    let Some(value) = value else {
        return Some(None);
    };
    if value.is_empty() || !value.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return None;
    }
    unescaped(value).map(Some)
}

fn unescaped(value: &str) -> Option<Cow<'_, str>> {
    if !value.contains('\\') {
        return Some(value.into());
    }
    let mut plain = String::with_capacity(value.len());
    let mut characters = value.chars();
    while let Some(character) = characters.next() {
        plain.push(match character {
            '\\' => characters
                .next()
                .filter(|next| matches!(next, '"' | '\\'))?,
            character => character,
        });
    }
    Some(plain.into())
}

/// `ext` as it stands in a header.
pub(super) fn escaped(ext: &str) -> Cow<'_, str> {
    match ext.contains(['"', '\\']) {
        true => ext.replace('\\', "\\\\").replace('"', "\\\"").into(),
        false => ext.into(),
    }
}

/// Seconds since the Unix epoch: digits alone, without leading zeros.
pub(crate) fn number(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let canonical = digits && (text == "0" || !text.starts_with('0'));
    text.parse().ok().filter(|_| canonical)
}
