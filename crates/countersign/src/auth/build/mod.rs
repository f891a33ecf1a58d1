//! One file for each type: its parameters as a scheme of the client, and as a verifier of the server.

#[cfg(feature = "apikey")]
mod apikey;
#[cfg(feature = "jwt")]
mod asap;
#[cfg(feature = "basic")]
mod basic;
#[cfg(feature = "bearer")]
mod bearer;
#[cfg(feature = "digest")]
mod digest;
#[cfg(feature = "edgegrid")]
mod edgegrid;
#[cfg(feature = "hawk")]
mod hawk;
#[cfg(feature = "jwt")]
mod jwt;
#[cfg(feature = "ntlm")]
mod ntlm;
#[cfg(feature = "oauth1")]
mod oauth1;
#[cfg(feature = "oauth2")]
mod oauth2;
#[cfg(feature = "sigv4")]
mod sigv4;

use countersign_core::verify::AnyVerifier;
use countersign_core::{Error, ErrorKind, Result};

#[cfg(feature = "oauth2")]
pub use oauth2::grant;

use super::none;
use super::{Auth, AuthType, Options, Parameters};

/// Both sides of a type.
struct Built {
    kind: AuthType,
    client: fn(&Parameters, &Options) -> Result<Auth>,
    server: fn(&Parameters, &str, &Options) -> Result<AnyVerifier<String>>,
}

impl Built {
    const fn new(
        kind: AuthType,
        client: fn(&Parameters, &Options) -> Result<Auth>,
        server: fn(&Parameters, &str, &Options) -> Result<AnyVerifier<String>>,
    ) -> Self {
        Self {
            kind,
            client,
            server,
        }
    }
}

/// A new type joins by one line.
const BUILT: &[Built] = &[
    Built::new(AuthType::NoAuth, none::client, none::server),
    #[cfg(feature = "apikey")]
    Built::new(AuthType::ApiKey, apikey::client, apikey::server),
    #[cfg(feature = "basic")]
    Built::new(AuthType::Basic, basic::client, basic::server),
    #[cfg(feature = "bearer")]
    Built::new(AuthType::Bearer, bearer::client, bearer::server),
    #[cfg(feature = "digest")]
    Built::new(AuthType::Digest, digest::client, digest::server),
    #[cfg(feature = "oauth1")]
    Built::new(AuthType::OAuth1, oauth1::client, oauth1::server),
    #[cfg(feature = "oauth2")]
    Built::new(AuthType::OAuth2, oauth2::client, oauth2::server),
    #[cfg(feature = "hawk")]
    Built::new(AuthType::Hawk, hawk::client, hawk::server),
    #[cfg(feature = "edgegrid")]
    Built::new(AuthType::EdgeGrid, edgegrid::client, edgegrid::server),
    #[cfg(feature = "jwt")]
    Built::new(AuthType::Jwt, jwt::client, jwt::server),
    #[cfg(feature = "jwt")]
    Built::new(AuthType::Asap, asap::client, asap::server),
    #[cfg(feature = "ntlm")]
    Built::new(AuthType::Ntlm, ntlm::client, ntlm::server),
    #[cfg(feature = "sigv4")]
    Built::new(AuthType::AwsV4, sigv4::client, sigv4::server),
];

impl AuthType {
    /// Whether this program can make it: there is such a scheme, and its feature is on.
    pub fn is_built(self) -> bool {
        built(self).is_ok()
    }
}

fn built(kind: AuthType) -> Result<&'static Built> {
    let found = BUILT.iter().find(|built| built.kind == kind);
    found.ok_or_else(|| unsupported(kind))
}

pub(super) fn client(kind: AuthType, parameters: &Parameters, options: &Options) -> Result<Auth> {
    (built(kind)?.client)(parameters, options)
}

/// The server's mirror of [`Auth::from_parameters`]: demands what a client with the same parameters sends, so that one
/// configuration sets up both sides.
///
/// `realm` is what challenges name, whatever the parameters say. The principal is the name of the user or of the key, the
/// subject or else the issuer of a token, or for schemes without one the name of the scheme. Parameters that only a client
/// has a use for are ignored. Signatures by a private key are verified by `publicKey` in PEM, by `jwks`, a JWK set
/// or its URL (`jwt`, `asap`), or by the public half of `privateKey`. Where a scheme has a nonce, each is taken once.
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
    (built(kind)?.server)(parameters, realm, options)
}

/// Whether one of `keys` is not given, so that Postman would send the request as it is.
#[cfg(any(
    feature = "edgegrid",
    feature = "hawk",
    feature = "oauth1",
    feature = "oauth2"
))]
fn lacks(parameters: &Parameters, keys: &[&str]) -> bool {
    keys.iter().any(|key| parameters.given(key).is_none())
}

fn unsupported(kind: AuthType) -> Error {
    let message = format!(
        "{kind} is known, and not built into this program: switch its feature on, if there is one"
    );
    Error::new(ErrorKind::Unsupported, message)
}

// Run by `cargo xtask test` without any feature.
#[cfg(all(test, not(feature = "ntlm")))]
mod tests {
    #![allow(clippy::unwrap_used)]

    use crate::{Auth, AuthType, ErrorKind, Options, Parameters, verifier};

    #[test]
    fn what_is_not_built_is_an_error_on_both_sides() {
        let (given, options) = (Parameters::new(), Options::new());
        let client = Auth::from_parameters(AuthType::Ntlm, &given, &options).unwrap_err();
        assert_eq!(client.kind(), ErrorKind::Unsupported);
        let server = verifier(AuthType::Ntlm, &given, "cave", &options).unwrap_err();
        assert_eq!(server.kind(), ErrorKind::Unsupported);
    }
}
