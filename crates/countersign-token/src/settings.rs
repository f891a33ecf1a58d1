//! [`Settings`] of a manager, its [`Windows`] and its [`Change`]s.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use countersign_core::Sources;
use tokio::runtime::Handle;

use crate::key::Key;
use crate::refused::Refused;
use crate::store::StoreError;
use crate::token::Token;

/// How long before its end a token is replaced.
///
/// Both windows are shorter for a token that lasts less long, so that every token is used: the soft one is at most a
/// fifth of its lifetime, the hard one at most a tenth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Windows {
    /// So long before its end a token is no longer used. 30 seconds by default.
    pub hard: Duration,
    /// So long before its end a token is still used while the next one is fetched in the background. 5 minutes by
    /// default; up to a tenth more or less, so that not all refresh at once.
    pub soft: Duration,
}

impl Default for Windows {
    fn default() -> Self {
        Self {
            hard: Duration::from_secs(30),
            soft: Duration::from_secs(300),
        }
    }
}

impl Windows {
    /// The same with another hard window.
    #[must_use]
    pub fn hard(self, hard: Duration) -> Self {
        Self { hard, ..self }
    }

    /// The same with another soft window. None at all means that nothing is fetched in the background: for programs that
    /// end soon, as what is under way then is lost, and with it a refresh token that the server has replaced.
    #[must_use]
    pub fn soft(self, soft: Duration) -> Self {
        Self { soft, ..self }
    }

    /// The hard and the soft window for a token that lasts `lifetime`; `chance` is any byte.
    pub(crate) fn of(&self, lifetime: Duration, chance: u8) -> (Duration, Duration) {
        let soft = self.soft.min(lifetime / 5);
        let percent = 90 + u32::from(chance % 21);
        (self.hard.min(lifetime / 10), soft / 100 * percent)
    }
}

/// What happened to a manager's token.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Change<'a> {
    /// The server issued it. It is stored already, and nobody has it yet.
    Obtained(&'a Token),
    /// Another process had stored it.
    Adopted(&'a Token),
    /// A server refused it, and it is not used again.
    Rejected(&'a Token),
    /// None was to be had.
    Failed(&'a Refused),
    /// The new one could not be stored. It is used from memory, and storing is tried again.
    NotStored(&'a StoreError),
    /// It was deleted or revoked.
    Removed,
}

type OnChange = dyn Fn(&Key, Change<'_>) + Send + Sync;

/// How a [`Manager`](crate::Manager) works.
#[derive(Clone, Default)]
#[must_use]
pub struct Settings {
    pub(crate) windows: Windows,
    pub(crate) sources: Sources,
    pub(crate) runtime: Option<Handle>,
    on_change: Option<Arc<OnChange>>,
}

impl Settings {
    /// How long before its end a token is replaced.
    pub fn windows(mut self, windows: Windows) -> Self {
        self.windows = windows;
        self
    }

    /// The clock that tokens end by, and the randomness of what is spread over time.
    pub fn sources(mut self, sources: Sources) -> Self {
        self.sources = sources;
        self
    }

    /// Where refreshes run. Otherwise on the runtime of whoever asks first.
    pub fn runtime(mut self, runtime: Handle) -> Self {
        self.runtime = Some(runtime);
        self
    }

    /// Is told of every change, before anybody gets the new token. It should return soon.
    pub fn on_change(
        mut self,
        on_change: impl Fn(&Key, Change<'_>) + Send + Sync + 'static,
    ) -> Self {
        self.on_change = Some(Arc::new(on_change));
        self
    }

    pub(crate) fn tell(&self, key: &Key, change: Change<'_>) {
        log(key, change);
        if let Some(on_change) = &self.on_change {
            on_change(key, change);
        }
    }

    /// A byte to spread things by; that there is no randomness is no reason to go without a token.
    pub(crate) fn chance(&self) -> u8 {
        self.sources.bytes::<1>().map_or(128, |[chance]| chance)
    }
}

fn log(key: &Key, change: Change<'_>) {
    match change {
        Change::Obtained(_) => tracing::debug!(token = %key, "obtained"),
        Change::Adopted(_) => tracing::debug!(token = %key, "adopted from the store"),
        Change::Rejected(_) => tracing::debug!(token = %key, "rejected by a server"),
        Change::Failed(refused) => {
            tracing::warn!(token = %key, kind = ?refused.kind(), "not obtained")
        }
        Change::NotStored(error) => {
            tracing::warn!(token = %key, kind = ?error.kind(), "not stored")
        }
        Change::Removed => tracing::debug!(token = %key, "removed"),
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("windows", &self.windows)
            .field("sources", &self.sources)
            .finish_non_exhaustive()
    }
}
