//! [`Answer`], the form with which an endpoint answers.

use bytes::Bytes;
use countersign_core::canonical::percent::Plus;
use countersign_core::canonical::query;
use countersign_core::{Error, ErrorKind, Result};
use http::Response;
use zeroize::Zeroizing;

use crate::parameter::{CALLBACK_CONFIRMED, TOKEN, TOKEN_SECRET};

/// The parameters of an answer, decoded.
pub(super) struct Answer(Vec<(String, Zeroizing<String>)>);

impl Answer {
    pub(super) fn read(response: Response<Bytes>) -> Result<Self> {
        if !response.status().is_success() {
            let status = response.status().as_u16();
            return Err(refused(format!(
                "the server gave no credentials, and answered {status}"
            )));
        }
        let body = str::from_utf8(response.body()).map_err(|_| no_form())?;
        let pairs = query::pairs(body.trim()).map(|pair| {
            let (name, value) = pair.decoded(Plus::Space).map_err(|_| no_form())?;
            Ok((text(name.into_owned())?, text(value.into_owned())?.into()))
        });
        pairs.collect::<Result<_>>().map(Self)
    }

    /// The value of a parameter that stands there once.
    pub(super) fn one(&self, name: &str) -> Result<Option<&str>> {
        let mut found = self.0.iter().filter(|(known, _)| known == name);
        match (found.next(), found.next()) {
            (_, Some(_)) => Err(refused("the server's answer has a parameter twice")),
            (value, None) => Ok(value.map(|(_, value)| value.as_str())),
        }
    }

    /// Section 2.1: "true", or the server knows no callback.
    pub(super) fn check_confirmed(&self) -> Result<()> {
        match self.one(CALLBACK_CONFIRMED)? {
            Some("true") => Ok(()),
            _ => Err(refused(
                "the server did not confirm the callback (oauth_callback_confirmed): it does not know OAuth 1.0a",
            )),
        }
    }

    /// The token and its secret, which RSA may go without.
    pub(super) fn token(&self, rsa: bool) -> Result<(String, &str)> {
        let token = self.one(TOKEN)?.filter(|token| !token.is_empty());
        let secret = self.one(TOKEN_SECRET)?;
        let secret = secret.filter(|secret| rsa || !secret.is_empty());
        match (token, secret) {
            (Some(token), Some(secret)) => Ok((token.to_owned(), secret)),
            _ => Err(refused(
                "the server's answer has no oauth_token, or no oauth_token_secret",
            )),
        }
    }

    /// What it holds beside the credentials.
    pub(super) fn others(&self) -> Vec<(String, String)> {
        let own = [TOKEN, TOKEN_SECRET, CALLBACK_CONFIRMED];
        let others = self.0.iter().filter(|(name, _)| !own.contains(&&**name));
        others
            .map(|(name, value)| (name.clone(), value.to_string()))
            .collect()
    }
}

fn text(bytes: Vec<u8>) -> Result<String> {
    String::from_utf8(bytes).map_err(|_| no_form())
}

fn no_form() -> Error {
    refused("the server's answer is no form")
}

fn refused(why: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::Fetch, why)
}
