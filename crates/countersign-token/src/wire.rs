//! How a token is written, in a store's file and in an export.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use countersign_core::Secret;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use crate::entry::{Configuration, Entry};
use crate::key::{About, Key};
use crate::store::{StoreError, StoreErrorKind};
use crate::token::Token;

const VERSION: u32 = 1;

/// What is written, and what says that it is ours.
#[derive(Serialize)]
struct Document<'a, T> {
    format: &'a str,
    version: u32,
    #[serde(flatten)]
    content: T,
}

#[derive(Deserialize)]
struct Marks {
    format: Option<String>,
    version: Option<u32>,
}

/// An [`Entry`] as it is written.
#[derive(Serialize, Deserialize)]
pub(crate) struct Written {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    about: About,
    #[serde(skip_serializing_if = "Option::is_none")]
    selected_at: Option<u64>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    refresh_refused: bool,
    token: WrittenToken,
    #[serde(skip_serializing_if = "Option::is_none")]
    configuration: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    secrets: Option<Text>,
}

#[derive(Serialize, Deserialize)]
struct WrittenToken {
    access_token: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    token_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scopes: Option<Vec<String>>,
    issued_at: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<u64>,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    extra: Map<String, Value>,
}

/// A secret in a document, wiped when it is dropped.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct Text(Zeroizing<String>);

/// `content` as a document of `format`.
pub(crate) fn write<T: Serialize>(
    format: &str,
    content: T,
) -> Result<Zeroizing<Vec<u8>>, StoreError> {
    let document = Document {
        format,
        version: VERSION,
        content,
    };
    // Roomy, as what a vector outgrows is not wiped.
    let mut written = Zeroizing::new(Vec::with_capacity(16 << 10));
    serde_json::to_writer_pretty(&mut *written, &document).map_err(|_| unfit())?;
    Ok(written)
}

/// The content of a document of `format`; `place` says which it is.
pub(crate) fn read<T: DeserializeOwned>(
    format: &str,
    document: &[u8],
    place: &str,
) -> Result<T, StoreError> {
    let marks: Marks = serde_json::from_slice(document).map_err(|_| corrupt(place))?;
    if marks.format.as_deref() != Some(format) {
        return Err(foreign(place, "was not written by this program"));
    }
    if marks.version != Some(VERSION) {
        return Err(foreign(place, "was written by another version"));
    }
    serde_json::from_slice(document).map_err(|_| corrupt(place))
}

// The parser's own error may quote the document, so it is not kept as a source.
fn corrupt(place: &str) -> StoreError {
    let message = format!("{place} is damaged and was left as it is; repair it or move it away");
    StoreError::new(StoreErrorKind::Corrupt, message)
}

fn foreign(place: &str, what: &str) -> StoreError {
    let message = format!("{place} {what} and was left as it is; move it away");
    StoreError::new(StoreErrorKind::Foreign, message)
}

fn unfit() -> StoreError {
    StoreError::new(
        StoreErrorKind::Unfit,
        "a token or secret that is not UTF-8 text cannot be stored",
    )
}

impl Written {
    pub(crate) fn of(entry: &Entry) -> Result<Self, StoreError> {
        let configuration = entry.configuration.as_ref();
        let secrets = configuration.and_then(|made_by| made_by.secrets.as_ref());
        Ok(Self {
            id: entry.id().hex(),
            name: entry.name.clone(),
            about: entry.key.about().clone(),
            selected_at: entry.selected_at.map(seconds),
            refresh_refused: entry.refresh_refused,
            token: WrittenToken::of(&entry.token)?,
            configuration: configuration.map(|made_by| made_by.open.clone()),
            secrets: secrets.map(Text::of).transpose()?,
        })
    }

    /// `place` says where it was found.
    pub(crate) fn entry(self, place: &str) -> Result<Entry, StoreError> {
        let id = self.id.parse().map_err(|_| corrupt(place))?;
        let secrets = self.secrets.map(Text::secret);
        let token = self.token.token().ok_or_else(|| corrupt(place))?;
        let selected_at = self.selected_at.map(|at| time(at).ok_or(corrupt(place)));
        Ok(Entry {
            key: Key::stored(id, self.about),
            name: self.name,
            token,
            configuration: self
                .configuration
                .map(|open| Configuration { open, secrets }),
            selected_at: selected_at.transpose()?,
            refresh_refused: self.refresh_refused,
        })
    }
}

impl WrittenToken {
    fn of(token: &Token) -> Result<Self, StoreError> {
        Ok(Self {
            access_token: Text::of(&token.access)?,
            token_type: token.token_type.clone(),
            refresh_token: token.refresh.as_ref().map(Text::of).transpose()?,
            id_token: token.id_token.as_ref().map(Text::of).transpose()?,
            scopes: token.scopes.clone(),
            issued_at: seconds(token.issued_at),
            expires_at: token.expires_at.map(seconds),
            extra: token.extra.clone(),
        })
    }

    fn token(self) -> Option<Token> {
        let expires_at = match self.expires_at {
            Some(end) => Some(time(end)?),
            None => None,
        };
        Some(Token {
            access: self.access_token.secret(),
            token_type: self.token_type,
            refresh: self.refresh_token.map(Text::secret),
            id_token: self.id_token.map(Text::secret),
            scopes: self.scopes,
            issued_at: time(self.issued_at)?,
            expires_at,
            extra: self.extra,
        })
    }
}

impl Text {
    fn of(secret: &Secret) -> Result<Self, StoreError> {
        let text = secret.expose_str().ok_or_else(unfit)?;
        Ok(Self(Zeroizing::new(text.to_owned())))
    }

    fn secret(mut self) -> Secret {
        Secret::new(std::mem::take(&mut *self.0))
    }
}

/// Whole seconds since the Unix epoch, rounded down, so that a token never seems to last longer than it does.
pub(crate) fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs()
}

fn time(seconds: u64) -> Option<SystemTime> {
    UNIX_EPOCH.checked_add(Duration::from_secs(seconds))
}
