//! [`MemoryStore`], tokens that end with the process.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Mutex as Turn, OwnedMutexGuard};

use crate::entry::Entry;
use crate::id::Id;
use crate::source::BoxFuture;
use crate::store::{Lease, Store, StoreError};

/// Tokens that end with the process. Clones share them.
#[derive(Clone, Default)]
pub struct MemoryStore(Arc<Inner>);

#[derive(Default)]
struct Inner {
    entries: Mutex<BTreeMap<Id, Entry>>,
    /// Whose turn it is, for each token that somebody holds or waits for.
    turns: Mutex<BTreeMap<Id, Arc<Turn<()>>>>,
}

impl MemoryStore {
    /// No tokens.
    pub fn new() -> Self {
        Self::default()
    }

    fn turn(&self, id: Id) -> Arc<Turn<()>> {
        let mut turns = locked(&self.0.turns);
        turns.retain(|_, turn| Arc::strong_count(turn) > 1);
        Arc::clone(turns.entry(id).or_default())
    }

    fn entry(&self, id: Id) -> Option<Entry> {
        locked(&self.0.entries).get(&id).cloned()
    }
}

impl Store for MemoryStore {
    fn get(&self, id: Id) -> BoxFuture<'_, Result<Option<Entry>, StoreError>> {
        Box::pin(async move { Ok(self.entry(id)) })
    }

    fn list(&self) -> BoxFuture<'_, Result<Vec<Entry>, StoreError>> {
        Box::pin(async { Ok(locked(&self.0.entries).values().cloned().collect()) })
    }

    fn lock(&self, id: Id) -> BoxFuture<'_, Result<Box<dyn Lease>, StoreError>> {
        let (store, turn) = (self.clone(), self.turn(id));
        Box::pin(async move {
            let lease = Held {
                store,
                id,
                _turn: turn.lock_owned().await,
            };
            Ok(Box::new(lease) as Box<dyn Lease>)
        })
    }
}

struct Held {
    store: MemoryStore,
    id: Id,
    _turn: OwnedMutexGuard<()>,
}

impl Lease for Held {
    fn get(&mut self) -> BoxFuture<'_, Result<Option<Entry>, StoreError>> {
        Box::pin(async { Ok(self.store.entry(self.id)) })
    }

    fn put(&mut self, entry: Entry) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async {
            locked(&self.store.0.entries).insert(self.id, entry);
            Ok(())
        })
    }

    fn delete(&mut self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async {
            locked(&self.store.0.entries).remove(&self.id);
            Ok(())
        })
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("MemoryStore")
            .field(&locked(&self.0.entries).len())
            .finish()
    }
}
