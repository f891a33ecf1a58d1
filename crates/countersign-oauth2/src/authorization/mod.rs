//! A person's consent: the authorization request and the answer in the redirect (RFC 6749 sections 4.1.1 to 4.2.2).

mod agent;
mod error;
mod redirect;

use std::fmt;
use std::sync::Arc;

use countersign_core::{Error, Result, Secret};
use oauth2::{AuthUrl, ClientId, CsrfToken, RedirectUrl, ResponseType, Scope};
use url::Url;

pub use agent::{Handler, UserAgent};
pub use error::{AuthorizationError, RedirectError};
pub(crate) use redirect::Response;
#[cfg(feature = "browser")]
pub(crate) use redirect::holds_answer;
pub use redirect::{Authorized, ResponseMode};

use crate::credentials::{Grant, Setup};
use crate::message::{claims::Claims, form, pkce};

/// One authorization request that a [`UserAgent`] leads a person through. A clone is the same request.
#[derive(Clone)]
pub struct Authorization(Arc<Pending>);

struct Pending {
    setup: Arc<Setup>,
    authorization_url: Url,
    state: Secret,
    nonce: Option<Secret>,
    verifier: Secret,
}

impl Authorization {
    pub(crate) fn new(setup: &Arc<Setup>) -> Result<Self> {
        let asked = &setup.asked;
        let random = || pkce::random(&asked.sources);
        let given = |given: &Option<Secret>| given.clone().map_or_else(random, Ok);
        let no_url = || Error::configuration("the grant needs an authorization endpoint");
        Ok(Self(Arc::new(Pending {
            authorization_url: setup.authorization.clone().ok_or_else(no_url)?,
            state: given(&asked.state)?,
            nonce: match asked.nonce.is_some() || setup.is_openid() {
                true => Some(given(&asked.nonce)?),
                false => None,
            },
            verifier: given(&asked.code_verifier)?,
            setup: Arc::clone(setup),
        })))
    }

    /// The redirect URI that the user gave; `None` leaves it to the user agent.
    pub fn redirect_uri(&self) -> Option<&str> {
        self.0.setup.asked.redirect_uri.as_deref()
    }

    /// Whether the token itself comes in the redirect, in its fragment.
    pub fn is_implicit(&self) -> bool {
        matches!(self.0.setup.asked.grant, Grant::Implicit)
    }

    /// The URL that the browser goes to, which sends it back to `redirect_uri`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) if `redirect_uri` is no URI.
    pub fn url(&self, redirect_uri: &str) -> Result<Url> {
        let unfit = |_| Error::configuration("the redirect URI is no URI");
        let redirect = RedirectUrl::new(redirect_uri.to_owned()).map_err(unfit)?;
        let (pending, asked) = (&self.0, &self.0.setup.asked);
        let client = oauth2::basic::BasicClient::new(ClientId::new(asked.client_id.clone()))
            .set_auth_uri(AuthUrl::from_url(pending.authorization_url.clone()))
            .set_redirect_uri(redirect);
        let state = text(&pending.state).to_owned();
        let response_type = ResponseType::new(pending.setup.response_type().into());
        let scopes = asked.scopes.iter().cloned().map(Scope::new);
        let mut request = client
            .authorize_url(|| CsrfToken::new(state))
            .set_response_type(&response_type)
            .add_scopes(scopes);
        if let Some(challenge) = self.challenge() {
            request = request.set_pkce_challenge(challenge);
        }
        for (name, value) in self.parameters() {
            request = request.add_extra_param(name, value);
        }
        Ok(request.url().0)
    }

    /// Whether the device grant takes over where there is no browser.
    pub fn falls_back(&self) -> bool {
        self.0.setup.device.is_some()
    }

    /// What nobody can guess: a path, a nonce of a page.
    #[cfg(feature = "browser")]
    pub(crate) fn random(&self) -> Result<String> {
        pkce::random(&self.0.setup.asked.sources).map(|random| text(&random).to_owned())
    }

    fn challenge(&self) -> Option<oauth2::PkceCodeChallenge> {
        let method = self.0.setup.asked.pkce;
        let has_code = !self.is_implicit();
        has_code
            .then(|| pkce::challenge(method, &self.0.verifier))
            .flatten()
    }

    fn parameters(&self) -> Vec<(String, String)> {
        let nonce = self.0.nonce.iter().map(|nonce| ("nonce", nonce));
        let own = self.0.setup.asked.on_authorization.iter();
        let own = own.map(|one| (one.name.as_str(), &one.value));
        let all = nonce
            .chain(own)
            .map(|(name, value)| (name.to_owned(), text(value).to_owned()));
        all.chain(form::targets(&self.0.setup)).collect()
    }

    /// What proves at the token endpoint that this client began; `None` if there is no challenge.
    pub(crate) fn verifier(&self) -> Option<&Secret> {
        self.challenge().map(|_| &self.0.verifier)
    }

    /// Whether an ID token belongs to this request.
    pub(crate) fn admits(&self, id_token: &Secret) -> bool {
        let Some(nonce) = &self.0.nonce else {
            return true;
        };
        Claims::read(id_token).is_some_and(|claims| claims.repeats(nonce))
    }
}

fn text(secret: &Secret) -> &str {
    secret.expose_str().unwrap_or_default()
}

impl fmt::Debug for Authorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authorization")
            .field("redirect_uri", &self.redirect_uri())
            .finish_non_exhaustive()
    }
}
