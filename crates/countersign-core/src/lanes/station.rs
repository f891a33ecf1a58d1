//! The lanes of one origin and identity.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use futures_channel::oneshot;

use super::identity::{self, CloseIdle};
use super::{Connection, Identity};

/// The lanes of one origin and identity: so many places, handed out in the order that they were asked for.
pub(super) struct Station<C> {
    places: usize,
    state: Mutex<State<C>>,
}

struct State<C> {
    /// Dead when the identity was dropped, whose idle lanes are closed then.
    identity: Weak<identity::Inner>,
    idle: Vec<(Connection, C)>,
    taken: usize,
    waiting: VecDeque<oneshot::Sender<Ticket<C>>>,
}

/// A place, now or when it is one's turn.
pub(super) enum Place<C> {
    Free(Ticket<C>),
    Later(oneshot::Receiver<Ticket<C>>),
}

impl<C> Station<C> {
    pub(super) fn new(places: usize) -> Self {
        Self {
            places,
            state: Mutex::new(State {
                identity: Weak::new(),
                idle: Vec::new(),
                taken: 0,
                waiting: VecDeque::new(),
            }),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<C>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a lane is idle or held here: who holds one holds the station too. Asked behind the lock of the only one who
    /// gives out stations.
    pub(super) fn is_in_use(self: &Arc<Self>) -> bool {
        Arc::strong_count(self) > 1 || !self.lock().idle.is_empty()
    }

    /// Gives a place back: to who waits the longest and still does, or to nobody.
    fn release(self: Arc<Self>, mut lane: Option<(Connection, C)>) {
        while let Some((waiter, lane_for_it)) = self.release_to_waiter(lane) {
            match waiter.send(Ticket::new(Arc::clone(&self), lane_for_it)) {
                Ok(()) => return,
                Err(mut unwanted) => lane = unwanted.dissolve(),
            }
        }
    }

    /// The waiter whose turn it is, who takes over the place; without one the place is free. One lock for both, or a
    /// waiter that comes in between would wait for a place that nobody holds.
    fn release_to_waiter(&self, lane: Option<(Connection, C)>) -> Option<Handover<C>> {
        let mut state = self.lock();
        if let Some(waiter) = state.waiting.pop_front() {
            return Some((waiter, lane));
        }
        state.taken = state.taken.saturating_sub(1);
        let lane = lane.filter(|_| !state.is_forgotten());
        state.idle.extend(lane);
        None
    }
}

impl<C> State<C> {
    fn is_forgotten(&self) -> bool {
        self.identity.strong_count() == 0
    }
}

impl<C: Send + 'static> Station<C> {
    /// See [`Lanes::acquire`](super::Lanes::acquire).
    pub(super) fn enter(self: &Arc<Self>, identity: &Identity, blank: bool) -> Place<C> {
        let mut state = self.lock();
        if state.is_forgotten() {
            let place: Weak<Self> = Arc::downgrade(self);
            state.identity = identity.stands_at(place);
        }
        if state.taken >= self.places {
            let (sender, ticket) = oneshot::channel();
            state.waiting.push_back(sender);
            return Place::Later(ticket);
        }
        state.taken += 1;
        let lane = state.idle.pop_if(|_| !blank);
        let room = self.places - state.taken;
        state.idle.truncate(room);
        drop(state);
        Place::Free(Ticket::new(Arc::clone(self), lane))
    }
}

impl<C: Send + 'static> CloseIdle for Station<C> {
    fn close_idle(&self) {
        // Closed once the lock is free, as whatever hangs on a connection goes with it.
        let idle = std::mem::take(&mut self.lock().idle);
        drop(idle);
    }
}

type Handover<C> = (oneshot::Sender<Ticket<C>>, Option<(Connection, C)>);

/// The right to one of the places, with the idle lane that stands there.
pub(super) struct Ticket<C> {
    station: Option<Arc<Station<C>>>,
    lane: Option<(Connection, C)>,
}

impl<C> Ticket<C> {
    fn new(station: Arc<Station<C>>, lane: Option<(Connection, C)>) -> Self {
        Self {
            station: Some(station),
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
        self.station = None;
        self.lane.take()
    }
}

impl<C> Drop for Ticket<C> {
    fn drop(&mut self) {
        if let Some(station) = self.station.take() {
            station.release(self.lane.take());
        }
    }
}
