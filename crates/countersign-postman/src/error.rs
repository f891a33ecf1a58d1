//! [`Error`], with the place in the file that it is about.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;

/// Shorthand for a result with this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a file, a variable or a request cannot be used.
///
/// Its text names the place in the file (`item[2].request.auth.basic[0].value`) and what to do; it holds no value of the
/// file.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    path: String,
    message: Cow<'static, str>,
    variable: Option<String>,
    source: Option<countersign::BoxError>,
}

/// What kind of failure an [`Error`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A file could not be read.
    Io,
    /// The file, or what a text expands to, is larger than the limit.
    TooLarge,
    /// The file nests deeper than the limit.
    TooDeep,
    /// The collection has more items than the limit.
    TooMany,
    /// The file is no JSON.
    Json,
    /// The JSON is not of the shape that the format has.
    Shape,
    /// There is no such item, or more than one.
    Item,
    /// A variable has no value in any scope.
    Unresolved,
    /// A variable refers to itself, or through more than 19 others.
    Cyclic,
    /// There is no dynamic variable of this name.
    UnknownDynamic,
    /// A secret is bound to domains, and the request goes elsewhere.
    SecretDomain,
    /// A secret could not be fetched.
    Secret,
    /// The authentication cannot be made from its parameters; the source says why.
    Auth,
    /// The method, URL or a header breaks the syntax of HTTP.
    Request,
    /// The body's mode is not known, or its file may not be read.
    Body,
    /// There was no randomness to be had.
    Random,
}

impl Error {
    pub(crate) fn new(
        kind: ErrorKind,
        path: impl Into<String>,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self(Box::new(Inner {
            kind,
            path: path.into(),
            message: message.into(),
            variable: None,
            source: None,
        }))
    }

    pub(crate) fn shape(path: impl Into<String>, message: &'static str) -> Self {
        Self::new(ErrorKind::Shape, path, message)
    }

    /// One about the variable `name`; `what` completes a sentence that begins with it.
    pub(crate) fn variable_is(kind: ErrorKind, path: &str, name: &str, what: &str) -> Self {
        let mut error = Self::new(kind, path, format!("the variable `{name}` {what}"));
        error.0.variable = Some(name.to_owned());
        error
    }

    pub(crate) fn with_source(mut self, source: impl Into<countersign::BoxError>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// What kind of failure this is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The place in the file; empty if it is the file as a whole.
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// The name of the variable that it is about, if it is about one.
    pub fn variable(&self) -> Option<&str> {
        self.0.variable.as_deref()
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("path", &self.0.path)
            .field("message", &self.0.message)
            .field("source", &self.0.source)
            .finish()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.0.path.is_empty() {
            write!(f, "{}: ", self.0.path)?;
        }
        f.write_str(&self.0.message)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
