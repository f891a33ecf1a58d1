//! [`Explanation`], what a signature is made of.

use std::fmt;

use countersign_core::{Payload, Result};
use http::request;

use super::SigV4;
use super::seal::Sealed;
use super::sign::{Occasion, host_of};

/// The stages of a signature, to compare with what a server says that it expected. It never holds the key; `Debug`
/// shows the string to sign alone.
#[derive(Clone)]
#[non_exhaustive]
pub struct Explanation {
    /// The canonical request. It holds what the request holds, a session token too: keep it out of logs.
    pub canonical_request: Vec<u8>,
    /// The string to sign: algorithm, time, scope, and the hash of the canonical request.
    pub string_to_sign: String,
    /// The names of the signed headers, in order.
    pub signed_headers: Vec<String>,
}

impl SigV4 {
    /// Shows what would be signed now, and leaves the request alone.
    ///
    /// # Errors
    ///
    /// Those that signing has.
    pub fn explain(&self, request: &request::Parts, body: &Payload) -> Result<Explanation> {
        let mut request = request.clone();
        let occasion = Occasion {
            unix: self.settings.more.sources.unix_time(),
            base: None,
        };
        let unsigned = self.prepare(&mut request, body, occasion)?;
        let host = host_of(&request, None)?;
        self.seal(&request, &unsigned, &host, Sealed::explanation)
    }
}

impl fmt::Debug for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Explanation")
            .field("string_to_sign", &self.string_to_sign)
            .field("signed_headers", &self.signed_headers)
            .finish_non_exhaustive()
    }
}
