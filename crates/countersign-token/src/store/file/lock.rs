//! Waiting for a token's lock, in a thread that gives up when nobody waits any more.

use std::fs::File;
use std::io::ErrorKind;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use fs4::{FileExt, TryLockError};

use super::access;
use super::folder::{self, Folder};
use crate::id::Id;
use crate::store::{StoreError, StoreErrorKind};

const SHORTEST: Duration = Duration::from_millis(1);
const LONGEST: Duration = Duration::from_millis(50);

/// Whoever waits for a lock holds this; when it is dropped the waiting ends.
#[derive(Default)]
pub(super) struct Patience(Arc<AtomicBool>);

impl Patience {
    /// Becomes true when the waiting is over.
    pub(super) fn watched(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.0)
    }
}

impl Drop for Patience {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// The lock of `id`; it is held until the file is closed.
pub(super) fn acquire(folder: &Folder, id: Id, over: &AtomicBool) -> Result<File, StoreError> {
    folder.prepare()?;
    let mut pause = SHORTEST;
    while !over.load(Ordering::Relaxed) {
        if let Some(file) = attempt(folder, id)? {
            return Ok(file);
        }
        thread::sleep(pause);
        pause = LONGEST.min(pause * 2);
    }
    let message = "nobody waits for the lock any more";
    Err(StoreError::new(StoreErrorKind::Io, message))
}

fn attempt(folder: &Folder, id: Id) -> Result<Option<File>, StoreError> {
    let file = folder::open_lock(folder, id)?;
    match FileExt::try_lock(&file) {
        Ok(()) => current(file, folder, id),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => {
            Err(folder::failed("locking", &folder.lock_file(id), error))
        }
    }
}

/// Not a lock that its last holder removed meanwhile.
fn current(file: File, folder: &Folder, id: Id) -> Result<Option<File>, StoreError> {
    let path = folder.lock_file(id);
    match access::is_at(&file, &path) {
        Ok(current) => Ok(current.then_some(file)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(folder::failed("locking", &path, error)),
    }
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;
    use crate::key::Key;

    #[test]
    fn a_lock_that_was_removed_meanwhile_is_none() {
        let path = tempfile::tempdir().unwrap();
        let folder = Folder::new(path.path().join("tokens"));
        let id = Key::builder().build().id();
        folder.prepare().unwrap();
        let open = || folder::open_lock(&folder, id).unwrap();
        let removed = open();
        assert!(
            current(removed.try_clone().unwrap(), &folder, id)
                .unwrap()
                .is_some()
        );
        std::fs::remove_file(folder.lock_file(id)).unwrap();
        assert!(
            current(removed.try_clone().unwrap(), &folder, id)
                .unwrap()
                .is_none()
        );
        let next = open();
        assert!(current(removed, &folder, id).unwrap().is_none());
        assert!(current(next, &folder, id).unwrap().is_some());
    }
}
