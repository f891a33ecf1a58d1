//! The server's mirror: checks the credentials of an incoming request.

mod any;
mod authorization;
mod body;
mod body_error;
mod decode;
mod verdict;

use http::{request, response};

pub use any::{AnyOfVerifiers, AnyVerifier, Map, any_of};
pub use authorization::authorization;
pub use body::{BodyVerdict, VerifiedBody};
pub use body_error::BodyError;
pub use decode::Decode;
pub use verdict::{Accepted, Reason, Refusal, Verdict};

use crate::begin::Begin;
use crate::error::Result;
use crate::payload::Payload;

/// Checks the credentials of an incoming request.
///
/// It never panics and never lets a request pass that it cannot judge: a store that is down is
/// [`Reason::Unavailable`].
pub trait Verify: Send + Sync + 'static {
    /// Who a request turns out to come from.
    type Principal: Clone + Send + Sync + 'static;

    /// Whether [`verify`](Self::verify) needs the body's bytes; then the layer gathers it, up to a limit.
    fn reads_body(&self, request: &request::Parts) -> bool {
        let _ = request;
        false
    }

    /// Judges a request. Whatever can be used only once (a nonce) is spent inside the future, last, so that a
    /// judgement that is dropped spends nothing.
    fn verify(&self, request: &request::Parts, body: &Payload) -> Begin<Verdict<Self::Principal>>;

    /// The same verifier with another principal, so that unlike ones fit into one [`any_of`].
    fn map<Q, F>(self, change: F) -> Map<Self, F>
    where
        Self: Sized,
        Q: Clone + Send + Sync + 'static,
        F: Fn(Self::Principal) -> Q + Clone + Send + Sync + 'static,
    {
        Map::new(self, change)
    }
}

/// What an accepted request adds to its answer: a proof that the server knows the secret too.
pub trait Answer: Send + 'static {
    /// Whether [`sign`](Self::sign) needs the answer's body; then the layer gathers it, up to a limit.
    fn reads_body(&self, response: &response::Parts) -> bool {
        let _ = response;
        false
    }

    /// Adds to the answer's head. `body` is empty unless it was asked for.
    ///
    /// # Errors
    ///
    /// Then the answer is replaced by 500.
    fn sign(self: Box<Self>, response: &mut response::Parts, body: &[u8]) -> Result<()>;
}
