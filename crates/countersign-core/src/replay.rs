//! [`ReplayGuard`]: each use of a nonce counts once.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::begin::Begin;

/// Remembers which nonces were used. Only the uses of authenticated requests are shown to it.
pub trait ReplayGuard: Send + Sync + 'static {
    /// Records `used` if it was not there. A guard that cannot decide fails, and the request is answered with 503.
    fn record(&self, used: Use<'_>) -> Begin<Used>;
}

/// One use of a nonce.
#[derive(Clone, Copy, Debug)]
pub struct Use<'a> {
    /// What must not be used twice: the nonce, with whatever else makes it unique (a key id, a timestamp).
    pub nonce: &'a [u8],
    /// Which use of it this is, for schemes that count (Digest's `nc`); 0 for those that do not.
    pub count: u32,
    /// The present time, in seconds since the Unix epoch.
    pub now: u64,
    /// When the nonce itself is refused for its age, in seconds since the Unix epoch; it is kept until then.
    pub expires: u64,
}

/// What a guard says of a use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Used {
    /// It is the first of its kind, and is recorded now.
    First,
    /// It was there already.
    Again,
    /// Its count lies too far behind the highest one to tell.
    TooOld,
    /// There is no room to record it; nothing that is still alive was dropped.
    Full,
}

/// A bounded guard in this process's memory. Counts may arrive out of order within a window of 64.
pub struct MemoryGuard {
    capacity: usize,
    live: Mutex<Live>,
}

#[derive(Default)]
struct Live {
    windows: HashMap<Box<[u8]>, Window>,
    swept: u64,
}

struct Window {
    highest: u32,
    seen: u64,
    expires: u64,
}

impl Default for MemoryGuard {
    fn default() -> Self {
        Self::new(100_000)
    }
}

impl MemoryGuard {
    /// A guard for `capacity` live nonces.
    pub fn new(capacity: usize) -> Self {
        Self {
            capacity,
            live: Mutex::default(),
        }
    }

    /// How many nonces it holds now.
    pub fn len(&self) -> usize {
        self.lock().windows.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn lock(&self) -> MutexGuard<'_, Live> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn record_now(&self, used: Use<'_>) -> Used {
        let mut live = self.lock();
        if let Some(window) = live.windows.get_mut(used.nonce) {
            return window.record(used.count);
        }
        if live.windows.len() >= self.capacity {
            live.sweep(used.now);
        }
        if live.windows.len() >= self.capacity {
            return Used::Full;
        }
        let window = Window {
            highest: used.count,
            seen: 1,
            expires: used.expires,
        };
        live.windows.insert(used.nonce.into(), window);
        Used::First
    }
}

impl Live {
    /// Drops what has expired; at most once a second, so that a full guard stays cheap.
    fn sweep(&mut self, now: u64) {
        if self.swept != now {
            self.swept = now;
            self.windows.retain(|_, window| window.expires >= now);
        }
    }
}

impl ReplayGuard for MemoryGuard {
    fn record(&self, used: Use<'_>) -> Begin<Used> {
        Begin::ready(self.record_now(used))
    }
}

impl Window {
    /// Bit `n` of `seen` stands for the count `highest - n`.
    fn record(&mut self, count: u32) -> Used {
        if count > self.highest {
            let ahead = count - self.highest;
            self.seen = self.seen.checked_shl(ahead).unwrap_or(0) | 1;
            self.highest = count;
            return Used::First;
        }
        let Some(bit) = 1_u64.checked_shl(self.highest - count) else {
            return Used::TooOld;
        };
        let again = self.seen & bit != 0;
        self.seen |= bit;
        if again { Used::Again } else { Used::First }
    }
}

impl fmt::Debug for MemoryGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryGuard")
            .field("capacity", &self.capacity)
            .field("len", &self.len())
            .finish()
    }
}
