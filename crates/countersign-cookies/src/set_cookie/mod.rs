//! [`SetCookie`], a `Set-Cookie` field as it was written (RFC 6265bis section 5.6).

mod date;

use std::time::Duration;

use crate::cookie::{MAX_SIZE, SameSite};
use crate::refusal::Refusal;

/// A longer attribute is left out (section 5.6).
const MAX_ATTRIBUTE: usize = 1024;

/// A `Set-Cookie` field. Of each attribute the last one counts.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct SetCookie<'a> {
    pub(crate) name: &'a str,
    pub(crate) value: &'a str,
    /// Since the Unix epoch.
    pub(crate) expires: Option<Duration>,
    /// In seconds; zero or less ends it at once.
    pub(crate) max_age: Option<i64>,
    /// Without the dot before it; empty where there is none.
    pub(crate) domain: &'a str,
    /// An absolute one.
    pub(crate) path: Option<&'a str>,
    pub(crate) secure: bool,
    pub(crate) http_only: bool,
    pub(crate) partitioned: bool,
    pub(crate) same_site: Option<SameSite>,
}

impl<'a> SetCookie<'a> {
    pub(crate) fn parse(field: &'a [u8]) -> Result<Self, Refusal> {
        let field = std::str::from_utf8(field).map_err(|_| Refusal::NotText)?;
        if field.contains(|char: char| char.is_ascii_control() && char != '\t') {
            return Err(Refusal::ControlCharacter);
        }
        let mut parts = field.split(';');
        let pair = parts.next().unwrap_or_default();
        let (name, value) = pair.split_once('=').unwrap_or(("", pair));
        let mut read = Self {
            name: trim(name),
            value: trim(value),
            ..Self::default()
        };
        if read.name.len() + read.value.len() > MAX_SIZE {
            return Err(Refusal::TooLong);
        }
        parts.for_each(|attribute| read.attribute(attribute));
        Ok(read)
    }

    fn attribute(&mut self, attribute: &'a str) {
        let (name, value) = attribute.split_once('=').unwrap_or((attribute, ""));
        let value = trim(value);
        if value.len() > MAX_ATTRIBUTE {
            return;
        }
        match &*trim(name).to_ascii_lowercase() {
            "expires" => self.expires = date::parse(value).or(self.expires),
            "max-age" => self.max_age = seconds(value).or(self.max_age),
            "domain" => self.domain = value.strip_prefix('.').unwrap_or(value),
            "path" => self.path = Some(value).filter(|path| path.starts_with('/')),
            "secure" => self.secure = true,
            "httponly" => self.http_only = true,
            "partitioned" => self.partitioned = true,
            "samesite" => self.same_site = same_site(value),
            _ => {}
        }
    }
}

fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}

/// Digits, or a minus and digits (section 5.6.2).
fn seconds(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let all = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let most = if text.starts_with('-') {
        i64::MIN
    } else {
        i64::MAX
    };
    all.then(|| text.parse().unwrap_or(most))
}

fn same_site(value: &str) -> Option<SameSite> {
    match &*value.to_ascii_lowercase() {
        "strict" => Some(SameSite::Strict),
        "lax" => Some(SameSite::Lax),
        "none" => Some(SameSite::None),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    fn parse(field: &str) -> SetCookie<'_> {
        SetCookie::parse(field.as_bytes()).unwrap()
    }

    #[test]
    fn a_name_and_a_value_are_what_is_around_the_first_equals_sign() {
        for (field, name, value) in [
            ("SID=31d4d96e407aad42", "SID", "31d4d96e407aad42"),
            (" a \t=\t b ; Path=/", "a", "b"),
            ("a=b=c", "a", "b=c"),
            ("a=\"b\"", "a", "\"b\""),
            ("=b", "", "b"),
            ("b", "", "b"),
            ("a=", "a", ""),
            ("a=b,c=d", "a", "b,c=d"),
        ] {
            assert_eq!(
                (parse(field).name, parse(field).value),
                (name, value),
                "{field}"
            );
        }
    }

    #[test]
    fn attributes_are_read_in_any_case_and_the_last_one_counts() {
        let read = parse(
            "a=b; DOMAIN=.example.com; secure; HttpOnly=no; Domain = example.org; max-age=60; Partitioned",
        );
        assert_eq!(
            (read.domain, read.secure, read.http_only),
            ("example.org", true, true)
        );
        assert_eq!((read.max_age, read.partitioned), (Some(60), true));
        assert_eq!(parse("a=b; Path=/x; Path=y").path, None);
        assert_eq!(parse("a=b; SameSite=LAX; SameSite=maybe").same_site, None);
        assert_eq!(
            parse("a=b; SameSite=strict").same_site,
            Some(SameSite::Strict)
        );
    }

    #[test]
    fn an_age_is_digits() {
        for (age, seconds) in [
            ("10", Some(10)),
            ("-1", Some(-1)),
            ("99999999999999999999", Some(i64::MAX)),
            ("-99999999999999999999", Some(i64::MIN)),
            ("+1", None),
            ("1.5", None),
            ("", None),
            ("-", None),
        ] {
            assert_eq!(
                parse(&format!("a=b; max-age={age}")).max_age,
                seconds,
                "{age}"
            );
        }
        assert_eq!(parse("a=b; max-age=5; max-age=x").max_age, Some(5));
    }

    #[test]
    fn what_is_too_long_is_refused_or_left_out() {
        let fits = format!("a={}", "b".repeat(4095));
        assert_eq!(parse(&fits).value.len(), 4095);
        let long = format!("{fits}b");
        assert_eq!(SetCookie::parse(long.as_bytes()), Err(Refusal::TooLong));
        let path = format!("/{}", "p".repeat(1024));
        assert_eq!(parse(&format!("a=b; Path={path}")).path, None);
        assert_eq!(
            parse(&format!("a=b; Path={}", &path[..1024])).path,
            Some(&path[..1024])
        );
    }

    #[test]
    fn bytes_that_are_no_text_are_refused() {
        assert_eq!(SetCookie::parse(b"a=\xff"), Err(Refusal::NotText));
        for field in ["a=b\0", "a=b\r\nc", "a=\x7f"] {
            let refused = SetCookie::parse(field.as_bytes());
            assert_eq!(refused, Err(Refusal::ControlCharacter), "{field:?}");
        }
    }
}
