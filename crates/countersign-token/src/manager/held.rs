//! [`Held`], a token in use.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::settings::Settings;
use crate::token::Token;

/// A token in use.
pub struct Held {
    token: Token,
    /// From when on the next one is fetched, since the Unix epoch.
    due: Option<Duration>,
    /// From when on it is not used.
    end: Option<Duration>,
    /// When it came in the place of one that a server had refused.
    renewed: Option<Duration>,
    accepted: AtomicBool,
}

impl Held {
    pub(crate) fn new(token: Token, settings: &Settings) -> Self {
        let windows = token
            .lifetime()
            .map(|lifetime| settings.windows.of(lifetime, settings.chance()));
        let end = token.expires_at.map(since_epoch).zip(windows);
        Self {
            token,
            due: end.map(|(end, (_, soft))| end.saturating_sub(soft)),
            end: end.map(|(end, (hard, _))| end.saturating_sub(hard)),
            renewed: None,
            accepted: AtomicBool::new(false),
        }
    }

    pub(crate) fn renewed(mut self, at: Option<Duration>) -> Self {
        self.renewed = at;
        self
    }

    /// The token.
    pub fn token(&self) -> &Token {
        &self.token
    }

    /// Says that a server took it. One that replaced a refused one, and is refused too before this, is not replaced
    /// again for ten seconds.
    pub fn accepted(&self) {
        self.accepted.store(true, Ordering::Relaxed);
    }

    /// Whether it may be used, as of `now` since the Unix epoch.
    pub(crate) fn is_valid(&self, now: Duration) -> bool {
        self.end.is_none_or(|end| now < end)
    }

    /// Whether the next one should be fetched.
    pub(crate) fn is_due(&self, now: Duration) -> bool {
        self.due.is_some_and(|due| due <= now)
    }

    /// Whether it is of no use to replace it upon a refusal: its predecessor was refused just before.
    pub(crate) fn is_in_vain(&self, now: Duration) -> bool {
        const PAUSE: Duration = Duration::from_secs(10);
        !self.accepted.load(Ordering::Relaxed)
            && self
                .renewed
                .is_some_and(|at| (at..at + PAUSE).contains(&now))
    }
}

pub(crate) fn since_epoch(time: SystemTime) -> Duration {
    time.duration_since(UNIX_EPOCH).unwrap_or_default()
}

impl fmt::Debug for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Held")
            .field("token", &self.token)
            .field("due", &self.due)
            .field("end", &self.end)
            .finish_non_exhaustive()
    }
}
