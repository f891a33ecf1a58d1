//! The time that schemes use, and [`Sources`], by which it and the randomness can be injected.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::error::Result;
use crate::random::{Random, SystemRandom};
use crate::uuid::Uuid;

/// Tells the time.
pub trait Clock: Send + Sync + fmt::Debug + 'static {
    /// The time since the Unix epoch.
    fn now(&self) -> Duration;
}

/// The system's clock. A clock before 1970 reads as 1970.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Duration {
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
    }
}

/// A clock that stands still, to sign as of a given time.
#[derive(Clone, Copy, Debug)]
pub struct FixedClock(pub Duration);

impl Clock for FixedClock {
    fn now(&self) -> Duration {
        self.0
    }
}

/// Where a scheme takes time and randomness from. The default is the system's.
#[derive(Clone, Debug)]
pub struct Sources {
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The randomness.
    pub random: Arc<dyn Random>,
}

impl Default for Sources {
    fn default() -> Self {
        Self {
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
        }
    }
}

impl Sources {
    /// The time in whole seconds since the Unix epoch.
    pub fn unix_time(&self) -> u64 {
        self.clock.now().as_secs()
    }

    /// A random UUID.
    ///
    /// # Errors
    ///
    /// As for [`Random::fill`].
    pub fn uuid(&self) -> Result<Uuid> {
        self.bytes().map(Uuid::of)
    }

    /// `N` random bytes.
    ///
    /// # Errors
    ///
    /// As for [`Random::fill`].
    pub fn bytes<const N: usize>(&self) -> Result<[u8; N]> {
        let mut bytes = [0; N];
        self.random.fill(&mut bytes)?;
        Ok(bytes)
    }
}
