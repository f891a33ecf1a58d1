//! [`Seeded`], randomness that can be had again.

use std::sync::atomic::{AtomicU64, Ordering};

use countersign::{Random, Result};

/// Gives the same bytes for the same seed (SplitMix64): for dynamic variables in tests. Never give it to a scheme, as
/// whoever knows the seed knows what comes.
///
/// ```
/// use std::sync::Arc;
/// use countersign::Sources;
/// use countersign_postman::{Seeded, Variables};
///
/// let sources = Sources { random: Arc::new(Seeded::new(7)), ..Sources::default() };
/// let variables = Variables::new().sources(sources);
/// ```
#[derive(Debug)]
pub struct Seeded(AtomicU64);

impl Seeded {
    /// Begins at `seed`.
    pub fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }

    fn next(&self) -> u64 {
        const STEP: u64 = 0x9E37_79B9_7F4A_7C15;
        let state = self.0.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

impl Random for Seeded {
    fn fill(&self, out: &mut [u8]) -> Result<()> {
        for chunk in out.chunks_mut(8) {
            let bytes = self.next().to_le_bytes();
            chunk.copy_from_slice(&bytes[..chunk.len()]);
        }
        Ok(())
    }
}
