//! [`Attempt`], credentials that only the user's key can settle.

use std::sync::Arc;

use countersign_core::verify::{Reason, Verdict};
use countersign_core::{Payload, Result, Use, Used};
use http::request;
use subtle::ConstantTimeEq;

use super::Server;
use super::accounts::{Account, Key, Query, User};
use super::answer::Proof;
use super::target::is_target_of;
use crate::algorithm::Algorithm;
use crate::calculation::{Count, Ha1, Keyed, ha2};
use crate::hash::{Hex, eight_digits};
use crate::message::{Asked, Authorization, Qop, Username};

/// What is judged, apart from the request that it came with.
pub(super) struct Attempt {
    user: String,
    hashed: bool,
    algorithm: Algorithm,
    nonce: Vec<u8>,
    issued: u64,
    uri: Vec<u8>,
    qop: Option<Qop>,
    cnonce: Vec<u8>,
    nc: u32,
    response: Vec<u8>,
    ha2: Hex,
}

impl Attempt {
    /// Checks all that can be checked without the user's key.
    pub(super) fn new(
        server: &Server,
        given: &Authorization<'_>,
        request: &request::Parts,
        body: &Payload,
    ) -> Result<Self, Reason> {
        if !is_target_of(given.uri, request) {
            return Err(Reason::Malformed);
        }
        let qop = server.admitted_qop(given)?;
        let algorithm = server.admitted_algorithm(given)?;
        let issued = server
            .nonces
            .issued_at(given.nonce, algorithm)
            .ok_or(Reason::Rejected)?;
        let (user, hashed) = server.admitted_user(given)?;
        let body = match qop {
            Some(Qop::AuthInt) => Some(body.bytes().ok_or(Reason::Unavailable)?),
            _ => None,
        };
        let method = request.method.as_str();
        Ok(Self {
            user,
            hashed,
            algorithm,
            nonce: given.nonce.into(),
            issued,
            uri: given.uri.into(),
            qop,
            cnonce: given.cnonce.into(),
            nc: given.nc,
            response: given.response.into(),
            ha2: ha2(algorithm.function(), method, given.uri, body),
        })
    }

    /// The nonce is spent last, and only by a right response.
    pub(super) async fn judge(self, server: Arc<Server>) -> Result<Verdict<String>> {
        let account = server.accounts.find(self.query(&server)).await?;
        let keyed = self.keyed(&server, account.as_ref());
        let expected = keyed.response(self.count(), &self.ha2);
        let right = bool::from(expected.ct_eq(&self.response));
        let Some(account) = account.filter(|_| right) else {
            return server.refuse(Reason::Rejected, false);
        };
        let now = server.sources.unix_time();
        if now > server.nonces.expires(self.issued) {
            return server.refuse(Reason::Rejected, true);
        }
        match server.guard.record(self.used(&server, now)).await? {
            Used::First => self.accept(&server, account, keyed, now),
            Used::Again => server.refuse(Reason::Rejected, self.qop.is_none()),
            Used::TooOld => server.refuse(Reason::Rejected, true),
            _ => server.refuse(Reason::Unavailable, false),
        }
    }

    fn query<'a>(&'a self, server: &'a Server) -> Query<'a> {
        let user = if self.hashed {
            User::Hash(&self.user)
        } else {
            User::Name(&self.user)
        };
        Query::new(user, &server.realm, self.algorithm)
    }

    /// Costs the same whoever the user is: a password is hashed though there is none.
    fn keyed(&self, server: &Server, account: Option<&Account>) -> Keyed {
        let function = self.algorithm.function();
        let (name, key) = match account {
            Some(Account { name, key }) => (name, Some(key)),
            None => (&self.user, None),
        };
        let password = match key {
            Some(Key::Password(password)) => password,
            _ => &server.nobody,
        };
        let from_password = Ha1::new(function, name, server.realm.as_bytes(), password);
        let ha1 = match key {
            Some(Key::Ha1(ha1)) => ha1,
            _ => &from_password,
        };
        match self.algorithm.is_session() {
            true => Keyed::new(
                function,
                &ha1.session(function, &self.nonce, &self.cnonce),
                &self.nonce,
            ),
            false => Keyed::new(function, ha1, &self.nonce),
        }
    }

    fn count(&self) -> Option<Count<'_>> {
        let nc = eight_digits(self.nc);
        self.qop.map(|qop| Count {
            nc,
            cnonce: &self.cnonce,
            qop,
        })
    }

    /// A use without a count is the last one of its nonce.
    fn used(&self, server: &Server, now: u64) -> Use<'_> {
        let count = if self.qop.is_some() {
            self.nc
        } else {
            u32::MAX
        };
        Use {
            nonce: &self.nonce,
            count,
            now,
            expires: server.nonces.expires(self.issued),
        }
    }

    fn accept(
        self,
        server: &Server,
        account: Account,
        keyed: Keyed,
        now: u64,
    ) -> Result<Verdict<String>> {
        let renew = self.qop.is_none() || server.nonces.ends_soon(self.issued, now);
        let nextnonce = match renew {
            true => Some(server.nonces.issue(self.algorithm, &server.sources)?),
            false => None,
        };
        let proof = Proof {
            function: self.algorithm.function(),
            keyed,
            uri: self.uri,
            qop: self.qop,
            nc: eight_digits(self.nc),
            cnonce: self.cnonce,
            nextnonce,
        };
        Ok(Verdict::accept_with("digest", account.name, proof))
    }
}

impl Server {
    fn admitted_qop(&self, given: &Authorization<'_>) -> Result<Option<Qop>, Reason> {
        match given.qop {
            Asked::For(qop) if self.offers(qop) => Ok(Some(qop)),
            Asked::Nothing if self.rfc2069 => Ok(None),
            _ => Err(Reason::Rejected),
        }
    }

    fn admitted_algorithm(&self, given: &Authorization<'_>) -> Result<Algorithm, Reason> {
        let offered = |algorithm: &Algorithm| self.algorithms.contains(algorithm);
        let here = given.realm == self.realm.as_bytes();
        given
            .algorithm
            .filter(offered)
            .filter(|_| here)
            .ok_or(Reason::Rejected)
    }

    /// The user as named, and whether by a hash.
    fn admitted_user(&self, given: &Authorization<'_>) -> Result<(String, bool), Reason> {
        match &given.username {
            Username::Name(name) => Ok((name.clone().into_owned(), false)),
            Username::Hash(hash) if self.userhash => Ok(((*hash).to_owned(), true)),
            Username::Hash(_) => Err(Reason::Rejected),
        }
    }
}
