//! [`Accounts`], where a verifier learns a user's key.

use std::collections::HashMap;
use std::fmt;

use countersign_core::{Begin, Error, Result, Secret};

use crate::algorithm::Algorithm;
use crate::calculation::Ha1;
use crate::credentials::has_control;

/// Where a verifier learns a user's key: a file, a database, a directory.
pub trait Accounts: Send + Sync + 'static {
    /// The account of a user; `None` if there is none, or none with a key for this algorithm.
    ///
    /// A store that cannot be reached fails, and the request is answered with 503.
    fn find(&self, query: Query<'_>) -> Begin<Option<Account>>;
}

/// Which account a request claims.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Query<'a> {
    /// The user.
    pub user: User<'a>,
    /// The verifier's realm.
    pub realm: &'a str,
    /// The algorithm, never a `-sess` form.
    pub algorithm: Algorithm,
}

impl<'a> Query<'a> {
    pub(super) fn new(user: User<'a>, realm: &'a str, algorithm: Algorithm) -> Self {
        Self {
            user,
            realm,
            algorithm: algorithm.plain(),
        }
    }
}

/// How a request names its user.
#[derive(Clone, Copy, Debug)]
pub enum User<'a> {
    /// By name.
    Name(&'a str),
    /// By [`Algorithm::userhash`], only where the verifier asks for that.
    Hash(&'a str),
}

/// A user, and what is known of the password.
#[derive(Clone)]
pub struct Account {
    pub(super) name: String,
    pub(super) key: Key,
}

#[derive(Clone)]
pub(super) enum Key {
    Password(Secret),
    Ha1(Ha1),
}

impl Account {
    /// An account of which the password is known.
    pub fn with_password(name: impl Into<String>, password: impl Into<Secret>) -> Self {
        Self {
            name: name.into(),
            key: Key::Password(password.into()),
        }
    }

    /// An account of which [`Algorithm::ha1`] is known, in lower-case hexadecimal.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) if it is no such hash.
    pub fn with_ha1(name: impl Into<String>, ha1: &str) -> Result<Self> {
        let ha1 = Ha1::read(ha1).ok_or_else(no_hash)?;
        Ok(Self {
            name: name.into(),
            key: Key::Ha1(ha1),
        })
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// Accounts in memory. It never keeps a password, only its hashes.
#[derive(Clone, Default)]
pub struct MemoryAccounts {
    realm: String,
    keys: HashMap<String, HashMap<Algorithm, Ha1>>,
    names: HashMap<String, String>,
}

const PLAIN: [Algorithm; 4] = [
    Algorithm::Md5,
    Algorithm::Sha256,
    Algorithm::Sha512_256,
    Algorithm::Sha512,
];

impl MemoryAccounts {
    /// No accounts yet; `realm` must be the verifier's.
    pub fn new(realm: impl Into<String>) -> Self {
        Self {
            realm: realm.into(),
            ..Self::default()
        }
    }

    /// Adds a user, or changes the password, for every algorithm.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for a control character.
    pub fn password(mut self, name: &str, password: impl Into<Secret>) -> Result<Self> {
        let password = password.into();
        for algorithm in PLAIN {
            let ha1 = Ha1::new(algorithm.function(), name, self.realm.as_bytes(), &password);
            self.insert(name, algorithm, ha1)?;
        }
        Ok(self)
    }

    /// Adds a user's [`Algorithm::ha1`] for one algorithm, in lower-case hexadecimal.
    ///
    /// # Errors
    ///
    /// As for [`password`](Self::password), and if it is no hash of that algorithm.
    pub fn ha1(mut self, name: &str, algorithm: Algorithm, ha1: &str) -> Result<Self> {
        let length = algorithm.function().hash(&[]).len();
        let ha1 = Ha1::read(ha1)
            .filter(|_| ha1.len() == length)
            .ok_or_else(no_hash)?;
        self.insert(name, algorithm.plain(), ha1)?;
        Ok(self)
    }

    /// Adds the users of a file as `htdigest` writes it: lines of `user:realm:hash`, with MD5. Those of other realms
    /// and empty lines are passed over.
    ///
    /// # Errors
    ///
    /// As for [`ha1`](Self::ha1), and for a line of another form.
    pub fn htdigest(mut self, file: &str) -> Result<Self> {
        for line in file.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let fields = line.split_once(':').and_then(|(name, rest)| {
                rest.rsplit_once(':')
                    .map(|(realm, hash)| (name, realm, hash))
            });
            let (name, realm, hash) = fields.ok_or_else(|| {
                Error::configuration("a line of an htdigest file is not user:realm:hash")
            })?;
            if realm == self.realm {
                self = self.ha1(name, Algorithm::Md5, hash)?;
            }
        }
        Ok(self)
    }

    fn insert(&mut self, name: &str, algorithm: Algorithm, ha1: Ha1) -> Result<()> {
        if has_control(name.as_bytes()) {
            return Err(Error::configuration(
                "a user name holds a control character: take it out",
            ));
        }
        self.names
            .insert(algorithm.userhash(name, &self.realm), name.to_owned());
        self.keys
            .entry(name.to_owned())
            .or_default()
            .insert(algorithm, ha1);
        Ok(())
    }

    fn name<'a>(&'a self, user: User<'a>) -> Option<&'a str> {
        match user {
            User::Name(name) => Some(name),
            User::Hash(hash) => self.names.get(hash).map(String::as_str),
        }
    }
}

impl Accounts for MemoryAccounts {
    fn find(&self, query: Query<'_>) -> Begin<Option<Account>> {
        let found = self
            .name(query.user)
            .filter(|_| query.realm == self.realm)
            .and_then(|name| {
                let ha1 = self.keys.get(name)?.get(&query.algorithm)?;
                Some(Account {
                    name: name.to_owned(),
                    key: Key::Ha1(ha1.clone()),
                })
            });
        Begin::ready(found)
    }
}

impl fmt::Debug for MemoryAccounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryAccounts")
            .field("realm", &self.realm)
            .field("users", &self.keys.len())
            .finish_non_exhaustive()
    }
}

fn no_hash() -> Error {
    Error::configuration("not H(user:realm:password) in lower-case hexadecimal for this algorithm")
}
