//! What a client remembers of each origin.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use countersign_core::Origin;

use crate::carrier::Carrier;

/// How many origins are remembered; past it, it starts anew.
const MAX_ORIGINS: usize = 1024;

type Key = Option<Origin>;

/// Which carrier an origin wants.
#[derive(Clone, Default)]
pub(super) struct Memory(Arc<Mutex<HashMap<Key, Carrier>>>);

/// What is remembered of one origin.
pub(super) struct Place {
    memory: Memory,
    pub(super) origin: Key,
}

impl Memory {
    pub(super) fn at(&self, origin: Key) -> Place {
        Place {
            memory: self.clone(),
            origin,
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Carrier>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    pub(super) fn recall(&self) -> Option<Carrier> {
        self.memory.lock().get(&self.origin).copied()
    }

    pub(super) fn remember(&self, carrier: Carrier) {
        let mut known = self.memory.lock();
        if known.len() >= MAX_ORIGINS {
            known.clear();
        }
        known.insert(self.origin.clone(), carrier);
    }
}
