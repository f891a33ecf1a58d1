//! [`Identity`].

use std::fmt;
use std::sync::{Arc, Weak};

use crate::fingerprint::Fingerprint;

/// Whose connections they are. Clones are the same identity; when the last one is dropped, its idle lanes are closed.
#[derive(Clone)]
pub struct Identity(Arc<Fingerprint>);

impl Identity {
    /// An identity that is told apart by whatever makes up its credentials.
    pub fn of(credentials: impl AsRef<[u8]>) -> Self {
        Self(Arc::new(Fingerprint::of(credentials)))
    }

    pub(super) fn key(&self) -> Fingerprint {
        *self.0
    }

    pub(super) fn watch(&self) -> Weak<Fingerprint> {
        Arc::downgrade(&self.0)
    }
}

impl PartialEq for Identity {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl Eq for Identity {}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity")
    }
}
