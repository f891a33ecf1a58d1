//! [`OAuth2`], the scheme.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use countersign_core::challenge::{self, Challenge};
use countersign_core::placement::{Placed, Placement};
use countersign_core::{Begin, Cx, Error, Result, Scheme, Secret};
use countersign_token::{Held, Manager, Token};
use http::header::WWW_AUTHENTICATE;
use http::{StatusCode, response};

use super::exchange::OAuth2Exchange;
use crate::credentials::{Builder, Grant};

/// Requests with an OAuth 2.0 token that is valid. Clones share it.
///
/// The token is fetched when the first request needs it, renewed before it ends, and once more when the server refuses
/// it (401, RFC 6750 section 3.1); the request is then sent again. If no token can be had the request fails with an error
/// whose sources hold a [`Refused`](countersign_token::Refused); it is never sent without one.
#[derive(Clone)]
pub struct OAuth2(pub(super) Arc<Shared>);

pub(super) struct Shared {
    tokens: Tokens,
    placement: Placement,
    uses_id_token: bool,
    /// The token that was used last, ready for its place.
    ready: Mutex<Option<(Arc<Held>, Placed)>>,
}

enum Tokens {
    Fixed(Placed),
    Managed(Manager),
}

impl OAuth2 {
    /// One access token that was had elsewhere; it is not renewed.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for a token or a place that no request
    /// can carry.
    pub fn access_token(token: impl Into<Secret>, placement: &Placement) -> Result<Self> {
        let tokens = Tokens::Fixed(placement.place(token)?);
        Ok(Self::of(tokens, placement.clone()))
    }

    /// The tokens of a manager, put where `placement` says.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for a place that no request has.
    pub fn new(manager: Manager, placement: Placement) -> Result<Self> {
        placement.check()?;
        Ok(Self::of(Tokens::Managed(manager), placement))
    }

    fn of(tokens: Tokens, placement: Placement) -> Self {
        Self(Arc::new(Shared {
            tokens,
            placement,
            uses_id_token: false,
            ready: Mutex::default(),
        }))
    }

    /// Sends the ID token and not the access token.
    #[must_use]
    pub fn use_id_token(self, use_it: bool) -> Self {
        let tokens = match &self.0.tokens {
            Tokens::Fixed(placed) => Tokens::Fixed(placed.clone()),
            Tokens::Managed(manager) => Tokens::Managed(manager.clone()),
        };
        Self(Arc::new(Shared {
            tokens,
            placement: self.0.placement.clone(),
            uses_id_token: use_it,
            ready: Mutex::default(),
        }))
    }

    /// What manages its tokens; `None` for a fixed one.
    pub fn manager(&self) -> Option<&Manager> {
        match &self.0.tokens {
            Tokens::Fixed(_) => None,
            Tokens::Managed(manager) => Some(manager),
        }
    }

    /// RFC 6749 section 4.1, with a person in the browser; give a [`user_agent`](Builder::user_agent).
    pub fn authorization_code(
        authorization_url: impl Into<String>,
        token_url: impl Into<String>,
        client_id: impl Into<String>,
    ) -> Builder {
        let builder = Builder::new(Grant::AuthorizationCode).client_id(client_id);
        builder
            .authorization_url(authorization_url)
            .token_url(token_url)
    }

    /// RFC 6749 section 4.2. See the warning at [`Grant::Implicit`].
    pub fn implicit(authorization_url: impl Into<String>, client_id: impl Into<String>) -> Builder {
        let builder = Builder::new(Grant::Implicit).client_id(client_id);
        builder.authorization_url(authorization_url)
    }

    /// RFC 6749 section 4.3. See the warning at [`Grant::Password`].
    pub fn password(
        token_url: impl Into<String>,
        client_id: impl Into<String>,
        username: impl Into<String>,
        password: impl Into<Secret>,
    ) -> Builder {
        let (username, password) = (username.into(), password.into());
        let builder = Builder::new(Grant::Password { username, password });
        builder.token_url(token_url).client_id(client_id)
    }

    /// RFC 6749 section 4.4: the client in its own name.
    pub fn client_credentials(
        token_url: impl Into<String>,
        client_id: impl Into<String>,
        client_secret: impl Into<Secret>,
    ) -> Builder {
        let builder = Builder::new(Grant::ClientCredentials).token_url(token_url);
        builder.client_id(client_id).client_secret(client_secret)
    }

    /// RFC 8628: a person on another device; show the code by [`on_user_code`](Builder::on_user_code).
    pub fn device(
        device_authorization_url: impl Into<String>,
        token_url: impl Into<String>,
        client_id: impl Into<String>,
    ) -> Builder {
        let builder = Builder::new(Grant::Device).client_id(client_id);
        builder
            .device_authorization_url(device_authorization_url)
            .token_url(token_url)
    }

    /// RFC 6749 section 6, from a refresh token that was had elsewhere.
    pub fn refresh_token(
        token_url: impl Into<String>,
        client_id: impl Into<String>,
        refresh_token: impl Into<Secret>,
    ) -> Builder {
        let builder = Builder::new(Grant::RefreshToken(refresh_token.into()));
        builder.token_url(token_url).client_id(client_id)
    }

    /// RFC 6749 section 4.5: any other grant, by the fields of its form.
    pub fn custom<N: Into<String>, V: Into<Secret>>(
        token_url: impl Into<String>,
        grant_type: impl Into<String>,
        fields: impl IntoIterator<Item = (N, V)>,
    ) -> Builder {
        let fields = fields
            .into_iter()
            .map(|(name, value)| (name.into(), value.into()));
        let builder = Builder::new(Grant::Custom {
            grant_type: grant_type.into(),
            fields: fields.collect(),
        });
        builder.token_url(token_url)
    }
}

impl Shared {
    /// The token ready for its place: made once for each, as no request shall pay for it.
    fn placed(&self, held: &Arc<Held>) -> Result<Placed> {
        let mut ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, placed)) = ready.as_ref().filter(|(of, _)| Arc::ptr_eq(of, held)) {
            return Ok(placed.clone());
        }
        let placed = self.place(held.token())?;
        *ready = Some((Arc::clone(held), placed.clone()));
        Ok(placed)
    }

    fn place(&self, token: &Token) -> Result<Placed> {
        let token = match &token.id_token {
            Some(id_token) if self.uses_id_token => id_token,
            None if self.uses_id_token => return Err(no_id_token()),
            _ => &token.access,
        };
        self.placement.place(token.clone())
    }

    /// Whether a refusal may be over with another token: RFC 6750 section 3.1. It is where the challenge says
    /// `invalid_token`, or nothing of why; not where there are challenges of other schemes alone.
    fn is_about_token(&self, response: &response::Parts) -> bool {
        if response.status != StatusCode::UNAUTHORIZED {
            return false;
        }
        let challenges = challenge::parse(response.headers.get_all(WWW_AUTHENTICATE));
        let mut ours = challenges.iter().filter(|one| self.is_ours(one)).peekable();
        match ours.peek() {
            None => !response.headers.contains_key(WWW_AUTHENTICATE),
            Some(_) => ours.any(|one| {
                one.text("error")
                    .is_none_or(|error| error == "invalid_token")
            }),
        }
    }

    fn is_ours(&self, challenge: &Challenge<'_>) -> bool {
        let own = match &self.placement {
            Placement::Header(prefix) => challenge.is(prefix),
            _ => false,
        };
        own || challenge.is("Bearer")
    }
}

fn no_id_token() -> Error {
    Error::configuration("the token that is held has no ID token: ask for the scope openid")
}

impl OAuth2 {
    fn exchange(&self, held: Arc<Held>, restarted: bool) -> Result<OAuth2Exchange> {
        let placed = self.0.placed(&held)?;
        Ok(OAuth2Exchange {
            scheme: self.clone(),
            placed,
            held: Some(held),
            restarted,
        })
    }

    fn managed(&self, manager: &Manager, restarted: bool) -> Begin<OAuth2Exchange> {
        if let Some(held) = manager.held() {
            return self.exchange(held, restarted).into();
        }
        let (scheme, manager) = (self.clone(), manager.clone());
        Begin::wait(async move { scheme.exchange(manager.token().await?, restarted) })
    }

    /// Whether another token may help where `held` was refused; then it is given up.
    pub(super) fn renews(&self, held: &Arc<Held>, response: &response::Parts) -> bool {
        let manager = self.manager().filter(|_| self.0.is_about_token(response));
        manager.is_some_and(|manager| manager.refused(held))
    }
}

impl Scheme for OAuth2 {
    type Exchange = OAuth2Exchange;

    fn begin(&self, cx: Cx<'_>) -> Begin<OAuth2Exchange> {
        match cx.refused {
            Some(refused) if !self.0.is_about_token(refused) => {
                return Begin::failed(Error::challenge(
                    "the server does not ask for a bearer token",
                ));
            }
            _ => {}
        }
        match &self.0.tokens {
            Tokens::Managed(manager) => self.managed(manager, cx.refused.is_some()),
            Tokens::Fixed(placed) => Begin::ready(OAuth2Exchange {
                scheme: self.clone(),
                placed: placed.clone(),
                held: None,
                restarted: true,
            }),
        }
    }
}

impl fmt::Debug for OAuth2 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuth2")
            .field("key", &self.manager().map(Manager::key))
            .field("placement", &self.0.placement)
            .finish_non_exhaustive()
    }
}
