//! Which scheme of HTTP carries the messages.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use countersign_core::{Error, Result};
use http::HeaderValue;

/// The scheme that carries the messages: MS-NTHT, section 2, and RFC 4559.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Carrier {
    Ntlm,
    Negotiate,
}

impl Carrier {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ntlm => "NTLM",
            Self::Negotiate => "Negotiate",
        }
    }

    /// A field that carries `token`.
    pub(crate) fn field(self, token: &[u8]) -> Result<HeaderValue> {
        let room = self.name().len() + 1 + token.len().div_ceil(3) * 4;
        let mut field = String::with_capacity(room);
        field.push_str(self.name());
        field.push(' ');
        STANDARD.encode_string(token, &mut field);
        HeaderValue::try_from(field).map_err(|error| {
            Error::challenge("an NTLM message does not fit into a field").with_source(error)
        })
    }
}

/// The bytes of a token68, in the one way that base64 has.
pub(crate) fn decode(token: &str) -> Option<Vec<u8>> {
    STANDARD.decode(token).ok()
}
