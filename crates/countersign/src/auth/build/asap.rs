//! `asap`: `alg` (`RS256` if there is none), `kid`, `iss`, `aud`, `sub`, `exp` in seconds, `privateKey` (PEM, or a `data:`
//! URL), `claims`; and beyond Postman for a server `publicKey` or `jwks`, as for `jwt`.

use countersign_core::verify::{AnyVerifier, Verify};
use countersign_core::{Error, Result};
use countersign_jwt::{Algorithm, Asap, AsapVerifier};

use super::jwt;
use crate::auth::{Auth, AuthType, Options, Parameters};

const KIND: AuthType = AuthType::Asap;

impl From<Asap> for Auth {
    fn from(asap: Asap) -> Self {
        Self::new(asap)
    }
}

pub(super) fn client(parameters: &Parameters, options: &Options) -> Result<Auth> {
    asap(parameters, options).map(Auth::from)
}

fn asap(parameters: &Parameters, options: &Options) -> Result<Asap> {
    let text = |key| parameters.text(key).to_owned();
    let key = parameters.required(KIND, "privateKey")?;
    let mut builder = Asap::builder(text("iss"), text("aud"), text("kid"), key)
        .algorithm(algorithm(parameters)?)
        .claims(text("claims"))
        .sources(options.sources.clone());
    if let Some(subject) = parameters.given("sub") {
        builder = builder.subject(subject);
    }
    if let Some(seconds) = parameters.given("exp") {
        builder = builder.expires_in_text(seconds);
    }
    builder.build()
}

fn algorithm(parameters: &Parameters) -> Result<Algorithm> {
    match parameters.given("alg") {
        Some(name) => name.parse(),
        None => Ok(Algorithm::Rs256),
    }
}

/// Demands the issuer and the audience of the parameters; a claim of that name goes before.
pub(super) fn server(
    parameters: &Parameters,
    realm: &str,
    options: &Options,
) -> Result<AnyVerifier<String>> {
    let derived = || asap(parameters, options)?.verifying_key();
    let keys = jwt::keys(KIND, parameters, options, algorithm(parameters)?, derived)?;
    let claims = jwt::claims(parameters.text("claims"))?;
    let mut audiences = jwt::audiences(&claims);
    audiences.extend(parameters.given("aud").filter(|_| audiences.is_empty()));
    let Some((first, more)) = audiences.split_first() else {
        return Err(Error::configuration("asap needs aud: set it"));
    };
    let mut builder = AsapVerifier::builder(realm, *first, keys).sources(options.sources.clone());
    for audience in more {
        builder = builder.audience(*audience);
    }
    if let Some(issuer) = jwt::issuer(&claims).or(parameters.given("iss")) {
        builder = builder.issuer(issuer);
    }
    let verifier = builder.build()?;
    Ok(AnyVerifier::new(
        verifier.map(|claims| jwt::principal(&claims)),
    ))
}
