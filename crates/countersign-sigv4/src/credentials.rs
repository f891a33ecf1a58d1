//! [`Credentials`], an access key with its secret.

use std::fmt;

use countersign_core::{Error, Result, Secret};

use crate::scope::is_part;

/// An access key: its id, its secret, and for a temporary one its session token. `Debug` shows the id alone.
#[derive(Clone)]
pub struct Credentials {
    id: Box<str>,
    secret: Secret,
    token: Option<Secret>,
    expires: Option<u64>,
}

impl Credentials {
    /// A long-lived access key.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for an id that is empty or holds
    /// anything but visible ASCII without `/` and `,`, and for an empty secret.
    pub fn new(access_key_id: &str, secret_access_key: impl Into<Secret>) -> Result<Self> {
        let secret = secret_access_key.into();
        if !is_part(access_key_id) {
            return refuse("the access key id is empty, or a character of it cannot be sent");
        }
        if secret.is_empty() {
            return refuse("the secret access key is empty: give the one that belongs to the id");
        }
        Ok(Self {
            id: access_key_id.into(),
            secret,
            token: None,
            expires: None,
        })
    }

    /// Makes it a temporary one, which is good together with this token only.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for a token that is empty or holds
    /// anything but visible ASCII.
    pub fn session_token(self, token: impl Into<Secret>) -> Result<Self> {
        let token = token.into();
        if token.is_empty() || !token.expose().iter().all(u8::is_ascii_graphic) {
            return refuse("the session token is empty, or a character of it cannot be sent");
        }
        Ok(Self {
            token: Some(token),
            ..self
        })
    }

    /// Says when it expires, in seconds since the Unix epoch. Without it, what a provider gave is kept for good.
    #[must_use]
    pub fn expires_at(self, unix: u64) -> Self {
        Self {
            expires: Some(unix),
            ..self
        }
    }

    /// The id, which is no secret.
    pub fn access_key_id(&self) -> &str {
        &self.id
    }

    /// When it expires, in seconds since the Unix epoch, if that is known.
    pub fn expires(&self) -> Option<u64> {
        self.expires
    }

    pub(crate) fn secret(&self) -> &Secret {
        &self.secret
    }

    pub(crate) fn token(&self) -> Option<&Secret> {
        self.token.as_ref()
    }
}

fn refuse<T>(why: &'static str) -> Result<T> {
    Err(Error::configuration(why))
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("access_key_id", &self.id)
            .field("temporary", &self.token.is_some())
            .field("expires", &self.expires)
            .finish_non_exhaustive()
    }
}
