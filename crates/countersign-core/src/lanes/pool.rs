//! [`Lanes`].

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use futures_channel::oneshot;

use super::{Connection, Identity, Lane};
use crate::begin::Begin;
use crate::error::{Error, ErrorKind};
use crate::fingerprint::Fingerprint;
use crate::origin::Origin;

/// The lanes of a driver: so many at once for each origin and identity, handed out in the order that they were asked for.
pub struct Lanes<C>(Arc<Shared<C>>);

struct Shared<C> {
    per_key: usize,
    stations: Mutex<HashMap<Key, Station<C>>>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    origin: Option<Origin>,
    identity: Fingerprint,
}

/// The lanes of one origin and identity.
struct Station<C> {
    identity: Weak<Fingerprint>,
    idle: Vec<(Connection, C)>,
    taken: usize,
    waiting: VecDeque<oneshot::Sender<Ticket<C>>>,
}

impl<C: Send + 'static> Lanes<C> {
    /// At most `per_key` lanes at once for each origin and identity; at least one.
    pub fn new(per_key: usize) -> Self {
        Self(Arc::new(Shared {
            per_key: per_key.max(1),
            stations: Mutex::default(),
        }))
    }

    /// A lane to `origin` in the name of `identity`: an idle one, a blank one, or the next that is given back. Dropping
    /// the future gives up its place. With `blank` it is no idle one, as that may be dead too; of those, one is closed where
    /// there would be too many.
    pub fn acquire(
        &self,
        origin: Option<Origin>,
        identity: &Identity,
        blank: bool,
    ) -> Begin<Lane<C>> {
        self.acquire_as(origin, identity, blank, std::convert::identity)
    }

    /// The same in another form, with one box for who waits.
    pub(super) fn acquire_as<Y: 'static>(
        &self,
        origin: Option<Origin>,
        identity: &Identity,
        blank: bool,
        form: fn(Lane<C>) -> Y,
    ) -> Begin<Y> {
        let key = Key {
            origin,
            identity: identity.key(),
        };
        let mut stations = self.0.lock();
        forget_dropped_identities(&mut stations);
        let station = stations
            .entry(key.clone())
            .or_insert_with(|| Station::new(identity));
        if station.taken >= self.0.per_key {
            let (sender, ticket) = oneshot::channel();
            station.waiting.push_back(sender);
            let lane = async move { ticket.await.map(Lane::new).map(form).map_err(|_| closed()) };
            return Begin::wait(lane);
        }
        station.taken += 1;
        let lane = station.idle.pop_if(|_| !blank);
        station.idle.truncate(self.0.per_key - station.taken);
        drop(stations);
        let ticket = Ticket::new(Arc::clone(&self.0), key, lane);
        Begin::ready(form(Lane::new(ticket)))
    }
}

fn closed() -> Error {
    Error::new(ErrorKind::Connection, "the client was dropped")
}

fn forget_dropped_identities<C>(stations: &mut HashMap<Key, Station<C>>) {
    stations.retain(|_, station| {
        if station.identity.strong_count() == 0 {
            station.idle.clear();
        }
        station.taken > 0 || !station.idle.is_empty()
    });
}

impl<C> Station<C> {
    fn new(identity: &Identity) -> Self {
        let waiting = VecDeque::new();
        Self {
            identity: identity.watch(),
            idle: Vec::new(),
            taken: 0,
            waiting,
        }
    }
}

impl<C> Shared<C> {
    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Station<C>>> {
        self.stations.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives a place back: to who waits the longest and still does, or to nobody.
    fn release(self: &Arc<Self>, key: &Key, mut lane: Option<(Connection, C)>) {
        while let Some((waiter, lane_for_it)) = self.release_to_waiter(key, lane) {
            let ticket = Ticket::new(Arc::clone(self), key.clone(), lane_for_it);
            match waiter.send(ticket) {
                Ok(()) => return,
                Err(mut unwanted) => lane = unwanted.dissolve(),
            }
        }
    }

    /// The waiter whose turn it is, who takes over the place; without one the place is free. One lock for both, or a
    /// waiter that comes in between would wait for a place that nobody holds.
    fn release_to_waiter(&self, key: &Key, lane: Option<(Connection, C)>) -> Option<Handover<C>> {
        let mut stations = self.lock();
        let station = stations.get_mut(key)?;
        if let Some(waiter) = station.waiting.pop_front() {
            return Some((waiter, lane));
        }
        station.taken = station.taken.saturating_sub(1);
        station.idle.extend(lane);
        None
    }
}

type Handover<C> = (oneshot::Sender<Ticket<C>>, Option<(Connection, C)>);

/// The right to one of the places, with the idle lane that stands there.
pub(super) struct Ticket<C> {
    shared: Option<Arc<Shared<C>>>,
    key: Key,
    lane: Option<(Connection, C)>,
}

impl<C> Ticket<C> {
    fn new(shared: Arc<Shared<C>>, key: Key, lane: Option<(Connection, C)>) -> Self {
        Self {
            shared: Some(shared),
            key,
            lane,
        }
    }

    pub(super) fn take(&mut self) -> Option<(Connection, C)> {
        self.lane.take()
    }

    pub(super) fn give(&mut self, lane: (Connection, C)) {
        self.lane = Some(lane);
    }

    /// Takes the lane and leaves the place where it was.
    fn dissolve(&mut self) -> Option<(Connection, C)> {
        self.shared = None;
        self.lane.take()
    }
}

impl<C> Drop for Ticket<C> {
    fn drop(&mut self) {
        if let Some(shared) = self.shared.take() {
            shared.release(&self.key, self.lane.take());
        }
    }
}

impl<C> Clone for Lanes<C> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<C> fmt::Debug for Lanes<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lanes")
            .field("per_key", &self.0.per_key)
            .finish_non_exhaustive()
    }
}
