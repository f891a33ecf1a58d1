//! Storing a new token before it is used.

use std::sync::Arc;

use super::Held;
use super::ask::Asked;
use super::failure::Failure;
use crate::entry::Entry;
use crate::settings::Change;
use crate::token::Token;

impl Asked<'_> {
    /// Stores the token before anybody gets it. If that fails it is used from memory, as the server may have made its
    /// predecessor invalid.
    pub(super) async fn keep(&mut self, known: Option<Entry>, token: Token) -> Arc<Held> {
        let entry = self.shared.entry(known, token.clone());
        self.save(entry).await;
        self.shared.tell(Change::Obtained(&token));
        self.shared.ready(Held::new(token, &self.shared.settings))
    }

    async fn save(&mut self, entry: Entry) {
        let stored = self.lease.put(entry.clone()).await;
        let shared = self.shared;
        let mut state = shared.state();
        let before = state.unsaved.take();
        if let Err(error) = stored {
            let before = before.as_ref().map(|(_, failure)| failure);
            let failure = Failure::new(error.clone().into(), before, &shared.settings);
            state.unsaved = Some((entry, failure));
            drop(state);
            shared.tell(Change::NotStored(&error));
        }
    }

    /// Stores what could not be stored before.
    pub(super) async fn save_late(&mut self) {
        let unsaved = self
            .shared
            .state()
            .unsaved
            .as_ref()
            .map(|(entry, _)| entry.clone());
        if let Some(entry) = unsaved {
            self.save(entry).await;
        }
    }
}
