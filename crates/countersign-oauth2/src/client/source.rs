//! [`GrantSource`], where tokens come from.

use std::fmt;
use std::sync::Arc;

use countersign_core::{Error, Fetch, Secret};
use countersign_token::{BoxFuture, Configuration, Key, Refused, Source, Token};

use super::Endpoint;
use super::endpoint::unfit;
use crate::authorization::{Authorization, AuthorizationError};
use crate::credentials::{Grant, Setup};
use crate::message::Form;
use crate::message::claims::Claims;

/// Where tokens come from: one grant of one client, as [`Builder`](crate::Builder) says.
///
/// A code is exchanged once, whatever comes of it, and nothing is retried here.
#[derive(Clone)]
pub struct GrantSource {
    setup: Arc<Setup>,
    fetch: Arc<dyn Fetch>,
}

impl GrantSource {
    pub(crate) fn new(setup: Setup, fetch: Arc<dyn Fetch>) -> Self {
        Self {
            setup: Arc::new(setup),
            fetch,
        }
    }

    fn endpoint(&self) -> Endpoint {
        Endpoint::new(&self.setup, &self.fetch)
    }

    async fn token(self, held: Option<Token>) -> Result<Token, Refused> {
        let refresh = held.as_ref().and_then(|token| token.refresh.clone());
        let token = match refresh {
            Some(refresh) => self.endpoint().refresh(&refresh).await?,
            None => self.granted().await?,
        };
        self.checked(token, held)
    }

    async fn granted(&self) -> Result<Token, Refused> {
        match &self.setup.asked.grant {
            Grant::RefreshToken(token) => self.endpoint().refresh(token).await,
            Grant::AuthorizationCode | Grant::Implicit => self.consented().await,
            Grant::Device => self.endpoint().device().await,
            _ => self.endpoint().silent().await,
        }
    }

    async fn consented(&self) -> Result<Token, Refused> {
        let Some(user_agent) = &self.setup.asked.user_agent else {
            return self.elsewhere(AuthorizationError::Unavailable).await;
        };
        loop {
            // Each try is a request of its own, as a state is good once.
            let authorization = Authorization::new(&self.setup).map_err(unfit)?;
            return match user_agent.authorize(authorization.clone()).await {
                Ok(authorized) => self.endpoint().authorized(&authorization, authorized).await,
                Err(error) if user_agent.begins_again(&error).await => continue,
                Err(error) => self.elsewhere(error).await,
            };
        }
    }

    /// On another device, if there is no browser here.
    async fn elsewhere(&self, error: AuthorizationError) -> Result<Token, Refused> {
        match error {
            AuthorizationError::Unavailable if self.setup.device.is_some() => {
                self.endpoint().device().await
            }
            error => Err(error.into()),
        }
    }

    /// Where the ID token is what is sent, there has to be one, and its end counts. A refresh may leave it as it was.
    fn checked(&self, mut token: Token, held: Option<Token>) -> Result<Token, Refused> {
        if !self.setup.asked.uses_id_token {
            return Ok(token);
        }
        match &token.id_token {
            Some(id_token) => {
                let end = Claims::read(id_token).and_then(|claims| claims.expires_at());
                token.expires_at = end.or(token.expires_at);
            }
            None => {
                token.id_token = Some(
                    held.and_then(|held| held.id_token)
                        .ok_or_else(no_id_token)?,
                )
            }
        }
        Ok(token)
    }

    async fn revoked(self, token: Token) -> Result<(), Refused> {
        // The server forgets the access tokens with it (RFC 7009 section 2.1).
        let (token, hint) = match &token.refresh {
            Some(refresh) => (refresh, "refresh_token"),
            None => (&token.access, "access_token"),
        };
        self.revoke_one(token, hint).await
    }

    async fn revoke_one(&self, token: &Secret, hint: &str) -> Result<(), Refused> {
        let url = self.setup.revocation.as_ref().ok_or_else(no_revocation)?;
        let form = Form::new(&[
            ("token", token.expose_str().unwrap_or_default()),
            ("token_type_hint", hint),
        ]);
        let request = form.request(&self.setup, url).map_err(unfit)?;
        self.endpoint().send(request).await.map(drop)
    }
}

fn no_id_token() -> Refused {
    super::endpoint::unfit(Error::configuration(
        "the server gave no ID token: ask for the scope openid, or send the access token",
    ))
}

fn no_revocation() -> Refused {
    unfit(Error::configuration(
        "there is no revocation endpoint: set one",
    ))
}

impl Source for GrantSource {
    fn key(&self) -> &Key {
        &self.setup.key
    }

    fn name(&self) -> Option<&str> {
        self.setup.asked.name.as_deref()
    }

    fn configuration(&self) -> Option<Configuration> {
        self.setup.asked.configuration.clone()
    }

    fn obtain(&self, held: Option<Token>) -> BoxFuture<'static, Result<Token, Refused>> {
        Box::pin(self.clone().token(held))
    }

    fn revoke(&self, token: Token) -> BoxFuture<'static, Result<(), Refused>> {
        Box::pin(self.clone().revoked(token))
    }

    fn is_silent(&self) -> bool {
        self.setup.asked.grant.is_silent()
    }
}

impl fmt::Debug for GrantSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GrantSource")
            .field("key", &self.setup.key)
            .finish_non_exhaustive()
    }
}
