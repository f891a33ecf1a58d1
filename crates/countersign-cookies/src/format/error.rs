//! [`FormatError`], what is wrong with a file of cookies.

use std::borrow::Cow;
use std::fmt;

/// What is wrong with a file of cookies, and where. No value of a cookie is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormatError {
    place: Place,
    field: Option<&'static str>,
    what: Cow<'static, str>,
}

/// Where in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// The file as a whole.
    File,
    /// A line, counted from 1.
    Line(usize),
    /// A cookie of a list, counted from 1.
    Cookie(usize),
}

impl FormatError {
    pub(super) fn of_file(what: impl Into<Cow<'static, str>>) -> Self {
        Self::at(Place::File, what)
    }

    pub(super) fn at(place: Place, what: impl Into<Cow<'static, str>>) -> Self {
        Self {
            place,
            field: None,
            what: what.into(),
        }
    }

    pub(super) fn in_field(
        place: Place,
        field: &'static str,
        what: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            field: Some(field),
            ..Self::at(place, what)
        }
    }

    /// Where it is.
    pub fn place(&self) -> Place {
        self.place
    }

    /// The field, by its name in the file's format, if one is wrong by itself.
    pub fn field(&self) -> Option<&'static str> {
        self.field
    }
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.place.fmt(f)?;
        if let Some(field) = self.field {
            write!(f, ", {field}")?;
        }
        write!(f, ": {}", self.what)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File => f.write_str("the file"),
            Self::Line(line) => write!(f, "line {line}"),
            Self::Cookie(number) => write!(f, "cookie {number}"),
        }
    }
}

impl std::error::Error for FormatError {}
