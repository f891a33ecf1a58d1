//! [`Identity`].

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Weak};

use crate::fingerprint::Fingerprint;

/// Whose connections they are. Clones are the same identity; when the last one is dropped, its idle lanes are closed.
#[derive(Clone)]
pub struct Identity(Arc<Inner>);

pub(super) struct Inner(Fingerprint);

static DROPPED: AtomicUsize = AtomicUsize::new(0);

/// How many identities were dropped so far, so that pools look for them only where that has changed.
pub(super) fn dropped() -> usize {
    DROPPED.load(Ordering::Acquire)
}

impl Drop for Inner {
    fn drop(&mut self) {
        DROPPED.fetch_add(1, Ordering::Release);
    }
}

impl Identity {
    /// An identity that is told apart by whatever makes up its credentials.
    pub fn of(credentials: impl AsRef<[u8]>) -> Self {
        Self(Arc::new(Inner(Fingerprint::of(credentials))))
    }

    pub(super) fn key(&self) -> [u8; 32] {
        self.0.0.bytes()
    }

    pub(super) fn watch(&self) -> Weak<Inner> {
        Arc::downgrade(&self.0)
    }
}

impl PartialEq for Identity {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.0 == other.0.0
    }
}

impl Eq for Identity {}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity")
    }
}
