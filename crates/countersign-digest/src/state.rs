//! What a client remembers of each origin, and who of several requests asks for the challenge.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use countersign_core::{Origin, Result};
use tokio::sync::watch;

use crate::client::{Config, Session};

/// How many origins are remembered; past it, the store starts anew.
const MAX_ORIGINS: usize = 1024;
/// How many realms of one origin are remembered.
const MAX_REALMS: usize = 8;

/// What is known, by origin.
#[derive(Default)]
pub(crate) struct Store(Mutex<HashMap<Option<Origin>, Arc<Place>>>);

/// What is known of one origin.
#[derive(Default)]
pub(crate) struct Place(Mutex<Known>);

#[derive(Default)]
struct Known {
    /// One of each realm; requests are signed with the last.
    sessions: Vec<Arc<Session>>,
    /// Ends when the request that went ahead knows the challenge, or will never know it.
    leader: Option<watch::Receiver<()>>,
    /// The origin has answered without a challenge, so nobody waits for one.
    open: bool,
}

/// How a request starts.
pub(crate) enum Entry {
    /// Signed.
    Warm(Arc<Session>),
    /// Unsigned, while others wait for its challenge.
    Lead(Lead),
    /// Unsigned.
    Open,
}

/// Held by the request that others wait for. Dropping it lets them go on.
pub(crate) struct Lead {
    place: Arc<Place>,
    _ends: watch::Sender<()>,
}

impl Drop for Lead {
    fn drop(&mut self) {
        self.place.lock().leader = None;
    }
}

impl Store {
    /// The place of `origin`; a new one knows what the user has preset.
    pub(crate) fn place(&self, origin: Option<Origin>, config: &Config) -> Result<Arc<Place>> {
        let mut places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = places.get(&origin) {
            return Ok(Arc::clone(place));
        }
        if places.len() >= MAX_ORIGINS {
            places.clear();
        }
        let place = Arc::new(Place::new(Session::preset(config)?));
        places.insert(origin, Arc::clone(&place));
        Ok(place)
    }
}

impl Place {
    fn new(preset: Option<Session>) -> Self {
        let sessions = preset.map(Arc::new).into_iter().collect();
        Self(Mutex::new(Known {
            sessions,
            ..Known::default()
        }))
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How a request starts, if that can be said without waiting or leading.
    pub(crate) fn look(&self) -> Option<Entry> {
        self.lock().look()
    }

    /// How a request starts: at once, or when the one that went ahead knows the challenge. One that has waited in
    /// vain does not wait again.
    pub(crate) async fn enter(self: &Arc<Self>) -> Entry {
        let mut leader = match self.join() {
            Ok(entry) => return entry,
            Err(leader) => leader,
        };
        let _ = leader.changed().await;
        self.look().unwrap_or(Entry::Open)
    }

    fn join(self: &Arc<Self>) -> Result<Entry, watch::Receiver<()>> {
        let mut known = self.lock();
        if let Some(entry) = known.look() {
            return Ok(entry);
        }
        if let Some(leader) = &known.leader {
            return Err(leader.clone());
        }
        let (ends, leader) = watch::channel(());
        known.leader = Some(leader);
        Ok(Entry::Lead(Lead {
            place: Arc::clone(self),
            _ends: ends,
        }))
    }

    /// Remembers a session in place of `used`. If another request was faster, its session stays; if that has the very
    /// nonce, it is the one to use, because the counts of a nonce come from one counter.
    pub(crate) fn publish(&self, session: Session, used: Option<&Arc<Session>>) -> Arc<Session> {
        let mut known = self.lock();
        let old = known.take(&session);
        if let Some(old) = old.as_ref().filter(|old| old.is_same_as(&session)) {
            return known.put(Arc::clone(old));
        }
        let session = Arc::new(session);
        match old {
            Some(old) if used.is_some_and(|used| !Arc::ptr_eq(used, &old)) => drop(known.put(old)),
            _ => drop(known.put(Arc::clone(&session))),
        }
        session
    }

    /// Forgets a session that was refused, unless another took its place.
    pub(crate) fn forget(&self, refused: &Arc<Session>) {
        self.lock()
            .sessions
            .retain(|session| !Arc::ptr_eq(session, refused));
    }

    /// The origin answers without a challenge that can be answered.
    pub(crate) fn open(&self) {
        self.lock().open = true;
    }
}

impl Known {
    fn look(&mut self) -> Option<Entry> {
        self.sessions.retain(|session| !session.is_used_up());
        match self.sessions.last() {
            Some(session) => Some(Entry::Warm(Arc::clone(session))),
            None => self.open.then_some(Entry::Open),
        }
    }

    fn take(&mut self, like: &Session) -> Option<Arc<Session>> {
        let at = self
            .sessions
            .iter()
            .position(|session| session.same_realm_as(like))?;
        Some(self.sessions.remove(at))
    }

    fn put(&mut self, session: Arc<Session>) -> Arc<Session> {
        if self.sessions.len() >= MAX_REALMS {
            self.sessions.remove(0);
        }
        self.sessions.push(Arc::clone(&session));
        self.open = false;
        session
    }
}
