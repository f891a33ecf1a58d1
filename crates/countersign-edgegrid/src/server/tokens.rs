//! [`Tokens`], where a verifier learns a client's secret.

use std::collections::HashMap;
use std::fmt;

use countersign_core::Begin;

use crate::credentials::Credentials;

/// The clients that a verifier knows: a file, a database, a service that issues credentials.
pub trait Tokens: Send + Sync + 'static {
    /// The credentials of a client token with an access token; `None` if there are none.
    ///
    /// A store that cannot be reached fails, and the request is answered with 503.
    fn find(&self, client_token: &str, access_token: &str) -> Begin<Option<Credentials>>;
}

/// Credentials in memory.
#[derive(Clone, Default)]
pub struct MemoryTokens(HashMap<(String, String), Credentials>);

impl MemoryTokens {
    /// These credentials; of two with the same tokens the last one counts.
    pub fn new(credentials: impl IntoIterator<Item = Credentials>) -> Self {
        let named = |one: Credentials| (tokens(one.client_token(), one.access_token()), one);
        Self(credentials.into_iter().map(named).collect())
    }
}

fn tokens(client: &str, access: &str) -> (String, String) {
    (client.to_owned(), access.to_owned())
}

impl Tokens for MemoryTokens {
    fn find(&self, client_token: &str, access_token: &str) -> Begin<Option<Credentials>> {
        Begin::ready(self.0.get(&tokens(client_token, access_token)).cloned())
    }
}

impl fmt::Debug for MemoryTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryTokens")
            .field("len", &self.0.len())
            .finish_non_exhaustive()
    }
}
