//! The server.

mod attempt;
mod builder;
mod tokens;

use std::fmt;
use std::sync::Arc;

use countersign_core::verify::{Reason, Verdict, Verify};
use countersign_core::{Begin, Payload, ReplayGuard, Sources};
use http::header::HeaderName;
use http::uri::Scheme;
use http::{HeaderValue, Method, request};

use attempt::Attempt;
pub use builder::EdgeGridVerifierBuilder;
pub use tokens::{MemoryTokens, Tokens};

use crate::credentials::Credentials;
use crate::message::{ALGORITHM, Authorization};

/// How far a request's time may be from the server's, either way, in seconds.
const WINDOW: u64 = 30;

/// Verifies EdgeGrid. The principal is the client token.
///
/// A request is refused if its signature is wrong, its time is off by more than 30 seconds, its nonce was used before or
/// its body is not covered (401), and if its header breaks the syntax (400). Nothing is remembered of a request whose
/// signature is wrong.
///
/// EdgeGrid covers the bodies of POST alone, and of those the first bytes. This verifier refuses every other body, unless
/// [`allow_uncovered_bodies`](EdgeGridVerifierBuilder::allow_uncovered_bodies) says otherwise.
#[derive(Clone)]
pub struct EdgeGridVerifier(Arc<Server>);

/// What every request is judged by.
struct Server {
    tokens: Arc<dyn Tokens>,
    signed: Vec<HeaderName>,
    max_body: usize,
    scheme: Scheme,
    host: Option<Box<str>>,
    uncovered: bool,
    guard: Arc<dyn ReplayGuard>,
    sources: Sources,
    /// Takes the place of credentials that are not there, so that looking is no faster.
    nobody: Credentials,
}

impl EdgeGridVerifier {
    /// Accepts these credentials.
    pub fn builder(tokens: impl Tokens) -> EdgeGridVerifierBuilder {
        EdgeGridVerifierBuilder::new(Arc::new(tokens))
    }
}

impl Server {
    fn is_fresh(&self, claim: &Authorization<'_>) -> bool {
        claim.time.unix.abs_diff(self.sources.unix_time()) <= WINDOW
    }

    /// A body that is not covered must be empty, if it may not be there.
    fn wants_body(&self, request: &request::Parts) -> bool {
        request.method == Method::POST || !self.uncovered
    }
}

impl Verify for EdgeGridVerifier {
    type Principal = String;

    /// Only if all that can be judged without the body and the key is right.
    fn reads_body(&self, request: &request::Parts) -> bool {
        let claim = Authorization::of(request);
        self.0.wants_body(request) && claim.is_ok_and(|claim| self.0.is_fresh(&claim))
    }

    fn verify(&self, request: &request::Parts, body: &Payload) -> Begin<Verdict<String>> {
        let server = Arc::clone(&self.0);
        let claim = Authorization::of(request);
        match claim.and_then(|claim| Attempt::new(&server, &claim, request, body)) {
            Err(reason) => Begin::ready(refuse(reason)),
            Ok(attempt) => Begin::wait(async move { attempt.judge(&server).await }),
        }
    }
}

fn refuse<P>(reason: Reason) -> Verdict<P> {
    match reason {
        Reason::Missing | Reason::Rejected => {
            Verdict::challenge(reason, [HeaderValue::from_static(ALGORITHM)])
        }
        _ => Verdict::refuse(reason),
    }
}

impl fmt::Debug for EdgeGridVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EdgeGridVerifier")
            .field("headers_to_sign", &self.0.signed)
            .field("max_body", &self.0.max_body)
            .field("uncovered_bodies", &self.0.uncovered)
            .finish_non_exhaustive()
    }
}
