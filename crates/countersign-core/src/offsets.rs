//! [`Offsets`], how far the clocks of servers are from ours.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::origin::Origin;

/// How many origins are remembered; past it, it starts anew.
const MAX_ORIGINS: usize = 1024;

/// How far the clocks of servers are ahead of ours, in seconds, by origin; clones share what is learned.
///
/// One server's time never changes what another is sent. At most 1024 origins are remembered.
#[derive(Clone, Debug, Default)]
pub struct Offsets(Arc<Learned>);

#[derive(Debug, Default)]
struct Learned {
    /// Without it every request of every client would take the lock.
    any: AtomicBool,
    offsets: Mutex<HashMap<Option<Origin>, i64>>,
}

impl Offsets {
    /// The offset of an origin, 0 where nothing was learned; as long as nothing was learned at all, `origin` is not
    /// asked for. The key is that of [`Cx::origin`](crate::Cx::origin).
    pub fn get(&self, origin: impl FnOnce() -> Option<Origin>) -> i64 {
        match self.0.any.load(Ordering::Acquire) {
            false => 0,
            true => self.lock().get(&origin()).copied().unwrap_or_default(),
        }
    }

    /// Remembers the offset of an origin.
    pub fn set(&self, origin: Option<Origin>, offset: i64) {
        let mut offsets = self.lock();
        if offsets.len() >= MAX_ORIGINS {
            offsets.clear();
        }
        offsets.insert(origin, offset);
        self.0.any.store(true, Ordering::Release);
    }

    /// How far `server` is ahead of `clock`, both in seconds since the Unix epoch, if that is `max` at most.
    pub fn between(server: u64, clock: u64, max: u64) -> Option<i64> {
        let (server, clock) = (i64::try_from(server).ok()?, i64::try_from(clock).ok()?);
        let offset = server.checked_sub(clock)?;
        (offset.unsigned_abs() <= max).then_some(offset)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Option<Origin>, i64>> {
        self.0
            .offsets
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn each_origin_has_its_own_and_memory_is_bounded() {
        let offsets = Offsets::default();
        let origin = |n: usize| format!("https://h{n}").parse().ok();
        assert_eq!(offsets.get(|| unreachable!()), 0);
        for n in 0..=MAX_ORIGINS {
            offsets.clone().set(origin(n), -7);
        }
        assert_eq!(offsets.get(|| origin(MAX_ORIGINS)), -7);
        assert_eq!(offsets.get(|| origin(0)), 0);
        assert_eq!(offsets.lock().len(), 1);
    }

    #[test]
    fn what_is_too_far_away_is_no_offset() {
        assert_eq!(Offsets::between(10, 13, 3), Some(-3));
        assert_eq!(Offsets::between(13, 10, 3), Some(3));
        assert_eq!(Offsets::between(14, 10, 3), None);
        assert_eq!(Offsets::between(u64::MAX, 0, u64::MAX), None);
    }
}
