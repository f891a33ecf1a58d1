//! What the user configures.

use countersign_core::{Error, Result, Secret};

use crate::algorithm::Algorithm;
use crate::message::Qop;

/// A user name and a password.
#[derive(Clone, Debug)]
pub(crate) struct Credentials {
    pub(crate) username: String,
    pub(crate) password: Secret,
}

impl Credentials {
    pub(crate) fn new(username: String, password: Secret) -> Result<Self> {
        if has_control(username.as_bytes()) || has_control(password.expose()) {
            return Err(Error::configuration(
                "a Digest user name or password holds a control character: take it out",
            ));
        }
        Ok(Self { username, password })
    }
}

/// A control character of ASCII, or one of U+0080 to U+009F in UTF-8.
pub(crate) fn has_control(bytes: &[u8]) -> bool {
    match str::from_utf8(bytes) {
        Ok(text) => text.chars().any(char::is_control),
        Err(_) => bytes.iter().any(u8::is_ascii_control),
    }
}

/// What is known of a server before it has sent a challenge.
///
/// With a realm and a nonce the first request to each origin is signed already. A client nonce alone is used for
/// every challenge in place of a random one. It is for tests and for reproducing a request: a client nonce that
/// never changes protects less.
#[derive(Clone, Debug, Default)]
pub struct Preset {
    pub(crate) realm: Option<String>,
    pub(crate) nonce: Option<String>,
    pub(crate) opaque: Option<String>,
    pub(crate) algorithm: Option<Algorithm>,
    pub(crate) qop: Option<Qop>,
    pub(crate) count: Option<u32>,
    pub(crate) client_nonce: Option<String>,
}

impl Preset {
    /// Nothing is known.
    pub fn new() -> Self {
        Self::default()
    }

    /// The realm; it may be empty.
    #[must_use]
    pub fn realm(self, realm: impl Into<String>) -> Self {
        Self {
            realm: Some(realm.into()),
            ..self
        }
    }

    /// The server's nonce.
    #[must_use]
    pub fn nonce(self, nonce: impl Into<String>) -> Self {
        Self {
            nonce: Some(nonce.into()),
            ..self
        }
    }

    /// What the server wants back as it is.
    #[must_use]
    pub fn opaque(self, opaque: impl Into<String>) -> Self {
        Self {
            opaque: Some(opaque.into()),
            ..self
        }
    }

    /// The algorithm; MD5 where it is left out, and then it is not sent.
    #[must_use]
    pub fn algorithm(self, algorithm: Algorithm) -> Self {
        Self {
            algorithm: Some(algorithm),
            ..self
        }
    }

    /// The quality of protection; RFC 2069 where it is left out. `auth-int` is preferred in later challenges too.
    #[must_use]
    pub fn qop(self, qop: Qop) -> Self {
        Self {
            qop: Some(qop),
            ..self
        }
    }

    /// The count of the first request with the nonce; 1 where it is left out.
    #[must_use]
    pub fn nonce_count(self, count: u32) -> Self {
        Self {
            count: Some(count),
            ..self
        }
    }

    /// The client nonce.
    #[must_use]
    pub fn client_nonce(self, nonce: impl Into<String>) -> Self {
        Self {
            client_nonce: Some(nonce.into()),
            ..self
        }
    }

    pub(crate) fn check(&self) -> Result<()> {
        let texts = [&self.realm, &self.nonce, &self.opaque, &self.client_nonce];
        if texts
            .into_iter()
            .flatten()
            .any(|text| has_control(text.as_bytes()))
        {
            return Err(Error::configuration(
                "a preset Digest value holds a control character",
            ));
        }
        let empty = |text: &Option<String>| text.as_ref().is_some_and(String::is_empty);
        if empty(&self.nonce) || empty(&self.client_nonce) || self.count == Some(0) {
            return Err(Error::configuration(
                "a preset Digest nonce is empty or its count is 0: leave it out, or give it",
            ));
        }
        Ok(())
    }
}
