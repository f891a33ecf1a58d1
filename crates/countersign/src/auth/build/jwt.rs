//! `jwt`: `algorithm` (else that of the header, else `HS256`), `secret` with `isSecretBase64Encoded`, or `privateKey`;
//! `payload`, `header`, `addTokenTo` (`header` or `queryParam`), `queryParamKey`, `headerPrefix`. Beyond Postman the
//! claims that are built for each request (`issuedAt`, `notBefore`, `randomId`, each `true`, and `expiresIn`, in seconds),
//! and for a server `publicKey` or `jwks`, a JWK set or its URL.

use std::sync::Arc;
use std::time::Duration;

use countersign_core::verify::{AnyVerifier, Verify};
use countersign_core::{Error, MemoryGuard, Result};
use countersign_jwt::{
    Algorithm, Claims, Jwt, JwtBuilder, JwtVerifier, JwtVerifierBuilder, KeySet, Keys, RemoteKeys,
    SigningKey, VerifyingKey,
};
use serde_json::{Map, Value};

use crate::auth::{Auth, AuthType, Options, Parameters};

const KIND: AuthType = AuthType::Jwt;

impl From<Jwt> for Auth {
    fn from(jwt: Jwt) -> Self {
        Self::new(jwt)
    }
}

/// Where a token goes.
enum Place<'a> {
    Header(&'a str),
    Query(&'a str),
}

pub(super) fn client(parameters: &Parameters, options: &Options) -> Result<Auth> {
    let builder = Jwt::builder(signing_key(parameters)?)
        .header(parameters.text("header"))
        .payload(parameters.text("payload"))
        .sources(options.sources.clone());
    let builder = match place(parameters)? {
        Place::Header(prefix) => builder.prefix(prefix),
        Place::Query(name) => builder.in_query(name),
    };
    fresh(builder, parameters)?.build().map(Auth::from)
}

fn signing_key(parameters: &Parameters) -> Result<SigningKey> {
    let algorithm = algorithm(parameters)?;
    if !algorithm.is_symmetric() {
        return SigningKey::pem(algorithm, parameters.required(KIND, "privateKey")?);
    }
    let secret = parameters.required(KIND, "secret")?;
    match parameters.flag("isSecretBase64Encoded")? {
        true => SigningKey::hmac_base64(algorithm, secret),
        false => SigningKey::hmac(algorithm, secret),
    }
}

fn algorithm(parameters: &Parameters) -> Result<Algorithm> {
    let header: Option<Value> = serde_json::from_str(parameters.text("header")).ok();
    let named = header.as_ref().and_then(|header| header["alg"].as_str());
    match parameters.given("algorithm").or(named) {
        Some(name) => name.parse(),
        None => Ok(Algorithm::Hs256),
    }
}

fn place(parameters: &Parameters) -> Result<Place<'_>> {
    match parameters.text("addTokenTo") {
        "" | "header" => Ok(Place::Header(
            parameters.given("headerPrefix").unwrap_or("Bearer"),
        )),
        "queryParam" => Ok(Place::Query(
            parameters.given("queryParamKey").unwrap_or("token"),
        )),
        _ => Err(Error::configuration(
            "the `addTokenTo` of jwt is header or queryParam",
        )),
    }
}

fn fresh(mut builder: JwtBuilder, parameters: &Parameters) -> Result<JwtBuilder> {
    if parameters.flag("issuedAt")? {
        builder = builder.issued_at();
    }
    if parameters.flag("notBefore")? {
        builder = builder.not_before();
    }
    if let Some(seconds) = parameters.number("expiresIn")? {
        builder = builder.expires_in(Duration::from_secs(seconds));
    }
    if parameters.flag("randomId")? {
        builder = builder.random_id();
    }
    Ok(builder)
}

/// Demands issuer and audience of the payload, and an expiry and an unused name if the client builds them.
pub(super) fn server(
    parameters: &Parameters,
    realm: &str,
    options: &Options,
) -> Result<AnyVerifier<String>> {
    let derived = || signing_key(parameters)?.verifying_key();
    let keys = keys(KIND, parameters, options, algorithm(parameters)?, derived)?;
    let builder = JwtVerifier::builder(realm, keys).sources(options.sources.clone());
    let builder = match place(parameters)? {
        Place::Header(prefix) => builder.scheme(prefix.trim()),
        Place::Query(name) => builder.allow_query(name),
    };
    let verifier = rules(builder, parameters)?.build()?;
    Ok(AnyVerifier::new(verifier.map(|claims| principal(&claims))))
}

fn rules(builder: JwtVerifierBuilder, parameters: &Parameters) -> Result<JwtVerifierBuilder> {
    let claims = claims(parameters.text("payload"))?;
    let mut builder = match issuer(&claims) {
        Some(issuer) => builder.issuer(issuer),
        None => builder,
    };
    for audience in audiences(&claims) {
        builder = builder.audience(audience);
    }
    let expires = claims.contains_key("exp") || parameters.number("expiresIn")?.is_some();
    if !expires {
        return Ok(builder.allow_without_expiry());
    }
    Ok(match parameters.flag("randomId")? {
        true => builder.once(Arc::new(MemoryGuard::default())),
        false => builder,
    })
}

/// Whom a token speaks for, by the best name in it.
pub(super) fn principal(claims: &Claims) -> String {
    let name = claims.subject().or(claims.issuer());
    name.unwrap_or(KIND.as_str()).to_owned()
}

/// The keys that a server trusts: those it is given, or else the one that is `derived` from the client's own.
pub(super) fn keys(
    kind: AuthType,
    parameters: &Parameters,
    options: &Options,
    algorithm: Algorithm,
    derived: impl FnOnce() -> Result<VerifyingKey>,
) -> Result<Arc<dyn Keys>> {
    let one = |key| Arc::new(key) as Arc<dyn Keys>;
    match (parameters.given("jwks"), parameters.given("publicKey")) {
        (Some(jwks), _) => set(jwks.trim(), options, algorithm),
        (None, Some(pem)) => VerifyingKey::pem(algorithm, pem).map(one),
        (None, None) if !algorithm.is_symmetric() && parameters.given("privateKey").is_none() => {
            Err(Error::configuration(format!(
                "a server of {kind} verifies by publicKey (PEM), by jwks (a JWK set, or its URL), or by the privateKey that signs: \
                 set one"
            )))
        }
        (None, None) => derived().map(one),
    }
}

/// A JWK set as it stands, or the one at a URL.
fn set(jwks: &str, options: &Options, algorithm: Algorithm) -> Result<Arc<dyn Keys>> {
    if !is_url(jwks) {
        return Ok(Arc::new(KeySet::from_jwks(jwks, &[algorithm])?));
    }
    let fetch = options.fetcher.get().ok_or_else(|| {
        Error::configuration("a jwks that is a URL is fetched: say how in Options::fetch")
    })?;
    let keys = RemoteKeys::new(jwks, fetch, &[algorithm])?;
    Ok(Arc::new(keys.sources(options.sources.clone())))
}

fn is_url(text: &str) -> bool {
    let scheme = text.split_once("://").map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| scheme.bytes().all(|byte| byte.is_ascii_alphabetic()))
}

/// The members of a JSON object; nothing is one without members.
pub(super) fn claims(text: &str) -> Result<Map<String, Value>> {
    match text.trim() {
        "" | "null" => Ok(Map::new()),
        text => serde_json::from_str(text)
            .map_err(|_| Error::configuration("the token's claims are no JSON object")),
    }
}

pub(super) fn issuer(claims: &Map<String, Value>) -> Option<&str> {
    claims.get("iss")?.as_str()
}

pub(super) fn audiences(claims: &Map<String, Value>) -> Vec<&str> {
    let all = match claims.get("aud") {
        Some(Value::Array(all)) => all.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    all.iter().filter_map(Value::as_str).collect()
}
