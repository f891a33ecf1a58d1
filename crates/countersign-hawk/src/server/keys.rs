//! [`Keys`], where a verifier learns a key, and [`Caller`], who used it.

use std::collections::HashMap;
use std::fmt;

use countersign_core::Begin;

use crate::credentials::Credentials;

/// The keys that a verifier knows: a file, a database, a service that issues them.
pub trait Keys: Send + Sync + 'static {
    /// The credentials with this id; `None` if there are none.
    ///
    /// A store that cannot be reached fails, and the request is answered with 503.
    fn find(&self, id: &str) -> Begin<Option<Credentials>>;
}

/// Who sent a request, and what the request says that is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Caller {
    /// The id of the key.
    pub id: String,
    /// The application's own data.
    pub ext: Option<String>,
    /// The application that the key is used by.
    pub app: Option<String>,
    /// The application that delegated it.
    pub dlg: Option<String>,
}

impl Caller {
    pub(super) fn new(id: &str, ext: Option<&str>) -> Self {
        Self {
            id: id.to_owned(),
            ext: ext.map(str::to_owned),
            app: None,
            dlg: None,
        }
    }
}

/// Keys in memory.
#[derive(Clone, Default)]
pub struct MemoryKeys(HashMap<String, Credentials>);

impl MemoryKeys {
    /// These keys; of two with the same id the last one counts.
    pub fn new(keys: impl IntoIterator<Item = Credentials>) -> Self {
        let named = |key: Credentials| (key.id().to_owned(), key);
        Self(keys.into_iter().map(named).collect())
    }
}

impl Keys for MemoryKeys {
    fn find(&self, id: &str) -> Begin<Option<Credentials>> {
        Begin::ready(self.0.get(id).cloned())
    }
}

impl fmt::Debug for MemoryKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryKeys")
            .field("len", &self.0.len())
            .finish_non_exhaustive()
    }
}
