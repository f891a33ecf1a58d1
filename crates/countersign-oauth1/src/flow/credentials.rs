//! What the legs yield.

use std::fmt;

use countersign_core::canonical::percent::Plus;
use countersign_core::canonical::query;
use countersign_core::{Error, Result, Secret};
use http::Uri;

use super::answer::Answer;
use crate::credentials::Credentials;
use crate::parameter::{TOKEN, VERIFIER};

/// Temporary credentials, good for one authorization: RFC 5849, section 2.1. `Debug` shows no secret.
#[derive(Clone)]
pub struct TemporaryCredentials {
    token: String,
    secret: Secret,
}

impl TemporaryCredentials {
    /// Those that were kept while the resource owner was away.
    pub fn new(token: impl Into<String>, secret: impl Into<Secret>) -> Self {
        Self {
            token: token.into(),
            secret: secret.into(),
        }
    }

    pub(super) fn read(answer: &Answer, rsa: bool) -> Result<Self> {
        let (token, secret) = answer.token(rsa)?;
        Ok(Self::new(token, secret))
    }

    /// The identifier, by which the callback says what it is about.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// The secret, to keep it.
    pub fn secret(&self) -> &Secret {
        &self.secret
    }

    /// The verifier in the URI to which the resource owner was sent back: section 2.2.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) if it has none, if a parameter stands
    /// there twice, or if it is about other temporary credentials than these.
    pub fn verifier(&self, redirected: &Uri) -> Result<String> {
        if parameter(redirected, TOKEN)?.as_deref() != Some(&*self.token) {
            return refuse("the callback is not about these temporary credentials");
        }
        match parameter(redirected, VERIFIER)? {
            Some(verifier) if !verifier.is_empty() => Ok(verifier),
            _ => refuse("the callback has no oauth_verifier: the resource owner did not agree"),
        }
    }

    pub(super) fn of(&self, consumer: &Credentials) -> Result<Credentials> {
        consumer.clone().token(&self.token, self.secret.clone())
    }
}

/// The parameter of a callback, which may stand there once.
fn parameter(uri: &Uri, name: &str) -> Result<Option<String>> {
    let pairs = query::pairs(uri.query().unwrap_or_default());
    let mut found = pairs.filter(|pair| pair.is_named(name));
    let value = match (found.next(), found.next()) {
        (None, _) => return Ok(None),
        (Some(pair), None) => pair
            .decoded(Plus::Space)
            .ok()
            .map(|(_, value)| value.into_owned()),
        (Some(_), Some(_)) => None,
    };
    match value.and_then(|value| String::from_utf8(value).ok()) {
        Some(value) => Ok(Some(value)),
        None => refuse("the callback has a parameter twice, or a broken one"),
    }
}

fn refuse<T>(why: &'static str) -> Result<T> {
    Err(Error::configuration(why))
}

impl fmt::Debug for TemporaryCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TemporaryCredentials")
            .field("token", &self.token)
            .finish_non_exhaustive()
    }
}

/// Token credentials, good for the resource owner's resources: RFC 5849, section 2.3. `Debug` shows no secret.
#[derive(Clone)]
pub struct TokenCredentials {
    token: String,
    secret: Secret,
    others: Vec<(String, String)>,
}

impl TokenCredentials {
    /// Those that were kept from an earlier flow.
    pub fn new(token: impl Into<String>, secret: impl Into<Secret>) -> Self {
        Self {
            token: token.into(),
            secret: secret.into(),
            others: Vec::new(),
        }
    }

    pub(super) fn read(answer: &Answer, rsa: bool) -> Result<Self> {
        let (token, secret) = answer.token(rsa)?;
        let mut read = Self::new(token, secret);
        read.others = answer.others();
        Ok(read)
    }

    /// The token.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Its secret, to keep it.
    pub fn secret(&self) -> &Secret {
        &self.secret
    }

    /// What else the server said with it (`user_id`, `oauth_session_handle`): the first of this name.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.others.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    pub(super) fn of(&self, consumer: &Credentials) -> Result<Credentials> {
        consumer.clone().token(&self.token, self.secret.clone())
    }
}

impl fmt::Debug for TokenCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenCredentials")
            .field("token", &self.token)
            .finish_non_exhaustive()
    }
}
