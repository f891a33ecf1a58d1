//! `oauth2`: `accessToken`, or a grant that gets one, by `grant_type` and the keys that it needs (`grant.rs`); and where the
//! token goes, by `addTokenTo` (`header`, `queryParams`, and beyond Postman `form`) and `headerPrefix`.
//!
//! Where there is an `accessToken` it is sent as it is, whatever else is set.

mod grant;
mod parameter;

use countersign_bearer::{Bearer, BearerVerifier, Grant, MemoryTokens};
use countersign_core::placement::Placement;
use countersign_core::verify::AnyVerifier;
use countersign_core::{Error, ErrorKind, Result};
use countersign_oauth2::{Builder, OAuth2};

use crate::auth::{Auth, AuthType, Options, Parameters};

const KIND: AuthType = AuthType::OAuth2;

/// The name of the parameter in a query or a form: RFC 6750 section 2.
const PARAMETER: &str = "access_token";

impl From<OAuth2> for Auth {
    fn from(oauth: OAuth2) -> Self {
        Self::new(oauth)
    }
}

pub(super) fn client(parameters: &Parameters, options: &Options) -> Result<Auth> {
    let sends_nothing =
        is_mac(parameters) || super::lacks(parameters, &["accessToken"]) && !has_grant(parameters);
    if options.lenient && sends_nothing {
        return Ok(Auth::none());
    }
    if let Some(token) = parameters.given("accessToken") {
        let placement = placement(parameters)?;
        return OAuth2::access_token(token, &placement).map(Auth::from);
    }
    let (builder, ports) = (grant(parameters, options)?, &options.ports);
    let fetch = options.fetcher.get().ok_or_else(no_fetch)?;
    let oauth = builder.build_managed(fetch, ports.store(), ports.tokens.clone())?;
    Ok(oauth.into())
}

/// The grant that the parameters of `oauth2` describe, for a program that builds the scheme by itself: with a store, a
/// name or a manager of its own. Of `options` it takes all but the fetch and the store.
///
/// ```
/// use countersign::token::Source;
/// use countersign::{Options, Parameters, grant};
/// # use countersign::{Begin, Fetch};
/// # struct Server;
/// # impl Fetch for Server {
/// #     fn fetch(&self, _: http::Request<bytes::Bytes>) -> Begin<http::Response<bytes::Bytes>> { unreachable!() }
/// # }
/// # let fetch = Server;
///
/// let parameters = Parameters::from([
///     ("grant_type", "client_credentials"),
///     ("accessTokenUrl", "https://login.example/token"),
///     ("clientId", "shop"),
///     ("clientSecret", "s3cret"),
/// ]);
/// let source = grant(&parameters, &Options::new())?.source(fetch)?;
/// assert_eq!(source.key().about().grant, "client_credentials");
/// # Ok::<(), countersign::Error>(())
/// ```
///
/// # Errors
///
/// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) for parameters that are missing or cannot be used;
/// [`ErrorKind::Unsupported`](crate::ErrorKind::Unsupported) for the `tokenType` `mac`.
pub fn grant(parameters: &Parameters, options: &Options) -> Result<Builder> {
    let builder = grant::builder(parameters)?
        .placement(placement(parameters)?)
        .allow_cleartext(options.allow_cleartext)
        .sources(options.sources.clone());
    Ok(options.ports.people(builder))
}

fn has_grant(parameters: &Parameters) -> bool {
    grant::NAMES
        .iter()
        .any(|key| parameters.given(key).is_some())
}

fn is_mac(parameters: &Parameters) -> bool {
    parameters.text("tokenType").eq_ignore_ascii_case("mac")
}

/// Postman takes the spaces around a prefix away; an empty one leaves the token bare.
fn placement(parameters: &Parameters) -> Result<Placement> {
    if is_mac(parameters) {
        let message =
            "tokens of the type mac are not built in: a server that takes bearer tokens is needed";
        return Err(Error::new(ErrorKind::Unsupported, message));
    }
    match parameters.text("addTokenTo") {
        "" | "header" => Ok(Placement::Header(prefix(parameters).into())),
        "queryParams" => Ok(Placement::Query(PARAMETER.into())),
        "form" => Ok(Placement::Form(PARAMETER.into())),
        _ => Err(Error::configuration(
            "the `addTokenTo` of oauth2 is header, queryParams or form",
        )),
    }
}

fn prefix(parameters: &Parameters) -> &str {
    parameters.get("headerPrefix").unwrap_or("Bearer").trim()
}

/// Demands the access token; a server of grants is none of this crate's.
pub(super) fn server(
    parameters: &Parameters,
    realm: &str,
    _: &Options,
) -> Result<AnyVerifier<String>> {
    let token = parameters.required(KIND, "accessToken")?;
    Bearer::new(token)?;
    let tokens = MemoryTokens::new([(token, Grant::new(KIND.to_string()))]);
    let verifier = BearerVerifier::new(realm, tokens)?;
    Ok(AnyVerifier::new(match placement(parameters)? {
        Placement::Header(prefix) if prefix.is_empty() => return Err(no_word()),
        Placement::Header(prefix) => verifier.scheme(&prefix)?,
        Placement::Query(_) => verifier.allow_query(),
        Placement::Form(_) => verifier.allow_form(),
    }))
}

fn no_fetch() -> Error {
    Error::configuration(
        "oauth2 fetches its token from a server: say how in Options::fetch, or set accessToken",
    )
}

fn no_word() -> Error {
    Error::configuration(
        "a server of oauth2 needs a word before the token: leave headerPrefix out, or give one",
    )
}
