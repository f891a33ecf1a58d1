//! Asking for a token: the store, then under its lease the server.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use countersign_core::{Error, ErrorKind};

use super::{Held, Shared};
use crate::entry::Entry;
use crate::refused::{Refused, RefusedKind};
use crate::settings::Change;
use crate::store::Lease;
use crate::token::Token;

/// A token that may be used: one that another process has stored, or a new one.
pub(super) async fn token(
    shared: &Arc<Shared>,
    awaited: &AtomicBool,
    anew: bool,
) -> Result<Arc<Held>, Refused> {
    let id = shared.source.key().id();
    if !anew && !shared.is_unsaved() {
        let stored = shared.store.get(id).await?;
        if let Some(held) = stored.and_then(|entry| shared.fitting(&entry)) {
            return Ok(shared.adopt(held));
        }
    }
    let mut lease = shared.store.lock(id).await?;
    let known = shared.newest(lease.get().await?);
    let asked = Asked {
        shared,
        awaited,
        lease: &mut *lease,
    };
    asked.beginning_with(known, anew).await
}

pub(super) struct Asked<'a> {
    pub(super) shared: &'a Arc<Shared>,
    awaited: &'a AtomicBool,
    pub(super) lease: &'a mut dyn Lease,
}

impl Asked<'_> {
    async fn beginning_with(
        mut self,
        known: Option<Entry>,
        anew: bool,
    ) -> Result<Arc<Held>, Refused> {
        if let Some(held) = known
            .as_ref()
            .filter(|_| !anew)
            .and_then(|entry| self.shared.fitting(entry))
        {
            self.save_late().await;
            return Ok(self.shared.adopt(held));
        }
        match self.refreshed(known.as_ref()).await? {
            Refreshed::Token(token) => Ok(self.keep(known, token).await),
            Refreshed::Adopted(held) => Ok(self.shared.adopt(held)),
            Refreshed::No(refusal) => {
                let token = self.granted(known.as_ref(), refusal).await?;
                Ok(self.keep(known, token).await)
            }
        }
    }

    /// Refreshes, if there is a refresh token that is not known to be refused; with another one, if somebody who did not
    /// respect the lease has stored it meanwhile.
    async fn refreshed(&mut self, known: Option<&Entry>) -> Result<Refreshed, Refused> {
        let (mut next, mut refusal) = (known.cloned(), None);
        for _ in 0..2 {
            let Some(entry) = next.take().filter(|entry| self.shared.may_refresh(entry)) else {
                break;
            };
            match self.refresh(&entry.token).await {
                Err(refused) if refused.kind() == RefusedKind::InvalidGrant => {
                    refusal = Some(refused);
                    next = self.bury(&entry).await?;
                }
                token => return token.map(Refreshed::Token),
            }
            if let Some(held) = next.as_ref().and_then(|entry| self.shared.fitting(entry)) {
                return Ok(Refreshed::Adopted(held));
            }
        }
        Ok(Refreshed::No(refusal))
    }

    async fn refresh(&self, before: &Token) -> Result<Token, Refused> {
        let token = self.shared.source.obtain(Some(before.clone())).await?;
        Ok(token.succeed(before.clone()))
    }

    /// Remembers, here and for other processes, that the refresh token of `refused` is of no use; the token itself stays
    /// where it is. Yields what the store has instead, if that is not older.
    async fn bury(&mut self, refused: &Entry) -> Result<Option<Entry>, Refused> {
        self.shared.state().bury(refused.token.refresh.clone());
        let Some(mut stored) = self.lease.get().await? else {
            return Ok(None);
        };
        if stored.token.refresh != refused.token.refresh {
            return Ok(Some(stored).filter(|stored| stored.issued() >= refused.issued()));
        }
        stored.refresh_refused = true;
        if let Err(error) = self.lease.put(stored).await {
            self.shared.tell(Change::NotStored(&error));
        }
        Ok(None)
    }

    /// By the grant; in the background only if it needs no person.
    async fn granted(
        &self,
        known: Option<&Entry>,
        refusal: Option<Refused>,
    ) -> Result<Token, Refused> {
        let source = &self.shared.source;
        if !source.is_silent() && !self.awaited.load(Ordering::Relaxed) {
            return Err(refusal.unwrap_or_else(person_needed));
        }
        let held = known.map(|entry| Token {
            refresh: None,
            ..entry.token.clone()
        });
        source.obtain(held).await
    }
}

enum Refreshed {
    Token(Token),
    /// Somebody else was faster.
    Adopted(Held),
    /// There is nothing to refresh with; if that was just found out, how.
    No(Option<Refused>),
}

fn person_needed() -> Refused {
    let error = Error::new(
        ErrorKind::Fetch,
        "a person has to consent, and nobody waits for the token",
    );
    Refused::new(RefusedKind::Interaction, error)
}
