//! [`Store`], where tokens are kept, and [`Lease`], one token held for oneself.

mod error;
mod file;
mod memory;

use std::sync::Arc;

pub use error::{StoreError, StoreErrorKind};
pub use file::FileStore;
pub use memory::MemoryStore;

use crate::entry::Entry;
use crate::id::Id;
use crate::source::BoxFuture;

/// Where tokens are kept.
///
/// Anyone may read; who writes has to hold the token's [`Lease`], and holds it over the whole of read, request and
/// write, so that a refresh token that may be used once is used once. A store that several machines share gives leases
/// that end by themselves, and its lease's writes fail with [`StoreErrorKind::Lost`] after that.
pub trait Store: Send + Sync + 'static {
    /// The token that is kept as `id`.
    fn get(&self, id: Id) -> BoxFuture<'_, Result<Option<Entry>, StoreError>>;

    /// All that are kept, in the order of their fingerprints.
    fn list(&self) -> BoxFuture<'_, Result<Vec<Entry>, StoreError>>;

    /// Waits until nobody else, in this process or another, holds `id`. There need not be a token.
    fn lock(&self, id: Id) -> BoxFuture<'_, Result<Box<dyn Lease>, StoreError>>;
}

/// One token of a store, held for oneself until this is dropped.
pub trait Lease: Send + Sync {
    /// The token, if there is one.
    fn get(&mut self) -> BoxFuture<'_, Result<Option<Entry>, StoreError>>;

    /// Keeps `entry` in the token's place. When it is done it outlasts a crash, as far as the store lasts at all.
    fn put(&mut self, entry: Entry) -> BoxFuture<'_, Result<(), StoreError>>;

    /// Removes the token.
    fn delete(&mut self) -> BoxFuture<'_, Result<(), StoreError>>;
}

impl<S: Store + ?Sized> Store for Arc<S> {
    fn get(&self, id: Id) -> BoxFuture<'_, Result<Option<Entry>, StoreError>> {
        (**self).get(id)
    }

    fn list(&self) -> BoxFuture<'_, Result<Vec<Entry>, StoreError>> {
        (**self).list()
    }

    fn lock(&self, id: Id) -> BoxFuture<'_, Result<Box<dyn Lease>, StoreError>> {
        (**self).lock(id)
    }
}
