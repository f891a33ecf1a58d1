//! Time and randomness that a test chooses.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use countersign_core::{FixedClock, Random, Result, Sources};

/// Gives the bytes 1, 2, 3 and so on; a clone of [`pinned`] begins anew.
#[derive(Debug, Default)]
pub struct Counting(AtomicU8);

impl Random for Counting {
    fn fill(&self, out: &mut [u8]) -> Result<()> {
        for byte in out {
            *byte = self.0.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
        }
        Ok(())
    }
}

/// A clock that stands still at this Unix time, and randomness that can be told beforehand.
pub fn pinned(seconds: u64) -> Sources {
    Sources {
        clock: Arc::new(FixedClock(Duration::from_secs(seconds))),
        random: Arc::new(Counting::default()),
    }
}
