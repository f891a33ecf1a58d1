//! [`Explanation`], what a signature is over.

use countersign_core::{Payload, Result};
use http::request;

use super::OAuth1;
use super::sign::{base_string, take_out};

/// The stages before a signature, to find out where two parties part. It holds no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Explanation {
    /// The parameters of the request, normalized: RFC 5849, section 3.4.1.3.2.
    pub parameters: String,
    /// The signature base string: RFC 5849, section 3.4.1. PLAINTEXT does not use it.
    pub base_string: String,
}

impl OAuth1 {
    /// What signing this request now would be over. Unless both are preset, nonce and time are those of this call.
    ///
    /// # Errors
    ///
    /// Those of signing it.
    pub fn explain(&self, request: &request::Parts, body: &Payload) -> Result<Explanation> {
        let mut request = request.clone();
        let mut body = match body.bytes() {
            Some(bytes) => Payload::whole(bytes.to_vec().into()),
            None => Payload::stream(body.len()),
        };
        take_out(&mut request, &mut body)?;
        let fresh = self.fresh(&request, &body)?;
        let protocol = self.0.protocol(&fresh);
        let base = base_string(&request, &body, &protocol)?;
        let mut parameters = Vec::new();
        base.parameters().write(&mut parameters);
        Ok(Explanation {
            parameters: text(&parameters),
            base_string: text(&base.text()),
        })
    }
}

/// All that is written is percent-encoded.
fn text(ascii: &[u8]) -> String {
    String::from_utf8_lossy(ascii).into_owned()
}
