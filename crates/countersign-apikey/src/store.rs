//! [`Keys`], what a server knows of the keys that were given out.

use std::collections::HashMap;
use std::fmt;

use countersign_core::{Begin, Fingerprint, Secret};

/// The keys that a server takes. Implement it over a database.
pub trait Keys: Send + Sync + 'static {
    /// The label under which this key was given out; `None` if it is unknown or revoked. At most 8 KiB are passed.
    /// Look for a hash of the key, not for the key, so that time tells nothing.
    ///
    /// # Errors
    ///
    /// Keys that cannot be looked up now fail the request with 503.
    fn find(&self, key: Secret) -> Begin<Option<String>>;
}

/// Keys in memory, kept as fingerprints.
#[derive(Clone)]
pub struct MemoryKeys(HashMap<Fingerprint, String>);

impl MemoryKeys {
    /// Keys, each with its label.
    pub fn new<K: AsRef<[u8]>, L: Into<String>>(keys: impl IntoIterator<Item = (K, L)>) -> Self {
        Self(
            keys.into_iter()
                .map(|(key, label)| (Fingerprint::of(key), label.into()))
                .collect(),
        )
    }
}

impl Keys for MemoryKeys {
    fn find(&self, key: Secret) -> Begin<Option<String>> {
        Begin::ready(self.0.get(&Fingerprint::of(key.expose())).cloned())
    }
}

impl fmt::Debug for MemoryKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryKeys")
            .field("len", &self.0.len())
            .finish_non_exhaustive()
    }
}
