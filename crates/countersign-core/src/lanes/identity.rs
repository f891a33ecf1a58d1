//! [`Identity`].

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use crate::fingerprint::Fingerprint;

/// Whose connections they are. Clones are the same identity; when the last one is dropped, its idle lanes are closed.
#[derive(Clone)]
pub struct Identity(Arc<Inner>);

pub(super) struct Inner {
    print: Fingerprint,
    /// Where lanes of it may stand.
    places: Mutex<Vec<Weak<dyn CloseIdle>>>,
}

/// Where idle lanes of an identity stand.
pub(super) trait CloseIdle: Send + Sync {
    /// Closes them, as the identity is gone.
    fn close_idle(&self);
}

impl Drop for Inner {
    fn drop(&mut self) {
        let places = self
            .places
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner);
        for place in places.iter().filter_map(Weak::upgrade) {
            place.close_idle();
        }
    }
}

impl Identity {
    /// An identity that is told apart by whatever makes up its credentials.
    pub fn of(credentials: impl AsRef<[u8]>) -> Self {
        Self(Arc::new(Inner {
            print: Fingerprint::of(credentials),
            places: Mutex::default(),
        }))
    }

    pub(super) fn key(&self) -> [u8; 32] {
        self.0.print.bytes()
    }

    /// Says where its lanes stand from now on, and lets it be watched.
    pub(super) fn stands_at(&self, place: Weak<dyn CloseIdle>) -> Weak<Inner> {
        let places = self.0.places.lock();
        let mut places = places.unwrap_or_else(PoisonError::into_inner);
        places.retain(|known| known.strong_count() > 0);
        places.push(place);
        Arc::downgrade(&self.0)
    }
}

impl PartialEq for Identity {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.print == other.0.print
    }
}

impl Eq for Identity {}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity")
    }
}
