//! [`Busy`], a store that tells whether a token in it is being renewed, so that the command does not end meanwhile.

use std::sync::LazyLock;
use std::time::Duration;

use countersign::token::{BoxFuture, Entry, FileStore, Id, Lease, Store, StoreError};
use tokio::sync::watch;
use tokio::time::timeout;

/// How long the command waits at its end for a renewal that is under way. The server may have replaced the refresh token
/// already, and what takes its place is to be stored.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

/// How many renewals are under way.
static RENEWALS: LazyLock<watch::Sender<usize>> = LazyLock::new(watch::Sender::default);

/// Waits for the renewals that are under way, for a time.
pub(crate) async fn rest() {
    let mut renewals = RENEWALS.subscribe();
    drop(timeout(PATIENCE, renewals.wait_for(|count| *count == 0)).await);
}

/// Files whose leases count as renewals, as long as there is a refresh token to lose.
#[derive(Clone)]
pub(crate) struct Busy(FileStore);

impl Busy {
    pub(super) fn new(files: FileStore) -> Self {
        Self(files)
    }
}

impl Store for Busy {
    fn get(&self, id: Id) -> BoxFuture<'_, Result<Option<Entry>, StoreError>> {
        self.0.get(id)
    }

    fn list(&self) -> BoxFuture<'_, Result<Vec<Entry>, StoreError>> {
        self.0.list()
    }

    fn lock(&self, id: Id) -> BoxFuture<'_, Result<Box<dyn Lease>, StoreError>> {
        Box::pin(async move {
            let (lease, renewal) = (self.0.lock(id).await?, None);
            Ok(Box::new(Renewing { renewal, lease }) as Box<dyn Lease>)
        })
    }
}

struct Renewing {
    /// Over before the lease is.
    renewal: Option<Renewal>,
    lease: Box<dyn Lease>,
}

impl Lease for Renewing {
    fn get(&mut self) -> BoxFuture<'_, Result<Option<Entry>, StoreError>> {
        Box::pin(async move {
            let entry = self.lease.get().await?;
            let can_be_lost = entry.as_ref().is_some_and(Entry::is_refreshable);
            self.renewal = can_be_lost.then(Renewal::begin);
            Ok(entry)
        })
    }

    fn put(&mut self, entry: Entry) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async move {
            self.lease.put(entry).await?;
            self.renewal = None;
            Ok(())
        })
    }

    fn delete(&mut self) -> BoxFuture<'_, Result<(), StoreError>> {
        self.lease.delete()
    }
}

/// One of those that are counted.
struct Renewal;

impl Renewal {
    fn begin() -> Self {
        RENEWALS.send_modify(|count| *count += 1);
        Self
    }
}

impl Drop for Renewal {
    fn drop(&mut self) {
        RENEWALS.send_modify(|count| *count -= 1);
    }
}
