//! The server.

mod accounts;
mod answer;
mod attempt;
mod builder;
mod nonce;
mod target;

use std::fmt;
use std::sync::Arc;

use countersign_core::challenge::{self, Param, parse_credentials};
use countersign_core::verify::{Reason, Verdict, Verify, authorization};
use countersign_core::{Begin, Error, Payload, ReplayGuard, Result, Secret, Sources};
use http::{HeaderValue, request};

pub use accounts::{Account, Accounts, MemoryAccounts, Query, User};
use attempt::Attempt;
pub use builder::DigestVerifierBuilder;
use nonce::Nonces;

use crate::algorithm::Algorithm;
use crate::message::{Asked, Authorization, Qop};

/// Verifies Digest credentials: RFC 7616, and RFC 2069 where that is allowed.
///
/// A nonce is never stored: it carries its time, 128 random bits and an authenticator under the verifier's key, and
/// is good for one algorithm and realm. What is stored, in a [`ReplayGuard`], are the counts of requests whose
/// response was right. The principal is the user's name.
#[derive(Clone)]
pub struct DigestVerifier(Arc<Server>);

/// What every request is judged by.
struct Server {
    realm: String,
    accounts: Arc<dyn Accounts>,
    algorithms: Vec<Algorithm>,
    auth: bool,
    auth_int: bool,
    rfc2069: bool,
    userhash: bool,
    nonces: Nonces,
    guard: Arc<dyn ReplayGuard>,
    sources: Sources,
    /// Takes the place of the password of a user that is not there, so that looking is no faster.
    nobody: Secret,
}

impl DigestVerifier {
    /// A verifier for `realm`; it offers SHA-256, then MD5, with `qop=auth`.
    pub fn builder(realm: impl Into<String>, accounts: impl Accounts) -> DigestVerifierBuilder {
        DigestVerifierBuilder::new(realm.into(), Arc::new(accounts))
    }
}

impl Server {
    fn offers(&self, qop: Qop) -> bool {
        match qop {
            Qop::Auth => self.auth,
            Qop::AuthInt => self.auth_int,
        }
    }

    /// Each algorithm in a field of its own, in the order of preference: RFC 7616, section 3.7.
    fn challenges(&self, stale: bool) -> Result<Vec<HeaderValue>> {
        self.algorithms
            .iter()
            .map(|algorithm| self.challenge(*algorithm, stale))
            .collect()
    }

    fn challenge(&self, algorithm: Algorithm, stale: bool) -> Result<HeaderValue> {
        let nonce = self.nonces.issue(algorithm, &self.sources)?;
        let params = [
            Some(Param::quoted("realm", &self.realm)),
            Some(Param::quoted("qop", self.qop_list())),
            Some(Param::token("algorithm", algorithm.name())),
            Some(Param::quoted("nonce", &nonce)),
            Some(Param::token("charset", "UTF-8")),
            self.userhash.then(|| Param::token("userhash", "true")),
            stale.then(|| Param::token("stale", "true")),
        ];
        let line = challenge::write("Digest", params.iter().flatten());
        line.map_err(|error| Error::configuration("the realm cannot be sent").with_source(error))
    }

    fn qop_list(&self) -> &'static str {
        match (self.auth, self.auth_int) {
            (true, true) => "auth, auth-int",
            (false, true) => "auth-int",
            _ => "auth",
        }
    }

    /// Refuses a request; a 401 says how it could be let through.
    fn refuse<P>(&self, reason: Reason, stale: bool) -> Result<Verdict<P>> {
        match reason {
            Reason::Missing | Reason::Rejected => {
                Ok(Verdict::challenge(reason, self.challenges(stale)?))
            }
            _ => Ok(Verdict::refuse(reason)),
        }
    }

    /// What is left to judge of a request once its form is checked.
    fn read(&self, request: &request::Parts, body: &Payload) -> Result<Attempt, Reason> {
        let field = authorization(request, "digest").map_err(|reason| too_long(request, reason))?;
        let field = field.ok_or(Reason::Missing)?;
        let credentials = parse_credentials(field).map_err(|_| Reason::Malformed)?;
        let given = Authorization::read(&credentials).ok_or(Reason::Malformed)?;
        Attempt::new(self, &given, request, body)
    }
}

/// Digest credentials that are longer than any field may be are not credentials; other fields may just be large.
fn too_long(request: &request::Parts, reason: Reason) -> Reason {
    let field = request.headers.get(http::header::AUTHORIZATION);
    let start = field.and_then(|field| field.as_bytes().get(..7));
    match start {
        Some(start) if start.eq_ignore_ascii_case(b"digest ") => Reason::Malformed,
        _ => reason,
    }
}

impl Verify for DigestVerifier {
    type Principal = String;

    fn reads_body(&self, request: &request::Parts) -> bool {
        let Ok(Some(field)) = authorization(request, "digest") else {
            return false;
        };
        let credentials = parse_credentials(field);
        let given = credentials.as_ref().ok().and_then(Authorization::read);
        self.0.auth_int && given.is_some_and(|given| given.qop == Asked::For(Qop::AuthInt))
    }

    fn verify(&self, request: &request::Parts, body: &Payload) -> Begin<Verdict<String>> {
        match self.0.read(request, body) {
            Err(reason) => Begin::from(self.0.refuse(reason, false)),
            Ok(attempt) => {
                let server = Arc::clone(&self.0);
                Begin::wait(async move { attempt.judge(server).await })
            }
        }
    }
}

impl fmt::Debug for DigestVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DigestVerifier")
            .field("realm", &self.0.realm)
            .field("algorithms", &self.0.algorithms)
            .field("qop", &self.0.qop_list())
            .finish_non_exhaustive()
    }
}
