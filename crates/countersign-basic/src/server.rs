//! The server: checks user name and password against accounts.

use std::collections::HashMap;
use std::fmt;

use countersign_core::verify::{Reason, Verdict, Verify, authorization};
use countersign_core::{Begin, Fingerprint, Payload, Result, Secret};
use http::{HeaderValue, request};

use crate::message::{self, Login, SCHEME};

/// The longest password that is given to [`Accounts`], in bytes: a slow hash must not run over more.
const MAX_PASSWORD: usize = 1 << 10;

/// Who may log in. Implement it over a database or a password hash such as argon2.
pub trait Accounts: Send + Sync + 'static {
    /// Whether `password` is that of `username`; the name is compared as it is, case and all. At most 1 KiB is
    /// passed.
    ///
    /// An unknown user must cost what a known one does: check the password against a fixed hash, then say no.
    /// A slow hash belongs on a thread of its own, awaited in [`Begin::wait`].
    ///
    /// # Errors
    ///
    /// Accounts that cannot be asked now fail the request with 503.
    fn check(&self, username: &str, password: Secret) -> Begin<bool>;
}

/// Accounts in memory, kept as fingerprints. For passwords that people choose, keep salted hashes instead and
/// implement [`Accounts`] over them.
#[derive(Clone)]
pub struct MemoryAccounts {
    passwords: HashMap<String, Fingerprint>,
    nobody: Fingerprint,
}

impl MemoryAccounts {
    /// MemoryAccounts by name, each with a password.
    pub fn new<N: Into<String>, P: AsRef<[u8]>>(users: impl IntoIterator<Item = (N, P)>) -> Self {
        let account = |(name, password): (N, P)| (name.into(), Fingerprint::of(password));
        let passwords = users.into_iter().map(account).collect();
        Self {
            passwords,
            nobody: Fingerprint::of([]),
        }
    }
}

impl Accounts for MemoryAccounts {
    fn check(&self, username: &str, password: Secret) -> Begin<bool> {
        let shown = Fingerprint::of(password.expose());
        let known = self.passwords.get(username);
        let matches = shown == *known.unwrap_or(&self.nobody);
        Begin::ready(matches & known.is_some())
    }
}

impl fmt::Debug for MemoryAccounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryAccounts")
            .field("len", &self.passwords.len())
            .finish_non_exhaustive()
    }
}

/// Demands Basic. The principal is the user's name; whatever is wrong, the challenge is the same.
#[derive(Clone, Debug)]
pub struct BasicVerifier<A> {
    accounts: A,
    challenge: HeaderValue,
}

impl<A: Accounts> BasicVerifier<A> {
    /// A verifier whose challenge names `realm` and asks for UTF-8.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for a control character in `realm`.
    pub fn new(realm: &str, accounts: A) -> Result<Self> {
        Ok(Self {
            accounts,
            challenge: message::challenge(realm)?,
        })
    }
}

impl<A: Accounts> Verify for BasicVerifier<A> {
    type Principal = String;

    fn verify(&self, request: &request::Parts, _: &Payload) -> Begin<Verdict<String>> {
        let challenge = self.challenge.clone();
        let Login { username, password } = match login(request) {
            Ok(login) => login,
            Err(reason) => return Begin::ready(Verdict::challenge(reason, [challenge])),
        };
        let checked = self.accounts.check(&username, password);
        checked.map(|matches| match matches {
            true => Verdict::accept("basic", username),
            false => Verdict::challenge(Reason::Rejected, [challenge]),
        })
    }
}

fn login(request: &request::Parts) -> Result<Login, Reason> {
    let value = authorization(request, SCHEME)?.ok_or(Reason::Missing)?;
    let login = message::read(value)?;
    match login.password.expose().len() {
        0..=MAX_PASSWORD => Ok(login),
        _ => Err(Reason::Rejected),
    }
}
