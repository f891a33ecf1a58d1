//! [`State`], what a manager knows at a moment.

use std::sync::Arc;
use std::time::Duration;

use countersign_core::Secret;

use super::failure::Failure;
use super::flight::Flight;
use super::held::Held;
use crate::entry::Entry;
use crate::refused::Refused;

/// What a manager knows at a moment.
#[derive(Default)]
pub(super) struct State {
    held: Option<Arc<Held>>,
    /// How often the token was set or removed by hand, which a flight that began before must not undo.
    pub(super) changes: u64,
    pub(super) flight: Option<Flight>,
    pub(super) failure: Option<Failure>,
    /// A token that could not be stored, and the failure to do so.
    pub(super) unsaved: Option<(Entry, Failure)>,
    /// The value of the last token that a server refused, which the store may still hold.
    rejected: Option<Secret>,
    /// When that was, until there is another token.
    renewing: Option<Duration>,
    /// The refresh token that the server has refused for good.
    dead: Option<Secret>,
}

impl State {
    pub(super) fn valid(&self, now: Duration) -> Option<Arc<Held>> {
        self.held
            .as_ref()
            .filter(|held| held.is_valid(now))
            .map(Arc::clone)
    }

    /// Whether there is something to do in the background.
    pub(super) fn is_due(&self, now: Duration) -> bool {
        self.held.as_ref().is_some_and(|held| held.is_due(now)) || self.may_save(now)
    }

    fn may_save(&self, now: Duration) -> bool {
        self.unsaved
            .as_ref()
            .is_some_and(|(_, failure)| failure.standing(now).is_none())
    }

    pub(super) fn standing(&self, now: Duration) -> Option<&Refused> {
        self.failure.as_ref()?.standing(now)
    }

    /// The token in use, if it has the value of `held`.
    pub(super) fn same(&self, held: &Held) -> Option<Arc<Held>> {
        let current = self.held.as_ref()?;
        (current.token().access == held.token().access).then(|| Arc::clone(current))
    }

    pub(super) fn reject(&mut self, held: &Held, now: Duration) {
        self.held = None;
        self.rejected = Some(held.token().access.clone());
        self.renewing = Some(now);
    }

    pub(super) fn is_rejected(&self, access: &Secret) -> bool {
        self.rejected.as_ref() == Some(access)
    }

    /// Whether a refresh with `refresh` is of no use.
    pub(super) fn is_dead(&self, refresh: Option<&Secret>) -> bool {
        self.dead.as_ref() == refresh
    }

    pub(super) fn bury(&mut self, refresh: Option<Secret>) {
        self.dead = refresh;
    }

    /// When the token before was refused, if that is why there is to be another.
    pub(super) fn renewing(&mut self) -> Option<Duration> {
        self.renewing.take()
    }

    /// Holds what a flight brought that began after so many changes.
    pub(super) fn hold(&mut self, held: &Arc<Held>, changes: u64) {
        if changes == self.changes {
            self.held = Some(Arc::clone(held));
        }
        self.failure = None;
    }

    pub(super) fn set(&mut self, held: &Arc<Held>) {
        self.drop_token();
        self.held = Some(Arc::clone(held));
    }

    /// Forgets the token; what failed with it is no longer of interest.
    pub(super) fn drop_token(&mut self) {
        self.changes += 1;
        self.held = None;
        self.unsaved = None;
        self.forgive();
    }

    pub(super) fn forgive(&mut self) {
        self.failure.take_if(|failure| !failure.is_throttled());
    }
}
