//! The one error type of the workspace.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use http::response;

/// Shorthand for a result with this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A boxed error of any kind, as a source.
pub type BoxError = Box<dyn StdError + Send + Sync>;

/// Why a request was not authenticated, or a scheme not configured.
///
/// It is opaque on purpose: match on [`Error::kind`]. Its text says what was wrong and what to do, and never holds a
/// secret or a URL.
#[derive(Clone)]
pub struct Error(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    message: Cow<'static, str>,
    source: Option<Arc<dyn StdError + Send + Sync>>,
    refusal: Option<response::Parts>,
}

/// What kind of failure an [`Error`] is, and so what its receiver can do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A credential, name or option cannot be used as given. Nothing was sent. Correct the configuration.
    Configuration,
    /// The server's challenge cannot be answered with what is configured (scheme, algorithm or quality of protection).
    Challenge,
    /// A credential that is readable on the wire would cross it in the clear. Use `https`, or allow it by
    /// `allow_cleartext()`.
    Cleartext,
    /// The body is larger than the limit up to which it may be held in memory. Raise the limit.
    BodyTooLarge,
    /// The request has to be sent (again) with a body that is gone or does not fit into memory. Give the body as
    /// bytes, raise the limit, or switch the probe on.
    BodyNotReplayable,
    /// Reading the caller's or the server's body failed.
    Body,
    /// The scheme needs a connection of its own, and this client cannot give it one.
    Connection,
    /// The server did not prove that it knows the shared secret, or its proof does not fit the answer.
    ServerAuthentication,
    /// An endpoint that the scheme itself calls (token, key set) failed, was too slow or too large.
    Fetch,
    /// The operating system gave no randomness.
    Random,
    /// Known, but not built into this version.
    Unsupported,
    /// The scheme changed a part of the request that it does not declare ([`Exchange::touches`](crate::Exchange::touches)).
    /// Nothing was sent. The scheme is at fault, not the request.
    Undeclared,
}

impl Error {
    /// An error of `kind`; `message` says what was wrong and what to do, and holds no secret.
    pub fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Arc::new(Inner {
            kind,
            message: message.into(),
            source: None,
            refusal: None,
        }))
    }

    /// Shorthand for [`ErrorKind::Configuration`].
    pub fn configuration(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Configuration, message)
    }

    /// Shorthand for [`ErrorKind::Challenge`].
    pub fn challenge(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Challenge, message)
    }

    /// Adds the error that caused this one. It must not print a secret or a URL either.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<BoxError>) -> Self {
        Arc::make_mut(&mut self.0).source = Some(Arc::from(source.into()));
        self
    }

    /// Adds the head of the answer that could not be answered.
    #[must_use]
    pub(crate) fn with_refusal(mut self, refusal: response::Parts) -> Self {
        Arc::make_mut(&mut self.0).refusal = Some(refusal);
        self
    }

    /// The head of the server's refusal, where one was received and could not be answered; for
    /// [`ErrorKind::BodyNotReplayable`] after a leg that was sent.
    pub fn refusal(&self) -> Option<&response::Parts> {
        self.0.refusal.as_ref()
    }

    /// What kind of failure this is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("message", &self.0.message)
            .field("source", &self.0.source)
            .finish()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

/// How a driven request failed: by authentication, or in the client below it, whose own error type is kept.
#[derive(Debug)]
pub enum Failure<E> {
    /// Authentication failed; nothing was sent without the credentials that were configured.
    Auth(Error),
    /// The client below failed.
    Inner(E),
}

impl<E: Into<BoxError>> Failure<E> {
    /// The same with an inner error that `?` can convert, for clients whose own is a [`BoxError`], which is no
    /// [`std::error::Error`].
    ///
    /// ```
    /// use countersign_core::{BoxError, Failure};
    ///
    /// fn sent() -> Result<(), Box<dyn std::error::Error>> {
    ///     let answer: Result<(), Failure<BoxError>> = Err(Failure::Inner("the line is dead".into()));
    ///     Ok(answer.map_err(Failure::erase)?)
    /// }
    /// assert_eq!(sent().unwrap_err().to_string(), "the line is dead");
    /// ```
    pub fn erase(self) -> Failure<Erased> {
        match self {
            Self::Auth(error) => Failure::Auth(error),
            Self::Inner(error) => Failure::Inner(Erased(error.into())),
        }
    }
}

/// A [`BoxError`] as a [`std::error::Error`]: its text and causes are those of what is in it ([`Failure::erase`]).
#[derive(Debug)]
pub struct Erased(BoxError);

impl fmt::Display for Erased {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl StdError for Erased {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source()
    }
}

impl<E> From<Error> for Failure<E> {
    fn from(error: Error) -> Self {
        Self::Auth(error)
    }
}

impl<E: fmt::Display> fmt::Display for Failure<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auth(error) => error.fmt(f),
            Self::Inner(error) => error.fmt(f),
        }
    }
}

impl<E: StdError + 'static> StdError for Failure<E> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Auth(error) => error.source(),
            Self::Inner(error) => error.source(),
        }
    }
}
