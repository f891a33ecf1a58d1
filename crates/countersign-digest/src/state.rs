//! What a client remembers of each origin, and who of several requests asks for the challenge.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use countersign_core::canonical::uri::without_user;
use countersign_core::{Cx, Origin, Result};
use http::Uri;
use http::uri::{Authority, Scheme};
use tokio::sync::watch;

use crate::client::{Config, Session};

/// How many origins are remembered; past it, the store starts anew.
const MAX_ORIGINS: usize = 1024;
/// How many realms of one origin are remembered.
const MAX_REALMS: usize = 8;

/// What is known, by origin.
#[derive(Default)]
pub(crate) struct Store(Mutex<Places>);

#[derive(Default)]
struct Places {
    by_origin: HashMap<Option<Origin>, Arc<Place>>,
    /// That of the last request: to find out an origin takes longer than a short hash.
    last: Option<Last>,
}

/// A place, and the scheme and authority by which it was asked for.
struct Last {
    scheme: Scheme,
    authority: Box<str>,
    place: Arc<Place>,
}

/// What is known of one origin.
pub(crate) struct Place {
    pub(crate) config: Arc<Config>,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    /// One of each realm; requests are signed with the last.
    sessions: Vec<Arc<Session>>,
    /// Ends when the request that went ahead knows the challenge, or will never know it.
    leader: Option<watch::Receiver<()>>,
    /// The origin has answered without a challenge, so nobody waits for one.
    open: bool,
    /// Every session that is in use, by its nonce, as the counts of a nonce come from one counter.
    alive: HashMap<Box<[u8]>, Weak<Session>>,
    /// How many there may be before the dead ones are taken out.
    crowd: usize,
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

/// A session that took the place of a refused one, for one request alone until that is accepted or given up: a server
/// that counts within a window would lose its first count among those of many other requests.
pub(crate) struct Renewal {
    place: Arc<Place>,
    session: Arc<Session>,
    used: Arc<Session>,
    rejected: bool,
}

impl Renewal {
    pub(crate) fn session(&self) -> Arc<Session> {
        Arc::clone(&self.session)
    }

    /// It was refused too. Yields the session that it was to take the place of.
    pub(crate) fn reject(mut self) -> Arc<Session> {
        self.rejected = true;
        Arc::clone(&self.used)
    }
}

impl Drop for Renewal {
    fn drop(&mut self) {
        if !self.rejected {
            self.place.lock().replace(&self.session, Some(&self.used));
        }
    }
}

impl Drop for Lead {
    fn drop(&mut self) {
        self.place.lock().leader = None;
    }
}

impl Store {
    /// The place of the origin that is addressed; a new one knows what the user has preset.
    pub(crate) fn place(&self, cx: &Cx<'_>, config: &Arc<Config>) -> Result<Arc<Place>> {
        let mut places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let uri = &cx.request.uri;
        if cx.is_to_proxy() {
            return places.at(cx.origin(), config);
        }
        if let Some(last) = places.last.as_ref().filter(|last| last.is_of(uri)) {
            return Ok(Arc::clone(&last.place));
        }
        // Where the URI does not tell the origin, another client may have another base.
        let Some(origin) = Origin::of(uri) else {
            return places.at(cx.origin(), config);
        };
        let place = places.at(Some(origin), config)?;
        places.last = Last::new(uri, &place);
        Ok(place)
    }
}

impl Places {
    fn at(&mut self, origin: Option<Origin>, config: &Arc<Config>) -> Result<Arc<Place>> {
        if let Some(place) = self.by_origin.get(&origin) {
            return Ok(Arc::clone(place));
        }
        if self.by_origin.len() >= MAX_ORIGINS {
            self.by_origin.clear();
        }
        let place = Arc::new(Place::new(config)?);
        self.by_origin.insert(origin, Arc::clone(&place));
        Ok(place)
    }
}

impl Last {
    fn new(uri: &Uri, place: &Arc<Place>) -> Option<Self> {
        let (scheme, authority) = (uri.scheme()?, uri.authority()?);
        Some(Self {
            scheme: scheme.clone(),
            authority: without_user(authority).into(),
            place: Arc::clone(place),
        })
    }

    /// Whether `uri` is written for the same origin in the same way; false says nothing, as of one with user information.
    fn is_of(&self, uri: &Uri) -> bool {
        uri.scheme() == Some(&self.scheme)
            && uri.authority().map(Authority::as_str) == Some(&*self.authority)
    }
}

impl Place {
    fn new(config: &Arc<Config>) -> Result<Self> {
        let preset = Session::preset(config)?;
        let known = Known {
            sessions: preset.map(Arc::new).into_iter().collect(),
            ..Known::default()
        };
        Ok(Self {
            config: Arc::clone(config),
            known: Mutex::new(known),
        })
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
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

    /// Remembers a session, in place of `used` if there was one.
    pub(crate) fn publish(&self, session: Session, used: Option<&Arc<Session>>) -> Arc<Session> {
        let mut known = self.lock();
        let session = known.enrol(session);
        known.replace(&session, used);
        session
    }

    /// Remembers a session in place of `used` once it has proved good.
    pub(crate) fn renew(self: &Arc<Self>, session: Session, used: Arc<Session>) -> Renewal {
        let session = self.lock().enrol(session);
        Renewal {
            place: Arc::clone(self),
            session,
            used,
            rejected: false,
        }
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

    /// The session itself, or the one that counts for the same nonce already.
    fn enrol(&mut self, session: Session) -> Arc<Session> {
        let alive = self.alive.get(session.nonce()).and_then(Weak::upgrade);
        if let Some(alive) = alive.filter(|alive| alive.is_same_as(&session)) {
            return alive;
        }
        if self.alive.len() >= self.crowd {
            self.alive.retain(|_, session| session.strong_count() > 0);
            self.crowd = 2 * self.alive.len().max(8);
        }
        let session = Arc::new(session);
        self.alive
            .insert(session.nonce().into(), Arc::downgrade(&session));
        session
    }

    /// Signs later requests with `session`, unless another one took the place of `used` meanwhile.
    fn replace(&mut self, session: &Arc<Session>, used: Option<&Arc<Session>>) {
        let at = self
            .sessions
            .iter()
            .position(|old| old.same_realm_as(session));
        let old = at.map(|at| self.sessions.remove(at));
        let overtaken = |old: &Arc<Session>| used.is_some_and(|used| !Arc::ptr_eq(used, old));
        if self.sessions.len() >= MAX_REALMS {
            self.sessions.remove(0);
        }
        self.sessions
            .push(old.filter(overtaken).unwrap_or_else(|| Arc::clone(session)));
        self.open = false;
    }
}
