//! `bearer`: `token`.

use countersign_bearer::{Bearer, BearerVerifier, Grant, MemoryTokens};
use countersign_core::Result;
use countersign_core::verify::AnyVerifier;

use crate::auth::{Auth, Options, Parameters};

/// Who holds the one token there is.
const PRINCIPAL: &str = "bearer";

impl From<Bearer> for Auth {
    fn from(bearer: Bearer) -> Self {
        Self::new(bearer)
    }
}

pub(super) fn client(parameters: &Parameters, options: &Options) -> Result<Auth> {
    match parameters.text("token") {
        "" if options.lenient => Ok(Auth::none()),
        token if options.lenient => Bearer::any_token(token).map(Auth::from),
        token => Bearer::new(token).map(Auth::from),
    }
}

pub(super) fn server(
    parameters: &Parameters,
    realm: &str,
    _: &Options,
) -> Result<AnyVerifier<String>> {
    let token = parameters.text("token");
    Bearer::new(token)?;
    let tokens = MemoryTokens::new([(token, Grant::new(PRINCIPAL.to_owned()))]);
    Ok(AnyVerifier::new(BearerVerifier::new(realm, tokens)?))
}
