//! What the user configures.

use std::fmt;

use countersign_core::{Error, Result, Secret};

use crate::algorithm::{Algorithm, Keyed};

/// The longest id, nonce or application, in bytes; a server has to remember some of them.
pub(crate) const MAX_NAME: usize = 256;

/// A key with its id and its algorithm, and the application that it was issued to, if it is bound to one. `Debug` shows
/// no key.
#[derive(Clone)]
pub struct Credentials {
    id: Box<str>,
    keyed: Keyed,
    app: Option<App>,
}

/// An application, and the one that it was delegated by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct App {
    pub(crate) id: Box<str>,
    pub(crate) dlg: Option<Box<str>>,
}

impl Credentials {
    /// A key that is bound to no application.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for an empty key, and for an id that is
    /// empty, longer than 256 bytes or holds `"`, `\` or anything but printable ASCII.
    pub fn new(id: &str, key: impl Into<Secret>, algorithm: Algorithm) -> Result<Self> {
        let key = key.into();
        if key.is_empty() {
            return Err(Error::configuration(
                "the Hawk key is empty: give the one that belongs to the id",
            ));
        }
        Ok(Self {
            id: checked(id, "the Hawk id")?,
            keyed: Keyed::new(algorithm, &key)?,
            app: None,
        })
    }

    /// Binds the key to an application (`app`), and to the one that delegated it (`dlg`). A client sends them, a server
    /// demands them.
    ///
    /// # Errors
    ///
    /// As for the id in [`new`](Self::new).
    pub fn app(self, app: &str, dlg: Option<&str>) -> Result<Self> {
        let app = App {
            id: checked(app, "the Hawk app")?,
            dlg: dlg.map(|dlg| checked(dlg, "the Hawk dlg")).transpose()?,
        };
        Ok(Self {
            app: Some(app),
            ..self
        })
    }

    /// The id, which is no secret.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The algorithm of the key.
    pub fn algorithm(&self) -> Algorithm {
        self.keyed.algorithm()
    }

    pub(crate) fn keyed(&self) -> &Keyed {
        &self.keyed
    }

    pub(crate) fn bound_to(&self) -> Option<&App> {
        self.app.as_ref()
    }
}

/// A value that can stand in the header as it is.
pub(crate) fn checked(value: &str, what: &str) -> Result<Box<str>> {
    match is_name(value) {
        true => Ok(value.into()),
        false => Err(Error::configuration(format!(
            "{what} is empty, longer than {MAX_NAME} bytes, or holds a quote, a backslash or anything but printable \
             ASCII"
        ))),
    }
}

pub(crate) fn is_name(value: &str) -> bool {
    let allowed = |byte| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\');
    (1..=MAX_NAME).contains(&value.len()) && value.bytes().all(allowed)
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("id", &self.id)
            .field("algorithm", &self.algorithm())
            .field("app", &self.app)
            .finish_non_exhaustive()
    }
}

/// How an answer proves that the server knows the key too, in `Server-Authorization`: what a server adds, and what a
/// client demands. It never covers the status or any field but `Content-Type`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AnswerProof {
    /// Not at all. A client still checks a proof that is there.
    #[default]
    None,
    /// That it answers this request.
    Head,
    /// That it answers this request with this body, which is held in memory for that.
    Body,
}
