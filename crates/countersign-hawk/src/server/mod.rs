//! The server.

mod answer;
mod attempt;
mod bewit;
mod builder;
mod keys;

use std::fmt;
use std::sync::Arc;

use countersign_core::canonical::host;
use countersign_core::canonical::query::pairs;
use countersign_core::verify::{Reason, Verdict, Verify, authorization};
use countersign_core::{Begin, Payload, ReplayGuard, Sources};
use http::header::AUTHORIZATION;
use http::{Method, request};

use attempt::Attempt;
use bewit::Grant;
pub use builder::HawkVerifierBuilder;
pub use keys::{Caller, Keys, MemoryKeys};

use crate::credentials::{AnswerProof, Credentials};
use crate::host::Host;
use crate::message::{Authorization, Bewit, HAWK, REFUSED};

/// Whether bodies have to be signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PayloadRule {
    /// A body has to be signed, and to be the one that was signed.
    #[default]
    Required,
    /// A body that is signed has to be the one that was signed.
    Optional,
    /// Bodies are not looked at.
    Ignored,
}

/// Verifies Hawk. The principal is the [`Caller`].
///
/// A request is refused if its MAC is wrong (401), if its time is off by more than 60 seconds (401, with the server's
/// time), if its nonce was used before (401), if its body is not the signed one (401) and if it breaks the syntax (400).
/// Nothing is remembered of a request whose MAC is wrong.
#[derive(Clone)]
pub struct HawkVerifier(Arc<Server>);

/// What every request is judged by.
struct Server {
    keys: Arc<dyn Keys>,
    payload: PayloadRule,
    proof: AnswerProof,
    answer_ext: Option<Box<str>>,
    skew: u64,
    bewits: bool,
    host: Option<(Box<str>, u16)>,
    own_port: u16,
    guard: Arc<dyn ReplayGuard>,
    sources: Sources,
    /// Takes the place of a key that is not there, so that looking is no faster.
    nobody: Credentials,
}

impl HawkVerifier {
    /// Accepts these keys.
    pub fn builder(keys: impl Keys) -> HawkVerifierBuilder {
        HawkVerifierBuilder::new(Arc::new(keys))
    }
}

impl Server {
    fn host<'a>(&'a self, request: &'a request::Parts) -> Result<Host<'a>, Reason> {
        let host = match &self.host {
            Some((name, port)) => Host::read(name, Some(*port)),
            None => host::incoming(request)
                .ok()
                .and_then(|host| Host::read(host, Some(self.own_port))),
        };
        host.ok_or(Reason::Malformed)
    }

    fn has_bewit(&self, request: &request::Parts) -> bool {
        self.bewits && pairs(request.uri.query().unwrap_or_default()).any(Bewit::is)
    }

    /// The one claim of a request, in the header or in the query.
    fn claim<'a>(&self, request: &'a request::Parts) -> Result<Authorization<'a>, Reason> {
        let field = authorization(request, "hawk")?.ok_or(Reason::Missing)?;
        Authorization::read(field).ok_or(Reason::Malformed)
    }

    fn is_stale(&self, ts: u64) -> bool {
        ts.abs_diff(self.sources.unix_time()) > self.skew
    }

    fn grant(&self, request: &request::Parts) -> Result<Grant, Reason> {
        if request.headers.contains_key(AUTHORIZATION) {
            return Err(Reason::Malformed);
        }
        if !matches!(request.method, Method::GET | Method::HEAD) {
            return Err(Reason::Rejected);
        }
        Grant::new(self, request)
    }
}

impl Verify for HawkVerifier {
    type Principal = Caller;

    /// Only if all that can be judged without the body and the key is right.
    fn reads_body(&self, request: &request::Parts) -> bool {
        if self.0.has_bewit(request) {
            return false;
        }
        let claim = self.0.claim(request);
        claim.is_ok_and(|claim| !self.0.is_stale(claim.ts) && self.0.wants_body(&claim))
    }

    fn verify(&self, request: &request::Parts, body: &Payload) -> Begin<Verdict<Caller>> {
        let server = Arc::clone(&self.0);
        if server.has_bewit(request) {
            return match server.grant(request) {
                Err(reason) => Begin::ready(refuse(reason)),
                Ok(grant) => Begin::wait(async move { grant.judge(&server).await }),
            };
        }
        let claim = server.claim(request);
        match claim.and_then(|claim| Attempt::new(&server, &claim, request, body)) {
            Err(reason) => Begin::ready(refuse(reason)),
            Ok(attempt) => Begin::wait(async move { attempt.judge(&server).await }),
        }
    }
}

fn refuse<P>(reason: Reason) -> Verdict<P> {
    match reason {
        Reason::Missing => Verdict::challenge(reason, [HAWK]),
        Reason::Rejected => Verdict::challenge(reason, [REFUSED]),
        _ => Verdict::refuse(reason),
    }
}

impl fmt::Debug for HawkVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HawkVerifier")
            .field("payload", &self.0.payload)
            .field("proof", &self.0.proof)
            .field("skew", &self.0.skew)
            .finish_non_exhaustive()
    }
}
