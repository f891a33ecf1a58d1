//! `apikey`: `key`, `value`, and `in` which is `header` (the default), `query` or, beyond Postman, `cookie`.

use countersign_apikey::{ApiKey, ApiKeyVerifier, MemoryKeys, Place};
use countersign_core::verify::AnyVerifier;
use countersign_core::{Error, Result};

use crate::auth::{Auth, Options, Parameters};

/// Who holds the one key there is.
const PRINCIPAL: &str = "apikey";

impl From<ApiKey> for Auth {
    fn from(key: ApiKey) -> Self {
        Self::new(key)
    }
}

pub(super) fn client(parameters: &Parameters, options: &Options) -> Result<Auth> {
    let (key, value) = (parameters.text("key"), parameters.text("value"));
    let place = place(parameters, options)?;
    match key {
        "" if options.lenient => Ok(Auth::none()),
        _ if options.lenient => ApiKey::lenient(place, key, value).map(Auth::from),
        _ => ApiKey::new(place, key, value).map(Auth::from),
    }
}

fn place(parameters: &Parameters, options: &Options) -> Result<Place> {
    match parameters.text("in") {
        "" | "header" => Ok(Place::Header),
        "query" => Ok(Place::Query),
        "cookie" => Ok(Place::Cookie),
        _ if options.lenient => Ok(Place::Header),
        _ => Err(Error::configuration(
            "an API key's `in` is header, query or cookie",
        )),
    }
}

pub(super) fn server(
    parameters: &Parameters,
    realm: &str,
    options: &Options,
) -> Result<AnyVerifier<String>> {
    let (key, value) = (parameters.text("key"), parameters.text("value"));
    let place = place(parameters, options)?;
    // A server that an empty key opens is never meant.
    ApiKey::new(place, key, value)?;
    let keys = MemoryKeys::new([(value, PRINCIPAL)]);
    Ok(AnyVerifier::new(ApiKeyVerifier::new(
        realm, place, key, keys,
    )?))
}
