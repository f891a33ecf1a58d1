//! [`AccessKeys`], where a verifier learns the secret of an access key.

use std::collections::HashMap;
use std::fmt;

use countersign_core::{Begin, Secret};

use crate::credentials::Credentials;

/// The access keys that a verifier knows: a file, a database, a service that makes temporary ones.
pub trait AccessKeys: Send + Sync + 'static {
    /// The credentials of an access key; `None` if there are none.
    ///
    /// A session token in the answer has to be the one that the request has. A store that cannot be reached fails, and
    /// the request is answered with 503.
    fn find(&self, query: KeyQuery<'_>) -> Begin<Option<Credentials>>;
}

/// Which access key a request claims.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct KeyQuery<'a> {
    /// Its id.
    pub access_key_id: &'a str,
    /// The session token that came with it, which is not checked yet.
    pub session_token: Option<&'a Secret>,
}

impl<'a> KeyQuery<'a> {
    pub(super) fn new(access_key_id: &'a str, session_token: Option<&'a Secret>) -> Self {
        Self {
            access_key_id,
            session_token,
        }
    }
}

/// Access keys in memory.
#[derive(Clone, Default)]
pub struct MemoryKeys(HashMap<String, Credentials>);

impl MemoryKeys {
    /// These keys; of two with the same id the last one counts.
    pub fn new(keys: impl IntoIterator<Item = Credentials>) -> Self {
        let named = |key: Credentials| (key.access_key_id().to_owned(), key);
        Self(keys.into_iter().map(named).collect())
    }
}

impl AccessKeys for MemoryKeys {
    fn find(&self, query: KeyQuery<'_>) -> Begin<Option<Credentials>> {
        Begin::ready(self.0.get(query.access_key_id).cloned())
    }
}

impl fmt::Debug for MemoryKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryKeys")
            .field("len", &self.0.len())
            .finish_non_exhaustive()
    }
}
