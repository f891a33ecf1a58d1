//! The server.

mod attempt;
mod builder;
mod denial;
mod head;
mod keys;

use std::fmt;
use std::sync::Arc;

use countersign_core::verify::{Reason, Verdict, Verify};
use countersign_core::{Begin, Payload, ReplayGuard, Secret, Sources};
use http::{HeaderValue, request};

use attempt::Attempt;
pub use builder::SigV4VerifierBuilder;
use head::Head;
pub use keys::{AccessKeys, KeyQuery, MemoryKeys};

use crate::canonical::PathStyle;
use crate::key::ALGORITHM;
use crate::scope::Scope;

/// Verifies signatures for one region and service. The principal is the id of the access key.
///
/// `Host` and every `x-amz-*` field have to be signed, the body has to have the hash that was signed, and the time may
/// be off by 15 minutes either way. What is wrong with a signature is not told: the answer is 403, as AWS gives it;
/// credentials that break the syntax are answered with 400, none at all with 401.
#[derive(Clone)]
pub struct SigV4Verifier(Arc<Server>);

/// What every request is judged by.
struct Server {
    scope: Scope,
    path: PathStyle,
    keys: Arc<dyn AccessKeys>,
    unsigned_payload: bool,
    presigned: bool,
    chunked: bool,
    max_chunk: usize,
    guard: Option<Arc<dyn ReplayGuard>>,
    sources: Sources,
    /// Takes the place of the secret of a key that is not there, so that looking is no faster.
    nobody: Secret,
}

impl SigV4Verifier {
    /// Accepts these keys for this region and service, and signatures in the `Authorization` header alone.
    pub fn builder(region: &str, service: &str, keys: impl AccessKeys) -> SigV4VerifierBuilder {
        SigV4VerifierBuilder::new(region, service, Arc::new(keys))
    }
}

impl Verify for SigV4Verifier {
    type Principal = String;

    /// Only if all that can be judged without the body is right.
    fn reads_body(&self, request: &request::Parts) -> bool {
        Head::read(&self.0, request).is_ok_and(|head| head.covers_body())
    }

    fn verify(&self, request: &request::Parts, body: &Payload) -> Begin<Verdict<String>> {
        let head = Head::read(&self.0, request);
        match head.and_then(|head| Ok(Attempt::new(&self.0, &head, body)?)) {
            Err(denial) => Begin::ready(denial.verdict()),
            Ok(attempt) => {
                let server = Arc::clone(&self.0);
                Begin::wait(async move { attempt.judge(&server).await })
            }
        }
    }
}

fn refuse<P>(reason: Reason) -> Verdict<P> {
    match reason {
        Reason::Missing => Verdict::challenge(reason, [HeaderValue::from_static(ALGORITHM)]),
        _ => Verdict::refuse(reason),
    }
}

impl fmt::Debug for SigV4Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigV4Verifier")
            .field("region", &self.0.scope.region)
            .field("service", &self.0.scope.service)
            .finish_non_exhaustive()
    }
}
