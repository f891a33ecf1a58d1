//! `edgegrid`: `accessToken`, `clientToken`, `clientSecret`, `baseURL`, `nonce`, `timestamp`, `headersToSign` (with commas
//! between the names, or a list), `maxBodySize` in bytes; and beyond Postman `edgerc`, the path of a file that the three
//! values are read from, with its `section` (`default` if there is none), and `accountSwitchKey`.

use countersign_core::verify::AnyVerifier;
use countersign_core::{Error, Result};
use countersign_edgegrid::{Credentials, EdgeGrid, EdgeGridVerifier, EdgeRc, MemoryTokens};

use crate::auth::{Auth, AuthType, Options, Parameters};

const VALUES: [&str; 3] = ["accessToken", "clientToken", "clientSecret"];

impl From<EdgeGrid> for Auth {
    fn from(edgegrid: EdgeGrid) -> Self {
        Self::new(edgegrid)
    }
}

pub(super) fn client(parameters: &Parameters, options: &Options) -> Result<Auth> {
    let lacks = parameters.given("edgerc").is_none() && super::lacks(parameters, &VALUES);
    if options.lenient && lacks {
        return Ok(Auth::none());
    }
    let mut edgegrid = begun(parameters)?.sources(options.sources.clone());
    let signed = headers(parameters)?;
    if !signed.is_empty() {
        edgegrid = edgegrid.headers_to_sign(signed.iter().map(String::as_str))?;
    }
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
    if let Some(key) = parameters.given("accountSwitchKey") {
        edgegrid = edgegrid.account_switch_key(key);
    }
    Ok(edgegrid.into())
}

/// From the file, if there is one, with all that its section says.
fn begun(parameters: &Parameters) -> Result<EdgeGrid> {
    match edgerc(parameters)? {
        Some((file, section)) => EdgeGrid::from_edgerc(&file, section),
        None => credentials(parameters).map(EdgeGrid::new),
    }
}

/// The file, and the name of a section in it.
fn edgerc(parameters: &Parameters) -> Result<Option<(EdgeRc, &str)>> {
    let section = parameters.given("section");
    match parameters.given("edgerc") {
        None if section.is_some() => Err(Error::configuration(
            "the `section` of edgegrid is one of a file: set edgerc, its path, too",
        )),
        None => Ok(None),
        Some(_) if VALUES.iter().any(|key| parameters.given(key).is_some()) => Err(
            Error::configuration("edgegrid takes edgerc, or the three values in it: not both"),
        ),
        Some(path) => Ok(Some((EdgeRc::open(path)?, section.unwrap_or("default")))),
    }
}

fn credentials(parameters: &Parameters) -> Result<Credentials> {
    if let Some((file, section)) = edgerc(parameters)? {
        return file.section(section)?.credentials();
    }
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
        .scheme(options.scheme())
        .sources(options.sources.clone());
    if let Some(bytes) = max_body(parameters)? {
        builder = builder.max_body(bytes);
    }
    if let Some(url) = parameters.given("baseURL") {
        builder = builder.base_url(url)?;
    }
    Ok(AnyVerifier::new(builder.build()?))
}
