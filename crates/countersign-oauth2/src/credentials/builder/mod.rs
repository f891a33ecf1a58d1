//! [`Builder`], which makes an [`OAuth2`] from its settings.

mod request;
mod server;
mod token;

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
