//! [`FileStore`], tokens that outlast the process and that processes share.

mod access;
mod folder;
mod lock;

use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::runtime::Handle;

use self::folder::Folder;
use crate::entry::Entry;
use crate::id::Id;
use crate::source::BoxFuture;
use crate::store::{Lease, Store, StoreError, StoreErrorKind};

/// Tokens in a folder, each in a file of its own that is replaced as a whole.
///
/// The folder is only for its owner (0700), and so are the files (0600); what others can read, a symbolic link, and a
/// file that is damaged or not ours is an error and is left as it is. Processes that use the same folder share one
/// rotation of refresh tokens: a lease is an advisory lock on a file beside the token's. Nothing is made before the
/// first lease. The folder has to be on a file system whose locks work; over a network many do not.
#[derive(Clone, Debug)]
pub struct FileStore(Arc<Folder>);

impl FileStore {
    /// Tokens in `folder`.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self(Arc::new(Folder::new(folder.into())))
    }
}

impl Store for FileStore {
    fn get(&self, id: Id) -> BoxFuture<'_, Result<Option<Entry>, StoreError>> {
        let folder = Arc::clone(&self.0);
        Box::pin(blocking(move || folder.read(id)))
    }

    fn list(&self) -> BoxFuture<'_, Result<Vec<Entry>, StoreError>> {
        let folder = Arc::clone(&self.0);
        Box::pin(blocking(move || folder.list()))
    }

    fn lock(&self, id: Id) -> BoxFuture<'_, Result<Box<dyn Lease>, StoreError>> {
        let folder = Arc::clone(&self.0);
        Box::pin(async move {
            let patience = lock::Patience::default();
            let watched = patience.watched();
            let lock = {
                let folder = Arc::clone(&folder);
                blocking(move || lock::acquire(&folder, id, &watched)).await?
            };
            let lock = Arc::new(lock);
            Ok(Box::new(Held { folder, id, lock }) as Box<dyn Lease>)
        })
    }
}

struct Held {
    folder: Arc<Folder>,
    id: Id,
    lock: Arc<File>,
}

impl Held {
    /// Works on the folder in a thread that may wait. The lock is held until that is done, also if nobody awaits it.
    fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Folder, Id) -> Result<T, StoreError> + Send + 'static,
    ) -> BoxFuture<'_, Result<T, StoreError>> {
        let (folder, lock, id) = (Arc::clone(&self.folder), Arc::clone(&self.lock), self.id);
        Box::pin(blocking(move || {
            let done = work(&folder, id);
            drop(lock);
            done
        }))
    }
}

impl Lease for Held {
    fn get(&mut self) -> BoxFuture<'_, Result<Option<Entry>, StoreError>> {
        self.work(Folder::read)
    }

    fn put(&mut self, entry: Entry) -> BoxFuture<'_, Result<(), StoreError>> {
        self.work(move |folder, id| folder.write(id, &entry))
    }

    fn delete(&mut self) -> BoxFuture<'_, Result<(), StoreError>> {
        self.work(Folder::delete)
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    let runtime = Handle::try_current().map_err(|error| {
        StoreError::new(
            StoreErrorKind::Io,
            "a store of files needs a tokio runtime; use it inside one",
        )
        .with_source(error)
    })?;
    let done = runtime.spawn_blocking(work).await;
    done.unwrap_or_else(|error| {
        let message = "the runtime was shut down while a token was read or written";
        Err(StoreError::new(StoreErrorKind::Io, message).with_source(error))
    })
}
