//! [`Entry`], a token as it is stored, and [`Configuration`], what may be kept with it.

use std::fmt;
use std::time::SystemTime;

use countersign_core::Secret;
use serde_json::Value;

use crate::id::Id;
use crate::key::Key;
use crate::token::Token;
use crate::wire::seconds;

/// A token as it is stored.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Entry {
    /// What it is for.
    pub key: Key,
    /// The name that a person gave it. Several may have the same.
    pub name: Option<String>,
    /// The token.
    pub token: Token,
    /// What made it.
    pub configuration: Option<Configuration>,
    /// When it was selected; the one selected last is the one in use.
    pub selected_at: Option<SystemTime>,
    /// Whether the server has refused its refresh token for good (`invalid_grant`).
    pub refresh_refused: bool,
}

impl Entry {
    /// A token for `key`, without a name.
    pub fn new(key: Key, token: Token) -> Self {
        Self {
            key,
            name: None,
            token,
            configuration: None,
            selected_at: None,
            refresh_refused: false,
        }
    }

    /// The same with a name.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// The same with what made it.
    #[must_use]
    pub fn configuration(mut self, configuration: Configuration) -> Self {
        self.configuration = Some(configuration);
        self
    }

    /// The fingerprint of its key.
    pub fn id(&self) -> Id {
        self.key.id()
    }

    /// Whether its end has come, as of `now`.
    pub fn is_expired(&self, now: SystemTime) -> bool {
        self.token.expires_at.is_some_and(|end| end <= now)
    }

    /// When its token was asked for, in whole seconds, which is all that a store keeps.
    pub(crate) fn issued(&self) -> u64 {
        seconds(self.token.issued_at)
    }

    /// Whether it can be refreshed, as far as is known.
    pub fn is_refreshable(&self) -> bool {
        self.token.refresh.is_some() && !self.refresh_refused
    }
}

/// What made a token: JSON that only its maker understands.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Configuration {
    /// What holds no secret. It is stored, shown and exported.
    pub open: Value,
    /// The secrets, as JSON text. They are stored if they are here, so only put them here if the user asked for it; they
    /// are never shown or exported.
    pub secrets: Option<Secret>,
}

impl Configuration {
    /// A configuration without its secrets.
    pub fn new(open: Value) -> Self {
        Self {
            open,
            secrets: None,
        }
    }

    /// The same with its secrets, text of any format.
    #[must_use]
    pub fn secrets(mut self, secrets: impl Into<Secret>) -> Self {
        self.secrets = Some(secrets.into());
        self
    }
}

impl fmt::Debug for Configuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Configuration")
            .field("open", &self.open)
            .field("secrets", &self.secrets)
            .finish()
    }
}
