//! [`Manager`], which has a valid token whenever there is one to be had.

mod ask;
mod failure;
mod flight;
mod held;
mod keep;
mod known;
mod state;
mod upkeep;

use std::fmt;
use std::sync::Arc;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use countersign_core::Error;
use tokio::runtime::Handle;

pub use self::held::Held;
use self::state::State;
use crate::key::Key;
use crate::refused::{Refused, RefusedKind};
use crate::settings::{Change, Settings};
use crate::source::Source;
use crate::store::Store;

/// Has a valid token of one source whenever there is one to be had. Clones share it.
///
/// Whatever fetches a token runs in a task of its own: any number of callers wait for it and share its result or its
/// error, and none of them can stop it.
#[derive(Clone)]
pub struct Manager(Arc<Shared>);

struct Shared {
    source: Arc<dyn Source>,
    store: Arc<dyn Store>,
    settings: Settings,
    state: Mutex<State>,
}

impl Manager {
    /// Tokens of `source`, kept in `store`.
    pub fn new(source: impl Source, store: impl Store) -> Self {
        Self::with_settings(source, store, Settings::default())
    }

    /// The same, working as `settings` say.
    pub fn with_settings(source: impl Source, store: impl Store, settings: Settings) -> Self {
        Self(Arc::new(Shared {
            source: Arc::new(source),
            store: Arc::new(store),
            settings,
            state: Mutex::default(),
        }))
    }

    /// What its token is for.
    pub fn key(&self) -> &Key {
        self.0.source.key()
    }

    /// The token, if one is in memory and valid. Nothing is allocated, unless it is time to fetch the next one in the
    /// background.
    pub fn held(&self) -> Option<Arc<Held>> {
        let now = self.0.now();
        let state = self.0.state();
        let held = state.valid(now)?;
        let due = state.is_due(now);
        drop(state);
        if due {
            flight::behind(&self.0, now);
        }
        Some(held)
    }

    /// A valid token: from memory, from the store, by refreshing, or by the grant.
    ///
    /// # Errors
    ///
    /// Why there is none. The same error is given to all who ask until it is time to try again.
    pub async fn token(&self) -> Result<Arc<Held>, Refused> {
        match self.held() {
            Some(held) => Ok(held),
            None => flight::join(&self.0, false).await,
        }
    }

    /// A new token, although the one that is held may be valid.
    ///
    /// # Errors
    ///
    /// Why there is none.
    pub async fn refresh(&self) -> Result<Arc<Held>, Refused> {
        self.try_again();
        flight::join(&self.0, true).await
    }

    /// Tells that a server refused `held` (401 with `invalid_token`, or without a reason). If it is still the one in
    /// use it no longer is, and the next [`Manager::token`] is another one.
    ///
    /// False if another one would be of no use: this one replaced one that had been refused as well, not ten seconds
    /// ago, and was never accepted.
    pub fn refused(&self, held: &Arc<Held>) -> bool {
        let now = self.0.now();
        let mut state = self.0.state();
        if state.same(held).is_none() {
            return true;
        }
        if held.is_in_vain(now) {
            return false;
        }
        state.reject(held, now);
        drop(state);
        self.0.tell(Change::Rejected(held.token()));
        true
    }

    /// Forgets the last failure, so that the next caller tries at once: after the user has changed something. A server
    /// that asked to be left alone is.
    pub fn try_again(&self) {
        self.0.state().forgive();
    }
}

impl Shared {
    fn now(&self) -> Duration {
        self.settings.sources.clock.now()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, change: Change<'_>) {
        self.settings.tell(self.source.key(), change);
    }

    fn runtime(&self) -> Result<Handle, Refused> {
        let runtime = self.settings.runtime.clone();
        runtime
            .or_else(|| Handle::try_current().ok())
            .ok_or_else(|| {
                let message =
                    "tokens are fetched by tokio; ask inside a runtime, or give one in the settings";
                Refused::new(RefusedKind::Configuration, Error::configuration(message))
            })
    }
}

impl fmt::Debug for Manager {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Manager")
            .field("key", self.key())
            .field("settings", &self.0.settings)
            .finish_non_exhaustive()
    }
}
