//! [`Ports`], by which `oauth2` reaches stores and people, and the options that set them.

use std::fmt;
use std::sync::Arc;

use super::Options;
use countersign_oauth2::{
    Authorization, AuthorizationError, Authorized, Builder, UserAgent, Verification,
};
use countersign_token::{BoxFuture, MemoryStore, Settings, Store};

type Show = dyn Fn(&Verification) + Send + Sync;

/// What is outside of the scheme.
#[derive(Clone, Default)]
pub(super) struct Ports {
    store: Option<Arc<dyn Store>>,
    pub(super) tokens: Settings,
    user_agent: Option<Shared<dyn UserAgent>>,
    on_user_code: Option<Arc<Show>>,
}

impl Options {
    /// Where the tokens of `oauth2` are kept; in memory, unless told otherwise.
    #[must_use]
    pub fn store(mut self, store: impl Store) -> Self {
        self.ports.store = Some(Arc::new(store));
        self
    }

    /// How the tokens of `oauth2` are kept valid: a program that ends soon fetches none in the background, say.
    #[must_use]
    pub fn tokens(mut self, settings: Settings) -> Self {
        self.ports.tokens = settings;
        self
    }

    /// Who leads a person through an authorization, such as `oauth2::browser::Browser`. Without it the grants that need
    /// a person have no token.
    #[must_use]
    pub fn user_agent(mut self, user_agent: impl UserAgent) -> Self {
        self.ports.user_agent = Some(Shared(Arc::new(user_agent)));
        self
    }

    /// Shows a person the address and the code of the device grant, which needs it.
    #[must_use]
    pub fn on_user_code(mut self, show: impl Fn(&Verification) + Send + Sync + 'static) -> Self {
        self.ports.on_user_code = Some(Arc::new(show));
        self
    }
}

impl Ports {
    pub(super) fn store(&self) -> Arc<dyn Store> {
        let memory = || Arc::new(MemoryStore::new()) as _;
        self.store.clone().unwrap_or_else(memory)
    }

    /// With whom speaks to a person.
    pub(super) fn people(&self, mut builder: Builder) -> Builder {
        if let Some(user_agent) = &self.user_agent {
            builder = builder.user_agent(user_agent.clone());
        }
        match self.on_user_code.clone() {
            Some(show) => builder.on_user_code(move |code| show(code)),
            None => builder,
        }
    }
}

/// One of several that share it.
struct Shared<T: ?Sized>(Arc<T>);

impl<T: ?Sized> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl UserAgent for Shared<dyn UserAgent> {
    fn authorize(
        &self,
        authorization: Authorization,
    ) -> BoxFuture<'static, Result<Authorized, AuthorizationError>> {
        self.0.authorize(authorization)
    }

    fn begins_again(&self, error: &AuthorizationError) -> BoxFuture<'static, bool> {
        self.0.begins_again(error)
    }
}

impl fmt::Debug for Ports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ports")
            .field("store", &self.store.is_some())
            .field("user_agent", &self.user_agent.is_some())
            .field("on_user_code", &self.on_user_code.is_some())
            .finish()
    }
}
