//! [`Environment`].

use countersign_core::{Begin, Error, Result};

use super::{Variables, absent};
use crate::client::CredentialsProvider;
use crate::credentials::Credentials;

/// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, and for a temporary key `AWS_SESSION_TOKEN`.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    variables: Variables,
}

impl Environment {
    /// The environment of the process.
    pub fn new() -> Self {
        Self::default()
    }

    /// Another environment.
    pub fn of(variables: Variables) -> Self {
        Self { variables }
    }

    fn read(&self) -> Result<Option<Credentials>> {
        let get = |name| self.variables.get(name);
        match (get("AWS_ACCESS_KEY_ID"), get("AWS_SECRET_ACCESS_KEY")) {
            (None, None) => Ok(None),
            (Some(id), Some(secret)) => {
                credentials(&id, secret, get("AWS_SESSION_TOKEN")).map(Some)
            }
            _ => Err(Error::configuration(
                "of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY only one is set: set both or none",
            )),
        }
    }
}

pub(super) fn credentials(id: &str, secret: String, token: Option<String>) -> Result<Credentials> {
    let credentials = Credentials::new(id, secret)?;
    match token {
        Some(token) => credentials.session_token(token),
        None => Ok(credentials),
    }
}

impl CredentialsProvider for Environment {
    fn provide(&self) -> Begin<Credentials> {
        let read = self.read();
        let none = || absent("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set");
        read.and_then(|found| found.ok_or_else(none)).into()
    }

    fn find(&self) -> Begin<Option<Credentials>> {
        self.read().into()
    }
}
