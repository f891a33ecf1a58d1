//! What a manager makes of what is stored.

use std::sync::Arc;

use super::{Held, Shared};
use crate::entry::Entry;
use crate::settings::Change;
use crate::token::Token;

impl Shared {
    pub(super) fn is_unsaved(&self) -> bool {
        self.state().unsaved.is_some()
    }

    /// The stored token, unless one that could not be stored is newer.
    pub(super) fn newest(&self, stored: Option<Entry>) -> Option<Entry> {
        let stored_at = stored.as_ref().map(Entry::issued);
        let mut state = self.state();
        state
            .unsaved
            .take_if(|(entry, _)| stored_at > Some(entry.issued()));
        let unsaved = state.unsaved.as_ref().map(|(entry, _)| entry.clone());
        unsaved.or(stored)
    }

    /// The token of `entry` if it may be used, and if it makes a difference: not the one whose time has come.
    pub(super) fn fitting(&self, entry: &Entry) -> Option<Held> {
        let now = self.now();
        let held = Held::new(entry.token.clone(), &self.settings);
        let state = self.state();
        // Each has a window of its own, so the one in use has to be asked.
        let due = match state.same(&held) {
            Some(current) => current.is_due(now),
            None => held.is_due(now) && state.valid(now).is_some(),
        };
        let fits = held.is_valid(now) && !due && !state.is_rejected(&held.token().access);
        fits.then_some(held)
    }

    /// Whether there is a refresh token that is not known to be refused.
    pub(super) fn may_refresh(&self, entry: &Entry) -> bool {
        entry.is_refreshable() && !self.state().is_dead(entry.token.refresh.as_ref())
    }

    pub(super) fn adopt(&self, held: Held) -> Arc<Held> {
        let current = self.state().same(&held);
        current.unwrap_or_else(|| {
            self.tell(Change::Adopted(held.token()));
            self.ready(held)
        })
    }

    pub(super) fn ready(&self, held: Held) -> Arc<Held> {
        Arc::new(held.renewed(self.state().renewing()))
    }

    pub(super) fn entry(&self, known: Option<Entry>, token: Token) -> Entry {
        let mut entry = Entry::new(self.source.key().clone(), token);
        entry.name = self.source.name().map(str::to_owned);
        entry.configuration = self.source.configuration();
        if let Some(known) = known {
            entry.name = known.name.or(entry.name);
            entry.configuration = entry.configuration.or(known.configuration);
            entry.selected_at = known.selected_at;
        }
        entry
    }
}
