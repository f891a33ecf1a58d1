//! What a choice remembers of each origin, and who of several requests asks for the challenge.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_channel::oneshot;
use futures_util::future::{FutureExt, Shared};

use crate::origin::Origin;

/// How many origins a choice remembers; past it, it starts anew.
const MAX_ORIGINS: usize = 1024;

type Key = Option<Origin>;

/// Ends when the request that went ahead knows what the server wants.
pub(super) type Led = Shared<oneshot::Receiver<()>>;

/// What is known, by origin.
#[derive(Clone, Debug, Default)]
pub(super) struct Memory(Arc<Mutex<HashMap<Key, Known>>>);

#[derive(Clone, Debug)]
pub(super) enum Known {
    /// The server wants this scheme, by its place in the choice.
    Chosen(usize),
    /// The server answered without a challenge.
    Open,
    /// A request has gone ahead to find out.
    Led(Led),
}

/// Held by the request that others wait for; dropping it lets them go on.
#[derive(Debug)]
pub(super) struct Lead {
    memory: Memory,
    key: Key,
    _ends: oneshot::Sender<()>,
}

impl Memory {
    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn recall(&self, key: &Key) -> Option<Known> {
        self.lock().get(key).cloned()
    }

    /// What is known, or the lead of finding it out.
    pub(super) fn enter(&self, key: &Key) -> Result<Known, Lead> {
        let mut known = self.lock();
        if let Some(known) = known.get(key) {
            return Ok(known.clone());
        }
        if known.len() >= MAX_ORIGINS {
            known.clear();
        }
        let (ends, led) = oneshot::channel();
        known.insert(key.clone(), Known::Led(led.shared()));
        Err(Lead {
            memory: self.clone(),
            key: key.clone(),
            _ends: ends,
        })
    }

    pub(super) fn remember(&self, key: &Key, what: Known) {
        self.lock().insert(key.clone(), what);
    }

    pub(super) fn forget(&self, key: &Key) {
        self.lock().remove(key);
    }
}

impl Drop for Lead {
    fn drop(&mut self) {
        let mut known = self.memory.lock();
        if matches!(known.get(&self.key), Some(Known::Led(_))) {
            known.remove(&self.key);
        }
    }
}
