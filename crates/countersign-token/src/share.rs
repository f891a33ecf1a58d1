//! Export and import: a team shares a token.

use countersign_core::Secret;
use serde::{Deserialize, Serialize};

use crate::entry::Entry;
use crate::store::{StoreError, StoreErrorKind};
use crate::tokens::Tokens;
use crate::wire::{self, Written};

const FORMAT: &str = "countersign-token-export";

/// What an export holds besides access tokens and ID tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Sharing {
    /// Nothing: the token is of use until it ends.
    #[default]
    AccessOnly,
    /// The refresh tokens too. Where the server accepts each only once, only one who imports it can refresh, and the
    /// server may take the second for a thief.
    WithRefresh,
}

/// What an import does with a token that is there already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Existing {
    /// It is an error, and nothing is imported.
    #[default]
    Refuse,
    /// It is replaced.
    Replace,
}

#[derive(Serialize, Deserialize)]
struct Export {
    tokens: Vec<Written>,
}

impl Tokens {
    /// The tokens that `which` tells as JSON text, with their names and configurations. It holds no secret of a client:
    /// not those of the configuration, and of the client's own only what is in the fingerprint.
    ///
    /// # Errors
    ///
    /// As for [`Tokens::find`].
    pub async fn export(&self, which: &[&str], sharing: Sharing) -> Result<Secret, StoreError> {
        let mut tokens = Vec::new();
        for which in which {
            tokens.push(Written::of(&part(self.find(which).await?, sharing))?);
        }
        let mut document = wire::write(FORMAT, Export { tokens })?;
        Ok(Secret::new(std::mem::take(&mut *document)))
    }

    /// Stores the tokens of an export.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::Corrupt`] or [`StoreErrorKind::Foreign`] if it is no export; [`StoreErrorKind::Exists`]; that
    /// the store cannot be written.
    pub async fn import(
        &self,
        export: &[u8],
        existing: Existing,
    ) -> Result<Vec<Entry>, StoreError> {
        let export: Export = wire::read(FORMAT, export, "the export")?;
        let entries = export.tokens.into_iter();
        let entries: Vec<Entry> = entries
            .map(|token| token.entry("the export"))
            .collect::<Result<_, _>>()?;
        if existing == Existing::Refuse {
            self.check_absent(&entries).await?;
        }
        for entry in &entries {
            let mut lease = self.store.lock(entry.id()).await?;
            lease.put(entry.clone()).await?;
        }
        Ok(entries)
    }

    async fn check_absent(&self, entries: &[Entry]) -> Result<(), StoreError> {
        for entry in entries {
            if self.store.get(entry.id()).await?.is_some() {
                let message = format!("token {} is stored already; replace it?", entry.key);
                return Err(StoreError::new(StoreErrorKind::Exists, message));
            }
        }
        Ok(())
    }
}

fn part(mut entry: Entry, sharing: Sharing) -> Entry {
    entry.selected_at = None;
    if let Some(configuration) = &mut entry.configuration {
        configuration.secrets = None;
    }
    if sharing == Sharing::AccessOnly {
        entry.token.refresh = None;
        entry.refresh_refused = false;
    }
    entry
}
