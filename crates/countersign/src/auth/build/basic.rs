//! `basic`: `username`, `password`.

use countersign_basic::{Basic, BasicVerifier, MemoryAccounts};
use countersign_core::Result;
use countersign_core::verify::AnyVerifier;

use crate::auth::{Auth, Options, Parameters};

impl From<Basic> for Auth {
    fn from(basic: Basic) -> Self {
        Self::with_reactive(basic.clone(), basic.reactive())
    }
}

pub(super) fn client(parameters: &Parameters, options: &Options) -> Result<Auth> {
    let (username, password) = (parameters.text("username"), parameters.text("password"));
    match username.split_once(':') {
        // On the wire the first colon ends the name, so these are the same bytes.
        Some((name, rest)) if options.lenient => basic(name, &format!("{rest}:{password}")),
        _ => basic(username, password),
    }
}

fn basic(username: &str, password: &str) -> Result<Auth> {
    Basic::new(username, password).map(Auth::from)
}

pub(super) fn server(
    parameters: &Parameters,
    realm: &str,
    _: &Options,
) -> Result<AnyVerifier<String>> {
    let (username, password) = (parameters.text("username"), parameters.text("password"));
    // Whoever cannot log in is told so when the server is set up.
    Basic::new(username, password)?;
    let users = MemoryAccounts::new([(username, password)]);
    Ok(AnyVerifier::new(BasicVerifier::new(realm, users)?))
}
