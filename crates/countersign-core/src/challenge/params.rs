use std::{borrow::Cow, fmt};

use super::{MAX_PARAMS, MAX_VALUE, ParseError};

/// One `name=value`, read or to be written: RFC 9110, section 11.2.
///
/// `Debug` shows the name only, since a value may be a secret or hold control characters.
#[derive(Clone, PartialEq, Eq)]
pub struct Param<'a> {
    pub(super) name: &'a str,
    pub(super) value: Cow<'a, [u8]>,
    pub(super) quoted: bool,
}

impl<'a> Param<'a> {
    /// A parameter that is written as a quoted string; `"` and `\` are escaped.
    pub fn quoted(name: &'a str, value: &'a (impl AsRef<[u8]> + ?Sized)) -> Self {
        let value = Cow::Borrowed(value.as_ref());
        Self {
            name,
            value,
            quoted: true,
        }
    }

    /// A parameter that is written without quotes; its value must be a token.
    pub fn token(name: &'a str, value: &'a (impl AsRef<[u8]> + ?Sized)) -> Self {
        Self {
            quoted: false,
            ..Self::quoted(name, value)
        }
    }

    /// The name as it was written.
    pub fn name(&self) -> &'a str {
        self.name
    }

    /// The value without quotes and escapes. It may be empty and need not be UTF-8.
    pub fn value(&self) -> &[u8] {
        &self.value
    }

    /// The value as text, if it is UTF-8.
    pub fn text(&self) -> Option<&str> {
        str::from_utf8(&self.value).ok()
    }

    /// Whether the value stands between quotes.
    pub fn is_quoted(&self) -> bool {
        self.quoted
    }
}

impl fmt::Debug for Param<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Param")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// The parameters of a challenge, of credentials or of `Authentication-Info`, in their order.
///
/// No name occurs twice.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Params<'a> {
    list: Vec<Param<'a>>,
}

impl<'a> Params<'a> {
    /// The value of a parameter; case does not matter in the name.
    pub fn get(&self, name: &str) -> Option<&[u8]> {
        self.find(name).map(Param::value)
    }

    /// The value of a parameter as text, if it is UTF-8.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.find(name).and_then(Param::text)
    }

    /// All parameters in the order in which they were written.
    pub fn iter(&self) -> std::slice::Iter<'_, Param<'a>> {
        self.list.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    fn find(&self, name: &str) -> Option<&Param<'a>> {
        self.list
            .iter()
            .find(|param| param.name.eq_ignore_ascii_case(name))
    }

    /// Adds what was read, within the limits.
    pub(super) fn push(&mut self, param: Param<'a>) -> Result<(), ParseError> {
        if param.value.len() > MAX_VALUE || self.list.len() == MAX_PARAMS {
            return Err(ParseError::LimitExceeded);
        }
        if self.find(param.name).is_some() {
            return Err(ParseError::Duplicate);
        }
        self.list.push(param);
        Ok(())
    }
}

impl<'p, 'a> IntoIterator for &'p Params<'a> {
    type Item = &'p Param<'a>;
    type IntoIter = std::slice::Iter<'p, Param<'a>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Debug for Params<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.list).finish()
    }
}
