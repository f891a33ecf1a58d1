//! `edgegrid`: `accessToken`, `clientToken`, `clientSecret`, `baseURL`, `nonce`, `timestamp`, `headersToSign` (with commas
//! between the names, or a list), `maxBodySize` in bytes.

use countersign_core::verify::AnyVerifier;
use countersign_core::{Error, Result};
use countersign_edgegrid::{Credentials, EdgeGrid, EdgeGridVerifier, MemoryTokens};

use crate::auth::{Auth, AuthType, Options, Parameters};

impl From<EdgeGrid> for Auth {
    fn from(edgegrid: EdgeGrid) -> Self {
        Self::new(edgegrid)
    }
}

pub(super) fn client(parameters: &Parameters, options: &Options) -> Result<Auth> {
    let needed = ["accessToken", "clientToken", "clientSecret"];
    if options.lenient && super::lacks(parameters, &needed) {
        return Ok(Auth::none());
    }
    let mut edgegrid = EdgeGrid::new(credentials(parameters)?)
        .headers_to_sign(headers(parameters)?.iter().map(String::as_str))?
        .sources(options.sources.clone());
    if let Some(bytes) = max_body(parameters)? {
        edgegrid = edgegrid.max_body(bytes);
    }
    if let Some(url) = parameters.given("baseURL") {
        edgegrid = edgegrid.base_url(url)?;
    }
    if let Some(nonce) = parameters.given("nonce") {
        edgegrid = edgegrid.nonce(nonce)?;
    }
    if let Some(time) = parameters.given("timestamp") {
        edgegrid = edgegrid.timestamp(time)?;
    }
    Ok(edgegrid.into())
}

fn credentials(parameters: &Parameters) -> Result<Credentials> {
    let required = |key| parameters.required(AuthType::EdgeGrid, key);
    let client_token = required("clientToken")?;
    Credentials::new(
        client_token,
        required("clientSecret")?,
        required("accessToken")?,
    )
}

fn headers(parameters: &Parameters) -> Result<Vec<String>> {
    let text = parameters.text("headersToSign").trim();
    let names: Vec<String> = match text.starts_with('[') {
        true => serde_json::from_str(text).map_err(|_| no_names())?,
        false => text.split(',').map(str::to_owned).collect(),
    };
    let names = names.iter().map(|name| name.trim());
    Ok(names
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect())
}

fn no_names() -> Error {
    Error::configuration("`headersToSign` is a list of texts, or one with commas between the names")
}

fn max_body(parameters: &Parameters) -> Result<Option<usize>> {
    let bytes = parameters.number("maxBodySize")?;
    Ok(bytes.map(|bytes| usize::try_from(bytes).unwrap_or(usize::MAX)))
}

/// Bodies that the scheme leaves out (those of other methods than POST, and what lies behind `maxBodySize`) are let
/// through, as the client of the same parameters sends them.
pub(super) fn server(
    parameters: &Parameters,
    _: &str,
    options: &Options,
) -> Result<AnyVerifier<String>> {
    let mut builder = EdgeGridVerifier::builder(MemoryTokens::new([credentials(parameters)?]))
        .headers_to_sign(headers(parameters)?.iter().map(String::as_str))?
        .allow_uncovered_bodies(true)
        .cleartext(options.cleartext)
        .sources(options.sources.clone());
    if let Some(bytes) = max_body(parameters)? {
        builder = builder.max_body(bytes);
    }
    if let Some(url) = parameters.given("baseURL") {
        builder = builder.base_url(url)?;
    }
    Ok(AnyVerifier::new(builder.build()?))
}
