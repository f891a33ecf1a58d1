//! [`Builder`], which makes an [`OAuth2`] from its settings.

use std::fmt;
use std::sync::Arc;

use countersign_core::placement::Placement;
use countersign_core::{Fetch, Result, Secret, Sources};
use countersign_token::{Configuration, Key, Manager, MemoryStore, Settings, Store};

use super::setup::Setup;
use super::{ClientAuthentication, Grant, Parameter, Pkce};
use crate::authorization::UserAgent;
use crate::client::{GrantSource, OAuth2};
use crate::device::Verification;

/// Makes an [`OAuth2`]. Nothing is checked before it is built.
#[derive(Clone)]
pub struct Builder {
    pub(crate) grant: Grant,
    pub(crate) authorization_url: Option<String>,
    pub(crate) token_url: Option<String>,
    pub(crate) refresh_url: Option<String>,
    pub(crate) device_url: Option<String>,
    pub(crate) revocation_url: Option<String>,
    pub(crate) redirect_uri: Option<String>,
    pub(crate) client_id: String,
    pub(crate) client_secret: Option<Secret>,
    pub(crate) authentication: ClientAuthentication,
    pub(crate) scopes: Vec<String>,
    pub(crate) state: Option<Secret>,
    pub(crate) nonce: Option<Secret>,
    pub(crate) issuer: Option<String>,
    pub(crate) requires_issuer: bool,
    pub(crate) resources: Vec<String>,
    pub(crate) audience: Option<String>,
    pub(crate) pkce: Pkce,
    pub(crate) code_verifier: Option<Secret>,
    pub(crate) on_authorization: Vec<Parameter>,
    pub(crate) on_token: Vec<Parameter>,
    pub(crate) on_refresh: Vec<Parameter>,
    pub(crate) placement: Placement,
    pub(crate) uses_id_token: bool,
    pub(crate) is_strict: bool,
    pub(crate) token_types: Vec<String>,
    pub(crate) name: Option<String>,
    pub(crate) subject: Option<String>,
    pub(crate) environment: Option<String>,
    pub(crate) configuration: Option<Configuration>,
    pub(crate) key: Option<Key>,
    pub(crate) user_agent: Option<Arc<dyn UserAgent>>,
    pub(crate) on_user_code: Option<Arc<Show>>,
    pub(crate) allow_cleartext: bool,
    pub(crate) sources: Sources,
}

/// Shows a person where to consent.
pub(crate) type Show = dyn Fn(&Verification) + Send + Sync;

impl Builder {
    /// Begins with a grant and nothing else.
    pub fn new(grant: Grant) -> Self {
        Self {
            grant,
            authorization_url: None,
            token_url: None,
            refresh_url: None,
            device_url: None,
            revocation_url: None,
            redirect_uri: None,
            client_id: String::new(),
            client_secret: None,
            authentication: ClientAuthentication::default(),
            scopes: Vec::new(),
            state: None,
            nonce: None,
            issuer: None,
            requires_issuer: false,
            resources: Vec::new(),
            audience: None,
            pkce: Pkce::default(),
            code_verifier: None,
            on_authorization: Vec::new(),
            on_token: Vec::new(),
            on_refresh: Vec::new(),
            placement: Placement::Header("Bearer".into()),
            uses_id_token: false,
            is_strict: false,
            token_types: Vec::new(),
            name: None,
            subject: None,
            environment: None,
            configuration: None,
            key: None,
            user_agent: None,
            on_user_code: None,
            allow_cleartext: false,
            sources: Sources::default(),
        }
    }

    /// The authorization endpoint (RFC 6749 section 3.1), which the browser is sent to.
    #[must_use]
    pub fn authorization_url(mut self, url: impl Into<String>) -> Self {
        self.authorization_url = Some(url.into());
        self
    }

    /// The token endpoint (RFC 6749 section 3.2).
    #[must_use]
    pub fn token_url(mut self, url: impl Into<String>) -> Self {
        self.token_url = Some(url.into());
        self
    }

    /// Where tokens are refreshed, if not at the token endpoint.
    #[must_use]
    pub fn refresh_url(mut self, url: impl Into<String>) -> Self {
        self.refresh_url = Some(url.into());
        self
    }

    /// The device authorization endpoint (RFC 8628 section 3.1). The authorization code grant falls back to it where
    /// there is no browser.
    #[must_use]
    pub fn device_authorization_url(mut self, url: impl Into<String>) -> Self {
        self.device_url = Some(url.into());
        self
    }

    /// The revocation endpoint (RFC 7009 section 2).
    #[must_use]
    pub fn revocation_url(mut self, url: impl Into<String>) -> Self {
        self.revocation_url = Some(url.into());
        self
    }

    /// Where the server sends the browser back to, exactly as it is registered (RFC 6749 section 3.1.2). Without one,
    /// the user agent uses one of its own.
    #[must_use]
    pub fn redirect_uri(mut self, uri: impl Into<String>) -> Self {
        self.redirect_uri = Some(uri.into());
        self
    }

    /// The client's identifier.
    #[must_use]
    pub fn client_id(mut self, id: impl Into<String>) -> Self {
        self.client_id = id.into();
        self
    }

    /// The client's secret; a public client has none.
    #[must_use]
    pub fn client_secret(mut self, secret: impl Into<Secret>) -> Self {
        self.client_secret = Some(secret.into());
        self
    }

    /// How the client says who it is. By Basic, if it has a secret, unless told otherwise.
    #[must_use]
    pub fn client_authentication(mut self, how: ClientAuthentication) -> Self {
        self.authentication = how;
        self
    }

    /// The scope that is asked for, names separated by spaces (RFC 6749 section 3.3); said again, it adds to that.
    #[must_use]
    pub fn scope(mut self, scope: &str) -> Self {
        let names = scope.split_whitespace().map(str::to_owned);
        self.scopes.extend(names);
        self
    }

    /// The `state` of the authorization request, which the answer has to repeat. Without it 256 random bits, which no
    /// other request has.
    #[must_use]
    pub fn state(mut self, state: impl Into<Secret>) -> Self {
        self.state = Some(state.into());
        self
    }

    /// The `nonce` of the authorization request, which the ID token has to repeat (OpenID Connect Core 1.0 section
    /// 3.1.2.1). Without it 256 random bits, where the scope has `openid`.
    #[must_use]
    pub fn nonce(mut self, nonce: impl Into<Secret>) -> Self {
        self.nonce = Some(nonce.into());
        self
    }

    /// The server's issuer identifier: an answer that names another one is refused (RFC 9207). Without it the `iss` of
    /// an answer has to be of the authorization endpoint's origin.
    #[must_use]
    pub fn issuer(mut self, issuer: impl Into<String>) -> Self {
        self.issuer = Some(issuer.into());
        self
    }

    /// Refuses an answer that names no issuer: for servers whose metadata says
    /// `authorization_response_iss_parameter_supported`.
    #[must_use]
    pub fn require_issuer(mut self, require: bool) -> Self {
        self.requires_issuer = require;
        self
    }

    /// A resource that the token is for (RFC 8707 section 2); said again, one more.
    #[must_use]
    pub fn resource(mut self, resource: impl Into<String>) -> Self {
        self.resources.push(resource.into());
        self
    }

    /// The `audience` that some servers ask for instead.
    #[must_use]
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.audience = Some(audience.into());
        self
    }

    /// How the code is bound to this client: by [`Pkce::S256`] unless told otherwise.
    #[must_use]
    pub fn pkce(mut self, pkce: Pkce) -> Self {
        self.pkce = pkce;
        self
    }

    /// The code verifier, 43 to 128 letters, digits and `-._~` (RFC 7636 section 4.1). Without it 256 random bits,
    /// which no other request has.
    #[must_use]
    pub fn code_verifier(mut self, verifier: impl Into<Secret>) -> Self {
        self.code_verifier = Some(verifier.into());
        self
    }

    /// One more parameter of the authorization request, and of the device authorization request.
    #[must_use]
    pub fn authorization_parameter(mut self, parameter: Parameter) -> Self {
        self.on_authorization.push(parameter);
        self
    }

    /// One more parameter of the requests for a token, but for those that refresh one.
    #[must_use]
    pub fn token_parameter(mut self, parameter: Parameter) -> Self {
        self.on_token.push(parameter);
        self
    }

    /// One more parameter of the requests that refresh a token.
    #[must_use]
    pub fn refresh_parameter(mut self, parameter: Parameter) -> Self {
        self.on_refresh.push(parameter);
        self
    }

    /// Where the token goes in a request: `Authorization: Bearer`, unless told otherwise.
    #[must_use]
    pub fn placement(mut self, placement: Placement) -> Self {
        self.placement = placement;
        self
    }

    /// Sends the ID token and not the access token: for servers that want it so. The scope needs `openid`.
    #[must_use]
    pub fn use_id_token(mut self, use_it: bool) -> Self {
        self.uses_id_token = use_it;
        self
    }

    /// Reads token answers by the letter of RFC 6749 section 5.1: JSON that says so, with a `token_type` that is `bearer`,
    /// `expires_in` a whole number and `scope` a text. Otherwise they are read as servers send them.
    #[must_use]
    pub fn strict(mut self, strict: bool) -> Self {
        self.is_strict = strict;
        self
    }

    /// Takes this `token_type`, in any case, for another name of `bearer`; said again, one more. Without it any type is
    /// sent as a bearer token that does not ask for more than the token itself, as `mac` and `DPoP` do; and if
    /// [`strict`](Self::strict) none but `bearer`.
    #[must_use]
    pub fn accept_token_type(mut self, token_type: &str) -> Self {
        self.token_types.push(token_type.to_ascii_lowercase());
        self
    }

    /// The name that its tokens are stored by.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Whom the token is for, where the program keeps those of several people apart. The password grant's user name is
    /// that by itself.
    #[must_use]
    pub fn subject(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    /// The environment that its tokens belong to, such as `staging`; no other is given them.
    #[must_use]
    pub fn environment(mut self, environment: impl Into<String>) -> Self {
        self.environment = Some(environment.into());
        self
    }

    /// What is stored with its tokens, for whoever finds them by their name.
    #[must_use]
    pub fn configuration(mut self, configuration: Configuration) -> Self {
        self.configuration = Some(configuration);
        self
    }

    /// The key of a token that is stored already, in the place of the one that the settings make: for whoever renews it
    /// without all of the settings that it was made with, the client's secret for instance.
    #[must_use]
    pub fn key(mut self, key: Key) -> Self {
        self.key = Some(key);
        self
    }

    /// Who leads a person through the authorization. Without it the grants that need one fail where they have no
    /// token that can be refreshed.
    #[must_use]
    pub fn user_agent(mut self, user_agent: impl UserAgent) -> Self {
        self.user_agent = Some(Arc::new(user_agent));
        self
    }

    /// Shows a person the address and the code of the device grant.
    #[must_use]
    pub fn on_user_code(mut self, show: impl Fn(&Verification) + Send + Sync + 'static) -> Self {
        self.on_user_code = Some(Arc::new(show));
        self
    }

    /// Lets secrets go to endpoints over `http` that are not on this machine. Whoever is on the way can use them.
    #[must_use]
    pub fn allow_cleartext(mut self, allow: bool) -> Self {
        self.allow_cleartext = allow;
        self
    }

    /// Takes time and randomness from elsewhere than the system.
    #[must_use]
    pub fn sources(mut self, sources: Sources) -> Self {
        self.sources = sources;
        self
    }

    /// Where tokens come from, for a [`Manager`] of the caller's own.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for a setting that is missing, that
    /// cannot be used, or that does not fit the grant.
    pub fn source(self, fetch: impl Fetch) -> Result<GrantSource> {
        Setup::new(self).map(|setup| GrantSource::new(setup, Arc::new(fetch)))
    }

    /// The scheme, with its tokens in memory. `fetch` reaches the server's endpoints.
    ///
    /// # Errors
    ///
    /// Those of [`source`](Self::source).
    pub fn build(self, fetch: impl Fetch) -> Result<OAuth2> {
        self.build_with(fetch, MemoryStore::new())
    }

    /// The scheme, with its tokens in `store`.
    ///
    /// # Errors
    ///
    /// Those of [`source`](Self::source).
    pub fn build_with(self, fetch: impl Fetch, store: impl Store) -> Result<OAuth2> {
        self.build_managed(fetch, store, Settings::default())
    }

    /// The same, with a manager that works as `settings` say; its sources are those of the builder.
    ///
    /// # Errors
    ///
    /// Those of [`source`](Self::source).
    pub fn build_managed(
        self,
        fetch: impl Fetch,
        store: impl Store,
        settings: Settings,
    ) -> Result<OAuth2> {
        let (placement, uses_id_token) = (self.placement.clone(), self.uses_id_token);
        let settings = settings.sources(self.sources.clone());
        let manager = Manager::with_settings(self.source(fetch)?, store, settings);
        Ok(OAuth2::new(manager, placement)?.use_id_token(uses_id_token))
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("grant", &self.grant)
            .field("client_id", &self.client_id)
            .field("scopes", &self.scopes)
            .field("placement", &self.placement)
            .finish_non_exhaustive()
    }
}
