//! [`Tokens`], everything that is in a store, for a person to look at and to tidy.

use std::fmt;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use countersign_core::Sources;

use crate::entry::{Configuration, Entry};
use crate::id::Id;
use crate::refused::Refused;
use crate::source::Source;
use crate::store::{Store, StoreError, StoreErrorKind};

/// Everything that is in a store. A token is told by its name or by the beginning of its fingerprint, six hexadecimal
/// digits at least.
///
/// ```
/// use countersign_token::{Entry, Key, MemoryStore, Store, Token, Tokens};
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let store = MemoryStore::new();
/// let key = Key::builder().server("https://login.example/token").client_id("shop").build();
/// let entry = Entry::new(key.clone(), Token::new("2YotnFZFEjr1", std::time::SystemTime::now()));
/// store.lock(key.id()).await?.put(entry.name("mine")).await?;
///
/// let tokens = Tokens::new(store);
/// tokens.rename("mine", "ours").await?;
/// assert_eq!(tokens.find(&key.to_string()).await?.name.as_deref(), Some("ours"));
/// # Ok::<(), countersign_token::StoreError>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Tokens {
    pub(crate) store: Arc<dyn Store>,
    sources: Sources,
}

impl Tokens {
    /// What is in `store`.
    pub fn new(store: impl Store) -> Self {
        Self {
            store: Arc::new(store),
            sources: Sources::default(),
        }
    }

    /// The same by another clock.
    #[must_use]
    pub fn with_sources(self, sources: Sources) -> Self {
        Self { sources, ..self }
    }

    /// All of them, those with a name first, in its order.
    ///
    /// # Errors
    ///
    /// That the store cannot be read.
    pub async fn list(&self) -> Result<Vec<Entry>, StoreError> {
        let mut entries = self.store.list().await?;
        entries.sort_by(|a, b| (a.name.is_none(), &a.name).cmp(&(b.name.is_none(), &b.name)));
        Ok(entries)
    }

    /// The one that `which` tells.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::NotFound`] or [`StoreErrorKind::Ambiguous`]; that the store cannot be read.
    pub async fn find(&self, which: &str) -> Result<Entry, StoreError> {
        let entries = self.list().await?;
        let named = |entry: &&Entry| entry.name.as_deref() == Some(which);
        let begins = |entry: &&Entry| which.len() >= 6 && entry.id().hex().starts_with(which);
        let mut found: Vec<_> = entries.iter().filter(named).collect();
        if found.is_empty() {
            found = entries.iter().filter(begins).collect();
        }
        match found[..] {
            [entry] => Ok(entry.clone()),
            [] => Err(not_found()),
            _ => Err(ambiguous(&found)),
        }
    }

    /// Makes it the one in use.
    ///
    /// # Errors
    ///
    /// As for [`Tokens::find`]; that the store cannot be written.
    pub async fn select(&self, which: &str) -> Result<Entry, StoreError> {
        let latest = self.selected().await?.and_then(|entry| entry.selected_at);
        // Stored in whole seconds; two that are selected in the same one still have an order.
        let after = latest.map(|at| at + std::time::Duration::from_secs(1));
        let now = Some(self.now()).max(after);
        self.edit(which, move |entry| entry.selected_at = now).await
    }

    /// The one in use, if any was selected.
    ///
    /// # Errors
    ///
    /// That the store cannot be read.
    pub async fn selected(&self) -> Result<Option<Entry>, StoreError> {
        let entries = self.store.list().await?.into_iter();
        Ok(entries
            .filter(|entry| entry.selected_at.is_some())
            .max_by_key(|entry| entry.selected_at))
    }

    /// Gives it another name.
    ///
    /// # Errors
    ///
    /// As for [`Tokens::select`].
    pub async fn rename(&self, which: &str, name: impl Into<String>) -> Result<Entry, StoreError> {
        let name = name.into();
        self.edit(which, |entry| entry.name = Some(name)).await
    }

    /// Keeps with it what made it.
    ///
    /// # Errors
    ///
    /// As for [`Tokens::select`].
    pub async fn configure(
        &self,
        which: &str,
        configuration: Configuration,
    ) -> Result<Entry, StoreError> {
        self.edit(which, |entry| entry.configuration = Some(configuration))
            .await
    }

    /// Deletes it, without telling the server.
    ///
    /// # Errors
    ///
    /// As for [`Tokens::select`].
    pub async fn delete(&self, which: &str) -> Result<Entry, StoreError> {
        let entry = self.find(which).await?;
        self.store.lock(entry.id()).await?.delete().await?;
        Ok(entry)
    }

    /// Has `source`, whose key need not be the token's, revoke it at the server (RFC 7009), and deletes it.
    ///
    /// # Errors
    ///
    /// That the server did not; then it is kept. As for [`Tokens::select`].
    pub async fn revoke(&self, which: &str, source: &dyn Source) -> Result<Entry, Refused> {
        let id = self.find(which).await?.id();
        let mut lease = self.store.lock(id).await?;
        let entry = lease.get().await?.ok_or_else(not_found)?;
        source.revoke(entry.token.clone()).await?;
        lease.delete().await?;
        Ok(entry)
    }

    /// Deletes those that have ended and cannot be refreshed.
    ///
    /// # Errors
    ///
    /// That the store cannot be read or written.
    pub async fn prune(&self) -> Result<Vec<Entry>, StoreError> {
        let (now, mut pruned) = (self.now(), Vec::new());
        let over = |entry: &Entry| entry.is_expired(now) && !entry.is_refreshable();
        for entry in self.list().await?.into_iter().filter(over) {
            let mut lease = self.store.lock(entry.id()).await?;
            if lease.get().await?.as_ref().is_some_and(over) {
                lease.delete().await?;
                pruned.push(entry);
            }
        }
        Ok(pruned)
    }

    async fn edit(
        &self,
        which: &str,
        change: impl FnOnce(&mut Entry),
    ) -> Result<Entry, StoreError> {
        let id = self.find(which).await?.id();
        let mut lease = self.store.lock(id).await?;
        let mut entry = lease.get().await?.ok_or_else(not_found)?;
        change(&mut entry);
        lease.put(entry.clone()).await?;
        Ok(entry)
    }

    fn now(&self) -> SystemTime {
        UNIX_EPOCH + self.sources.clock.now()
    }
}

fn not_found() -> StoreError {
    let message = "there is no such token; list those there are";
    StoreError::new(StoreErrorKind::NotFound, message)
}

fn ambiguous(found: &[&Entry]) -> StoreError {
    let ids: Vec<Id> = found.iter().map(|entry| entry.id()).collect();
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let message = format!("several tokens fit; say which: {}", ids.join(", "));
    StoreError::new(StoreErrorKind::Ambiguous, message)
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tokens")
    }
}
