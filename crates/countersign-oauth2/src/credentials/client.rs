//! [`ClientAuthentication`], how a client says who it is at the server's own endpoints.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use countersign_core::canonical::percent::{FORM, encoded};
use countersign_core::{Error, Result, Secret};
use http::HeaderValue;

/// How a client says who it is at the token endpoint (RFC 6749 section 2.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClientAuthentication {
    /// By Basic, with identifier and secret encoded as in a form before (`client_secret_basic`).
    #[default]
    Basic,
    /// By Basic with both as they are: for servers that do not decode them.
    RawBasic,
    /// By `client_id` and `client_secret` in the form (`client_secret_post`).
    Body,
    /// By `client_id` alone: a client that cannot keep a secret (`none`).
    None,
}

impl ClientAuthentication {
    /// The value of `Authorization`, where there is one. A client without a secret has none.
    pub(crate) fn header(self, id: &str, secret: Option<&Secret>) -> Result<Option<HeaderValue>> {
        let Some(secret) = secret.map(text).transpose()? else {
            return Ok(None);
        };
        match self {
            Self::Basic => basic(&form(id), &form(secret)).map(Some),
            Self::RawBasic => basic(id, secret).map(Some),
            Self::Body | Self::None => Ok(None),
        }
    }

    /// What stands in the form.
    pub(crate) fn fields(self, id: &str, secret: Option<&Secret>) -> Result<Vec<(String, String)>> {
        let id = || ("client_id".to_owned(), id.to_owned());
        let secret = secret.map(text).transpose()?;
        Ok(match (self, secret) {
            (Self::Basic | Self::RawBasic, Some(_)) => Vec::new(),
            (Self::Body, Some(secret)) => vec![id(), ("client_secret".into(), secret.into())],
            _ => vec![id()],
        })
    }
}

fn form(text: &str) -> String {
    encoded(text.as_bytes(), FORM).into_owned()
}

fn text(secret: &Secret) -> Result<&str> {
    let unfit = || Error::configuration("the client's secret is no text");
    secret.expose_str().ok_or_else(unfit)
}

fn basic(id: &str, secret: &str) -> Result<HeaderValue> {
    let pair = STANDARD.encode([id, ":", secret].concat());
    let value = HeaderValue::try_from(["Basic ", &pair].concat());
    let mut value = value.map_err(|_| Error::configuration("the client's secret is too long"))?;
    value.set_sensitive(true);
    Ok(value)
}
