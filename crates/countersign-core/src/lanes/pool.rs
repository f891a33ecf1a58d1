//! [`Lanes`].

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use super::station::{Place, Station};
use super::{Identity, Lane};
use crate::begin::Begin;
use crate::error::{Error, ErrorKind};
use crate::origin::Origin;

/// The lanes of a driver: so many at once for each origin and identity, handed out in the order that they were asked for.
pub struct Lanes<C>(Arc<Shared<C>>);

struct Shared<C> {
    per_key: usize,
    stations: Mutex<Stations<C>>,
}

type Stations<C> = HashMap<Key, Arc<Station<C>>>;

#[derive(PartialEq, Eq, Hash)]
struct Key {
    origin: Option<Origin>,
    identity: [u8; 32],
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
        match self.0.station(origin, identity).enter(identity, blank) {
            Place::Free(ticket) => Begin::ready(form(Lane::new(ticket))),
            Place::Later(ticket) => {
                Begin::wait(
                    async move { ticket.await.map(Lane::new).map(form).map_err(|_| closed()) },
                )
            }
        }
    }
}

fn closed() -> Error {
    Error::new(ErrorKind::Connection, "the client was dropped")
}

impl<C: Send + 'static> Shared<C> {
    fn station(&self, origin: Option<Origin>, identity: &Identity) -> Arc<Station<C>> {
        let key = Key {
            origin,
            identity: identity.key(),
        };
        let mut stations = self.stations.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = stations.get(&key) {
            return Arc::clone(known);
        }
        stations.retain(|_, station| station.is_in_use());
        let new = || Arc::new(Station::new(self.per_key));
        Arc::clone(stations.entry(key).or_insert_with(new))
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
