//! Servers and connectors that speak no HTTP/1.1, the one version whose connections can be authenticated.

use std::error::Error as StdError;

use crate::error::{Error, ErrorKind};

/// What becomes of a lane whose connection speaks HTTP/2, or whose server speaks nothing else.
pub fn needs_http1() -> Error {
    Error::new(
        ErrorKind::Connection,
        "this scheme authenticates a connection, which HTTP/2 has no place for: offer http/1.1 alone, and let the server \
         speak it",
    )
}

/// Whether a lane failed because its server speaks no HTTP/1.1: it refused the protocol in TLS (RFC 7301, section 3.2), or
/// answered in another one.
///
/// Neither TLS nor HTTP has an error type that all clients share, so the texts of an error and its causes are read.
pub fn refuses_http1(error: &(dyn StdError + 'static)) -> bool {
    std::iter::successors(Some(error), |&error| error.source()).any(|cause| {
        let text: String = cause.to_string().split([' ', '_']).collect();
        let text = text.to_ascii_lowercase();
        ["noapplicationprotocol", "invalidhttpversion"]
            .iter()
            .any(|said| text.contains(said))
    })
}
