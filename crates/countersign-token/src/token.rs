//! [`Token`], what a server issued.

use std::fmt;
use std::time::{Duration, SystemTime};

use countersign_core::Secret;
use serde_json::{Map, Value};

/// A token as a server issued it (RFC 6749, section 5.1).
///
/// It is only serialized by a [`Store`](crate::Store) and by [`Tokens::export`](crate::Tokens::export).
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Token {
    /// `access_token`: what is sent to the resource server.
    pub access: Secret,
    /// `token_type`, as it was given; `None` if the server left it out.
    pub token_type: Option<String>,
    /// `refresh_token`.
    pub refresh: Option<Secret>,
    /// `id_token` (OpenID Connect Core 1.0).
    pub id_token: Option<Secret>,
    /// `scope`, if the server said what it granted.
    pub scopes: Option<Vec<String>>,
    /// When it was asked for, so a little before it was issued.
    pub issued_at: SystemTime,
    /// When it ends; `None` if the server did not say.
    pub expires_at: Option<SystemTime>,
    /// The other members of the answer. They may hold secrets.
    pub extra: Map<String, Value>,
}

impl Token {
    /// A token with nothing but its value, asked for at `issued_at`.
    pub fn new(access: impl Into<Secret>, issued_at: SystemTime) -> Self {
        Self {
            access: access.into(),
            token_type: None,
            refresh: None,
            id_token: None,
            scopes: None,
            issued_at,
            expires_at: None,
            extra: Map::new(),
        }
    }

    /// The same with a `token_type`.
    #[must_use]
    pub fn token_type(mut self, token_type: impl Into<String>) -> Self {
        self.token_type = Some(token_type.into());
        self
    }

    /// The same with a refresh token.
    #[must_use]
    pub fn refresh(mut self, refresh: impl Into<Secret>) -> Self {
        self.refresh = Some(refresh.into());
        self
    }

    /// The same with an ID token.
    #[must_use]
    pub fn id_token(mut self, id_token: impl Into<Secret>) -> Self {
        self.id_token = Some(id_token.into());
        self
    }

    /// The same with the scopes that were granted.
    #[must_use]
    pub fn scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.scopes = Some(scopes.into_iter().map(Into::into).collect());
        self
    }

    /// The same, ending at `expires_at`.
    #[must_use]
    pub fn expires_at(mut self, expires_at: SystemTime) -> Self {
        self.expires_at = Some(expires_at);
        self
    }

    /// The same, ending `lifetime` after it was asked for (`expires_in`). A lifetime beyond what the clock can tell
    /// is none.
    #[must_use]
    pub fn expires_in(mut self, lifetime: Duration) -> Self {
        self.expires_at = self.issued_at.checked_add(lifetime);
        self
    }

    /// The same with the other members of the answer.
    #[must_use]
    pub fn extra(mut self, extra: Map<String, Value>) -> Self {
        self.extra = extra;
        self
    }

    /// How long it lasts from when it was asked for, if the server said so.
    pub fn lifetime(&self) -> Option<Duration> {
        let lifetime = self.expires_at?.duration_since(self.issued_at);
        Some(lifetime.unwrap_or_default())
    }

    /// What an answer to a refresh leaves out stands as before: the refresh token and the scopes (RFC 6749, sections
    /// 5.1 and 6), and the ID token.
    pub(crate) fn succeed(mut self, before: Token) -> Self {
        self.refresh = self.refresh.or(before.refresh);
        self.scopes = self.scopes.or(before.scopes);
        self.id_token = self.id_token.or(before.id_token);
        self
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token")
            .field("access", &self.access)
            .field("token_type", &self.token_type)
            .field("refresh", &self.refresh)
            .field("id_token", &self.id_token)
            .field("scopes", &self.scopes)
            .field("issued_at", &self.issued_at)
            .field("expires_at", &self.expires_at)
            .field("extra", &self.extra.keys().collect::<Vec<_>>())
            .finish()
    }
}
