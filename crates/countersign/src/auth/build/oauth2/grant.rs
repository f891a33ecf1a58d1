//! A grant by Postman's keys: `grant_type`, `authUrl`, `accessTokenUrl`, `refreshTokenUrl`, `redirect_uri`, `clientId`,
//! `clientSecret`, `client_authentication`, `scope`, `state`, `username`, `password`, `challengeAlgorithm`,
//! `code_verifier`, `audience`, `resource`, `tokenName` and the custom parameters (`parameter.rs`); in older exports
//! `grantType`, `clientAuth`, `callBackUrl` and `redirectUri`. Beyond Postman `deviceAuthorizationUrl`, `revocationUrl`,
//! `refreshToken`, `issuer`, `requireIssuer`, `nonce`, `useIdToken`, `subject`, `environment`, `strict` and
//! `acceptTokenType` (names separated by spaces).

use countersign_core::{Error, Result, Secret};
use countersign_oauth2::{Builder, ClientAuthentication, Grant, Pkce};

use super::{KIND, parameter};
use crate::auth::Parameters;

/// The key of the grant, and its older name.
pub(super) const NAMES: [&str; 2] = ["grant_type", "grantType"];

const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";

pub(super) fn builder(parameters: &Parameters) -> Result<Builder> {
    let grant = grant(parameters)?;
    let builder = addresses(Builder::new(grant.clone()), &grant, parameters);
    let builder = client(builder, parameters)?;
    let builder = asked(builder, parameters)?;
    let builder = kept(builder, parameters)?;
    parameter::add(builder, &grant, parameters)
}

fn first<'a>(parameters: &'a Parameters, keys: &[&str]) -> Option<&'a str> {
    keys.iter().find_map(|key| parameters.given(key))
}

fn grant(parameters: &Parameters) -> Result<Grant> {
    let required = |key| parameters.required(KIND, key);
    let Some(name) = first(parameters, &NAMES) else {
        return Err(Error::configuration(
            "oauth2 needs accessToken, or the grant_type that gets one: set it",
        ));
    };
    Ok(match name {
        "client_credentials" => Grant::ClientCredentials,
        "authorization_code" | "authorization_code_with_pkce" => Grant::AuthorizationCode,
        "implicit" => Grant::Implicit,
        "device_code" | DEVICE => Grant::Device,
        "refresh_token" => Grant::RefreshToken(required("refreshToken")?.into()),
        "password_credentials" | "password" => Grant::Password {
            username: required("username")?.to_owned(),
            password: parameters.text("password").into(),
        },
        other => return custom(other, parameters),
    })
}

/// Any other by its URI (RFC 6749 section 4.5), or by a server's own name behind `custom:`.
fn custom(name: &str, parameters: &Parameters) -> Result<Grant> {
    if !name.contains(':') {
        return Err(Error::configuration(
            "the `grant_type` of oauth2 is client_credentials, password_credentials, authorization_code, \
             authorization_code_with_pkce, implicit, device_code, refresh_token, the URI of another, or custom:NAME",
        ));
    }
    let grant_type = name.strip_prefix("custom:").unwrap_or(name).to_owned();
    let fields = parameter::fields(parameters)?;
    Ok(Grant::Custom { grant_type, fields })
}

/// Only those that the grant uses: exports carry the others too.
fn addresses(mut builder: Builder, grant: &Grant, parameters: &Parameters) -> Builder {
    let is_in_browser = matches!(grant, Grant::AuthorizationCode | Grant::Implicit);
    let may_be_elsewhere = matches!(grant, Grant::AuthorizationCode | Grant::Device);
    if let Some(url) = parameters.given("authUrl").filter(|_| is_in_browser) {
        builder = builder.authorization_url(url);
    }
    let redirect = first(parameters, &["redirect_uri", "redirectUri", "callBackUrl"]);
    if let Some(uri) = redirect.filter(|_| is_in_browser) {
        builder = builder.redirect_uri(uri);
    }
    if let Some(url) = parameters
        .given("deviceAuthorizationUrl")
        .filter(|_| may_be_elsewhere)
    {
        builder = builder.device_authorization_url(url);
    }
    endpoints(builder, grant, parameters)
}

fn endpoints(mut builder: Builder, grant: &Grant, parameters: &Parameters) -> Builder {
    let has_code = !matches!(grant, Grant::Implicit);
    if let Some(url) = parameters.given("accessTokenUrl").filter(|_| has_code) {
        builder = builder.token_url(url);
    }
    if let Some(url) = parameters.given("refreshTokenUrl").filter(|_| has_code) {
        builder = builder.refresh_url(url);
    }
    match parameters.given("revocationUrl") {
        Some(url) => builder.revocation_url(url),
        None => builder,
    }
}

fn client(builder: Builder, parameters: &Parameters) -> Result<Builder> {
    let how = match first(parameters, &["client_authentication", "clientAuth"]) {
        None | Some("header") => ClientAuthentication::Basic,
        Some("raw") => ClientAuthentication::RawBasic,
        Some("body") => ClientAuthentication::Body,
        Some("none") => ClientAuthentication::None,
        Some(_) => {
            return Err(Error::configuration(
                "the `client_authentication` of oauth2 is header, body, raw (header, not encoded before) or none",
            ));
        }
    };
    let builder = builder
        .client_authentication(how)
        .client_id(parameters.text("clientId"));
    Ok(match parameters.given("clientSecret") {
        Some(secret) => builder.client_secret(secret),
        None => builder,
    })
}

fn asked(mut builder: Builder, parameters: &Parameters) -> Result<Builder> {
    let secret = |key| parameters.given(key).map(Secret::from);
    if let Some(state) = secret("state") {
        builder = builder.state(state);
    }
    if let Some(nonce) = secret("nonce") {
        builder = builder.nonce(nonce);
    }
    if let Some(verifier) = secret("code_verifier") {
        builder = builder.code_verifier(verifier);
    }
    if let Some(audience) = parameters.given("audience") {
        builder = builder.audience(audience);
    }
    if let Some(issuer) = parameters.given("issuer") {
        builder = builder.issuer(issuer);
    }
    let resources = parameters.text("resource").split_whitespace();
    Ok(resources
        .fold(builder, Builder::resource)
        .scope(parameters.text("scope"))
        .require_issuer(parameters.flag("requireIssuer")?)
        .pkce(pkce(parameters)?))
}

/// Postman's `authorization_code` is the one without PKCE, unless something of PKCE is set.
fn pkce(parameters: &Parameters) -> Result<Pkce> {
    let is_named = first(parameters, &NAMES) != Some("authorization_code");
    let has_verifier = parameters.given("code_verifier").is_some();
    match parameters.text("challengeAlgorithm") {
        "" if !is_named && !has_verifier => Ok(Pkce::Off),
        "" | "S256" => Ok(Pkce::S256),
        "plain" => Ok(Pkce::Plain),
        _ => Err(Error::configuration(
            "the `challengeAlgorithm` of oauth2 is S256 or plain",
        )),
    }
}

/// What the token is used for and how it is kept.
fn kept(mut builder: Builder, parameters: &Parameters) -> Result<Builder> {
    if let Some(name) = parameters.given("tokenName") {
        builder = builder.name(name);
    }
    if let Some(subject) = parameters.given("subject") {
        builder = builder.subject(subject);
    }
    if let Some(environment) = parameters.given("environment") {
        builder = builder.environment(environment);
    }
    let types = parameters.text("acceptTokenType").split_whitespace();
    Ok(types
        .fold(builder, Builder::accept_token_type)
        .strict(parameters.flag("strict")?)
        .use_id_token(parameters.flag("useIdToken")?))
}
