//! One file for each type: its parameters as a scheme of the client, and as a verifier of the server.

#[cfg(feature = "apikey")]
mod apikey;
#[cfg(feature = "basic")]
mod basic;
#[cfg(feature = "bearer")]
mod bearer;
#[cfg(feature = "digest")]
mod digest;

use countersign_core::verify::AnyVerifier;
use countersign_core::{Error, ErrorKind, Result};

use super::none::NoAuth;
use super::{Auth, AuthType, Options, Parameters};

pub(super) fn client(
    kind: AuthType,
    parameters: &Parameters,
    options: &Options,
) -> Result<Auth> {
    match kind {
        AuthType::NoAuth => Ok(Auth::none()),
        #[cfg(feature = "apikey")]
        AuthType::ApiKey => apikey::client(parameters, options),
        #[cfg(feature = "basic")]
        AuthType::Basic => basic::client(parameters, options),
        #[cfg(feature = "bearer")]
        AuthType::Bearer => bearer::client(parameters, options),
        #[cfg(feature = "digest")]
        AuthType::Digest => digest::client(parameters, options),
        other => Err(unsupported(other)),
    }
}

/// The server's mirror of [`Auth::from_parameters`]: demands what a client with the same parameters sends, so that one
/// configuration sets up both sides.
///
/// `realm` is what challenges name, whatever the parameters say. The principal is the user's name, or for schemes
/// without one the name of the scheme. Parameters that only a client has a use for are ignored.
///
/// # Errors
///
/// As for the client.
pub fn verifier(
    kind: AuthType,
    parameters: &Parameters,
    realm: &str,
    options: &Options,
) -> Result<AnyVerifier<String>> {
    match kind {
        AuthType::NoAuth => Ok(AnyVerifier::new(NoAuth)),
        #[cfg(feature = "apikey")]
        AuthType::ApiKey => apikey::server(parameters, realm, options),
        #[cfg(feature = "basic")]
        AuthType::Basic => basic::server(parameters, realm),
        #[cfg(feature = "bearer")]
        AuthType::Bearer => bearer::server(parameters, realm),
        #[cfg(feature = "digest")]
        AuthType::Digest => digest::server(parameters, realm, options),
        other => Err(unsupported(other)),
    }
}

fn unsupported(kind: AuthType) -> Error {
    let message = format!("{kind} is known, and not built into this program: switch its feature on, if there is one");
    Error::new(ErrorKind::Unsupported, message)
}
