//! [`Tokens`], what a server knows of the tokens that were given out.

use std::collections::HashMap;
use std::fmt;

use countersign_core::{Begin, Fingerprint, Secret};

/// Whom a token speaks for, and for what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant<P> {
    pub(crate) principal: P,
    scope: String,
}

impl<P> Grant<P> {
    /// A token of this principal, without a scope.
    pub fn new(principal: P) -> Self {
        Self {
            principal,
            scope: String::new(),
        }
    }

    /// The scope that was granted, names separated by spaces (RFC 6749 section 3.3).
    #[must_use]
    pub fn scope(self, scope: impl Into<String>) -> Self {
        Self {
            scope: scope.into(),
            ..self
        }
    }

    pub(crate) fn covers(&self, required: &str) -> bool {
        let granted = |name| self.scope.split(' ').any(|granted| granted == name);
        required
            .split(' ')
            .filter(|name| !name.is_empty())
            .all(granted)
    }
}

/// The tokens that a server takes. Implement it over a database, or over introspection (RFC 7662).
pub trait Tokens: Send + Sync + 'static {
    /// Whom a token speaks for.
    type Principal: Clone + Send + Sync + 'static;

    /// What this token grants; `None` if it is unknown, expired or revoked. At most 16 KiB of the grammar of
    /// RFC 6750 section 2.1 are passed. Look for a hash of the token, not for the token, so that time tells nothing.
    ///
    /// # Errors
    ///
    /// Tokens that cannot be looked up now fail the request with 503.
    fn find(&self, token: Secret) -> Begin<Option<Grant<Self::Principal>>>;
}

/// Tokens in memory, kept as fingerprints.
#[derive(Clone)]
pub struct MemoryTokens<P>(HashMap<Fingerprint, Grant<P>>);

impl<P> MemoryTokens<P> {
    /// Tokens, each with what it grants.
    pub fn new<T: AsRef<[u8]>>(tokens: impl IntoIterator<Item = (T, Grant<P>)>) -> Self {
        Self(
            tokens
                .into_iter()
                .map(|(token, grant)| (Fingerprint::of(token), grant))
                .collect(),
        )
    }
}

impl<P: Clone + Send + Sync + 'static> Tokens for MemoryTokens<P> {
    type Principal = P;

    fn find(&self, token: Secret) -> Begin<Option<Grant<P>>> {
        Begin::ready(self.0.get(&Fingerprint::of(token.expose())).cloned())
    }
}

impl<P> fmt::Debug for MemoryTokens<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryTokens")
            .field("len", &self.0.len())
            .finish_non_exhaustive()
    }
}
