//! [`Accounts`], where a verifier learns a user's key.

use std::collections::HashMap;
use std::fmt;

use countersign_core::{Begin, Result, Secret};

use crate::credentials::NtHash;

/// Where a verifier learns a user's NT hash: a file, a database, a directory.
pub trait Accounts: Send + Sync + 'static {
    /// The account of a user; `None` if there is none. Names are the same in any case.
    ///
    /// A store that cannot be reached fails, and the request is answered with 503.
    fn find(&self, query: Query<'_>) -> Begin<Option<Account>>;
}

/// Which account a request claims.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Query<'a> {
    /// The user's name; one in the form `user@domain` comes without a domain beside it.
    pub user: &'a str,
    /// The domain that the client named; it may be empty.
    pub domain: &'a str,
}

impl<'a> Query<'a> {
    pub(super) fn new(user: &'a str, domain: &'a str) -> Self {
        Self { user, domain }
    }
}

/// A user, and what is known of the password.
#[derive(Clone)]
pub struct Account {
    pub(super) name: String,
    pub(super) domain: Option<String>,
    pub(super) hash: NtHash,
}

impl Account {
    /// An account in whichever domain the client names.
    pub fn new(name: impl Into<String>, hash: NtHash) -> Self {
        Self {
            name: name.into(),
            domain: None,
            hash,
        }
    }

    /// The domain that it belongs to.
    #[must_use]
    pub fn domain(self, domain: impl Into<String>) -> Self {
        Self {
            domain: Some(domain.into()),
            ..self
        }
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("name", &self.name)
            .field("domain", &self.domain)
            .finish_non_exhaustive()
    }
}

/// Accounts in memory. It keeps the hashes of passwords, never a password.
#[derive(Clone, Default)]
pub struct MemoryAccounts(HashMap<Key, Account>);

/// Domain and name, in upper case.
type Key = (Option<String>, String);

impl MemoryAccounts {
    /// No accounts yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a user, or changes the password. `DOMAIN\user` is a user of that domain alone, any other one of every domain.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for a password that is not UTF-8.
    pub fn password(self, name: &str, password: impl Into<Secret>) -> Result<Self> {
        Ok(self.hash(name, NtHash::of(&password.into())?))
    }

    /// Adds a user by the NT hash of the password, as [`password`](Self::password) does.
    #[must_use]
    pub fn hash(mut self, name: &str, hash: NtHash) -> Self {
        let account = match name.split_once('\\') {
            Some((domain, name)) => Account::new(name, hash).domain(domain),
            None => Account::new(name, hash),
        };
        self.0
            .insert(key(account.domain.as_deref(), &account.name), account);
        self
    }
}

impl Accounts for MemoryAccounts {
    fn find(&self, query: Query<'_>) -> Begin<Option<Account>> {
        let find = |domain| self.0.get(&key(domain, query.user));
        Begin::ready(find(Some(query.domain)).or_else(|| find(None)).cloned())
    }
}

fn key(domain: Option<&str>, name: &str) -> Key {
    (domain.map(str::to_uppercase), name.to_uppercase())
}

impl fmt::Debug for MemoryAccounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryAccounts")
            .field("users", &self.0.len())
            .finish_non_exhaustive()
    }
}
