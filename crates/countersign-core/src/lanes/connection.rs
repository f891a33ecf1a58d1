//! [`Connection`].

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use http::Extensions;

/// The connection that an exchange holds, as its scheme sees it: a place to remember what holds for the connection.
///
/// The next exchange of the same identity on the same connection finds what this one left; a new connection is blank.
#[derive(Clone, Default)]
pub struct Connection(Arc<State>);

#[derive(Default)]
struct State {
    memory: Mutex<Extensions>,
    used: AtomicBool,
    lost: AtomicBool,
    settled: AtomicBool,
    read: AtomicBool,
}

impl Connection {
    /// What is remembered of this kind.
    pub fn recall<T: Clone + Send + Sync + 'static>(&self) -> Option<T> {
        self.lock().get().cloned()
    }

    /// Remembers it, in place of what was remembered of its kind.
    pub fn remember<T: Clone + Send + Sync + 'static>(&self, value: T) {
        self.lock().insert(value);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Extensions> {
        self.0.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An exchange begins: until it has settled and its answer was read, nobody else may use the connection.
    pub(super) fn take(&self) {
        for mark in [&self.0.used, &self.0.lost, &self.0.settled, &self.0.read] {
            mark.store(false, Ordering::Relaxed);
        }
    }

    /// The client below the driver sends over it.
    pub(super) fn mark_used(&self) {
        self.0.used.store(true, Ordering::Release);
    }

    /// Whether the client below the driver knows lanes at all.
    pub(crate) fn was_used(&self) -> bool {
        self.0.used.load(Ordering::Acquire)
    }

    /// It was gone before the leg was sent; nothing of the leg has reached the server.
    pub(super) fn mark_lost(&self) {
        self.0.lost.store(true, Ordering::Release);
    }

    pub(crate) fn is_lost(&self) -> bool {
        self.0.lost.load(Ordering::Acquire)
    }

    /// The exchange is over; its handshake is not half done.
    pub(crate) fn settle(&self) {
        self.0.settled.store(true, Ordering::Release);
    }

    /// The last answer was read to its end.
    pub(crate) fn mark_read(&self) {
        self.0.read.store(true, Ordering::Release);
    }

    pub(super) fn is_reusable(&self) -> bool {
        let marks = [&self.0.settled, &self.0.read];
        !self.is_lost() && marks.iter().all(|mark| mark.load(Ordering::Acquire))
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("reusable", &self.is_reusable())
            .finish()
    }
}
