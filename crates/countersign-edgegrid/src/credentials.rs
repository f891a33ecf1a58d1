//! What the user configures.

use std::fmt;

use countersign_core::{Error, Result, Secret};

use crate::key::ClientKey;

/// The longest token or nonce, in bytes; a server has to remember some of them.
const MAX_TOKEN: usize = 256;

/// The three values that Akamai issues to an API client. `Debug` shows no secret.
#[derive(Clone)]
pub struct Credentials {
    client_token: Box<str>,
    key: ClientKey,
    access_token: Box<str>,
}

impl Credentials {
    /// Takes the values as they stand in an `.edgerc` file; the secret is not decoded.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for an empty secret, and for a token
    /// that is empty, longer than 256 bytes or holds `;`, a space or anything but ASCII.
    pub fn new(
        client_token: &str,
        client_secret: impl Into<Secret>,
        access_token: &str,
    ) -> Result<Self> {
        let secret = client_secret.into();
        if secret.is_empty() {
            return Err(Error::configuration(
                "the EdgeGrid client_secret is empty: give the one that belongs to the token",
            ));
        }
        Ok(Self {
            client_token: checked(client_token, "client_token")?,
            key: ClientKey::new(&secret),
            access_token: checked(access_token, "access_token")?,
        })
    }

    /// The client token, which is no secret.
    pub fn client_token(&self) -> &str {
        &self.client_token
    }

    /// The access token, which is no secret.
    pub fn access_token(&self) -> &str {
        &self.access_token
    }

    pub(crate) fn key(&self) -> &ClientKey {
        &self.key
    }
}

/// A value that can stand in the header as it is.
pub(crate) fn checked(value: &str, what: &str) -> Result<Box<str>> {
    match is_token(value) {
        true => Ok(value.into()),
        false => Err(Error::configuration(format!(
            "the EdgeGrid {what} is empty, longer than {MAX_TOKEN} bytes, or holds a semicolon, a space or anything \
             but ASCII"
        ))),
    }
}

pub(crate) fn is_token(value: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_graphic() && byte != b';';
    (1..=MAX_TOKEN).contains(&value.len()) && value.bytes().all(allowed)
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("client_token", &self.client_token)
            .field("access_token", &self.access_token)
            .finish_non_exhaustive()
    }
}
