//! [`HawkBewit`], the scheme that sends a bewit.

use std::time::Duration;

use countersign_core::canonical::host;
use countersign_core::{Error, Payload, Result, Sign, Touch, remove_header};
use http::header::AUTHORIZATION;
use http::{Method, request};

use super::exchange::no_host;
use super::{Hawk, NAME};
use crate::credentials::AnswerProof;

/// Sends each request with a fresh [`bewit`](Hawk::bewit) in its query, and without a header. Whoever reads such a URI
/// can use it, so it needs TLS as a password does.
#[derive(Clone, Debug)]
pub struct HawkBewit {
    hawk: Hawk,
    lifetime: Duration,
}

impl Hawk {
    /// Sends a bewit that lives for `lifetime`, in whole seconds, in place of the header: for `GET` and `HEAD` alone.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for a lifetime below a second, and for
    /// what a bewit has no place for: a key that is bound to an application, and a demand for proof.
    pub fn in_query(self, lifetime: Duration) -> Result<HawkBewit> {
        let config = &self.config;
        let wrong = match () {
            () if lifetime.as_secs() == 0 => "a bewit has to live for a second at least",
            () if config.credentials.bound_to().is_some() => {
                "a bewit names no application: leave out the app, or sign in the header"
            }
            () if config.proof != AnswerProof::None => {
                "no answer proves anything of a bewit: sign in the header, or demand no proof"
            }
            () => {
                return Ok(HawkBewit {
                    hawk: self,
                    lifetime,
                });
            }
        };
        Err(Error::configuration(wrong))
    }
}

impl Sign for HawkBewit {
    fn name(&self) -> &'static str {
        NAME
    }

    fn reveals(&self) -> bool {
        true
    }

    fn touches(&self, part: Touch<'_>) -> bool {
        part.is_authorization() || part.is_parameter("bewit")
    }

    fn sign(&self, request: &mut request::Parts, _: &mut Payload) -> Result<()> {
        if !matches!(request.method, Method::GET | Method::HEAD) {
            return Err(Error::configuration(
                "a bewit grants GET and HEAD alone: sign this request in the header",
            ));
        }
        let host = host::outgoing(request, None).map_err(no_host)?;
        request.uri = self.hawk.granted(&request.uri, &host, self.lifetime)?;
        // A server refuses a request that has both.
        remove_header(request, &AUTHORIZATION, NAME);
        Ok(())
    }
}
