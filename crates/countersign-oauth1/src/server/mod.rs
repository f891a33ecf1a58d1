//! The server.

mod attempt;
mod builder;
mod consumer;
mod head;

use std::fmt;
use std::sync::Arc;

use countersign_core::verify::{Reason, Verdict, Verify};
use countersign_core::{Begin, Payload, ReplayGuard, Secret, Sources};
use http::uri::Scheme;
use http::{HeaderValue, request};

use attempt::Attempt;
pub use builder::OAuth1VerifierBuilder;
pub use consumer::{Consumer, ConsumerQuery, Consumers, MemoryConsumers};
use head::Head;

/// Verifies the signatures of the [`Consumers`] that it knows, with the parameters in the header, the query or a form.
///
/// A timestamp may be off by 300 seconds either way, and a nonce counts once for its consumer, token and time
/// (RFC 5849, section 3.3); it is spent only by a right signature. What is wrong with a signature is not told: the
/// answer is 401, and 400 for parameters that are broken, missing or doubled, and for a form that the signature cannot
/// cover because it is compressed or not encoded as one.
#[derive(Clone)]
pub struct OAuth1Verifier(Arc<Server>);

/// What every request is judged by.
struct Server {
    challenge: HeaderValue,
    consumers: Arc<dyn Consumers>,
    scheme: Scheme,
    plaintext: bool,
    body_hash: bool,
    guard: Arc<dyn ReplayGuard>,
    sources: Sources,
    /// Takes the place of the secret of a consumer that is not there, so that looking is no faster.
    nobody: Secret,
}

/// Who signed a request, and what else the signature covers for the endpoints of the three legs.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Signer {
    /// The consumer key.
    pub consumer_key: String,
    /// The token, where there was one.
    pub token: Option<String>,
    /// `oauth_callback`, which a request for temporary credentials has (RFC 5849, section 2.1).
    pub callback: Option<String>,
    /// `oauth_verifier`, which a request for token credentials has (section 2.3). Compare it with the one that the
    /// resource owner was shown.
    pub verifier: Option<String>,
}

impl OAuth1Verifier {
    /// Verifies requests by these consumers; challenges name `realm`.
    pub fn builder(realm: impl Into<String>, consumers: impl Consumers) -> OAuth1VerifierBuilder {
        OAuth1VerifierBuilder::new(realm.into(), Arc::new(consumers))
    }
}

impl Server {
    /// A 401 says how the request could be let through.
    fn refuse<P>(&self, reason: Reason) -> Verdict<P> {
        match reason {
            Reason::Missing | Reason::Rejected => {
                Verdict::challenge(reason, [self.challenge.clone()])
            }
            _ => Verdict::refuse(reason),
        }
    }
}

impl Verify for OAuth1Verifier {
    type Principal = Signer;

    /// Only if all that can be judged without the body is right.
    fn reads_body(&self, request: &request::Parts) -> bool {
        self.0.needs_body(request)
    }

    fn verify(&self, request: &request::Parts, body: &Payload) -> Begin<Verdict<Signer>> {
        let head = Head::read(&self.0, request, body);
        match head.and_then(|head| Attempt::new(&self.0, request, head)) {
            Err(reason) => Begin::ready(self.0.refuse(reason)),
            Ok(attempt) => {
                let server = Arc::clone(&self.0);
                Begin::wait(async move { attempt.judge(&server).await })
            }
        }
    }
}

impl fmt::Debug for OAuth1Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuth1Verifier")
            .field("scheme", &self.0.scheme)
            .field("plaintext", &self.0.plaintext)
            .finish_non_exhaustive()
    }
}
