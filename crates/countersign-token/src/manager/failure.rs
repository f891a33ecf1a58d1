//! [`Failure`], after which nobody asks again for a while.

use std::time::Duration;

use crate::refused::{Refused, RefusedKind};
use crate::settings::Settings;

/// The longest that a server may make us wait.
const LONGEST: Duration = Duration::from_secs(15 * 60);

/// A failure that stands for a while; who asks meanwhile shares it.
#[derive(Debug)]
pub(crate) struct Failure {
    refused: Refused,
    at: Duration,
    until: Duration,
    tries: u32,
}

impl Failure {
    /// A failure now, after `before` if nothing succeeded in between.
    pub(crate) fn new(refused: Refused, before: Option<&Failure>, settings: &Settings) -> Self {
        let (now, chance) = (settings.sources.clock.now(), settings.chance());
        let tries = before.map_or(0, |before| before.tries.saturating_add(1));
        let pause = pause(refused.kind(), tries);
        let pause = pause + pause / 128 * u32::from(chance % 26);
        Self {
            refused,
            at: now,
            until: now.saturating_add(pause),
            tries,
        }
    }

    /// The failure, while it stands. A clock that was set back ends it.
    pub(crate) fn standing(&self, now: Duration) -> Option<&Refused> {
        (self.at..self.until)
            .contains(&now)
            .then_some(&self.refused)
    }

    /// Whether it is the server that wants to be left alone.
    pub(crate) fn is_throttled(&self) -> bool {
        matches!(self.refused.kind(), RefusedKind::Throttled { .. })
    }
}

/// How long to hold back: from a second for what may pass by itself, from ten for what a person has to change, doubled
/// each time, a minute at most; or as long as the server says. Up to a fifth is added, so that not all come back at once.
fn pause(kind: RefusedKind, tries: u32) -> Duration {
    let first = match kind {
        RefusedKind::Stopped => return Duration::ZERO,
        RefusedKind::Throttled {
            retry_after: Some(after),
        } => return after.clamp(Duration::from_secs(1), LONGEST),
        RefusedKind::Throttled { .. } | RefusedKind::Unavailable | RefusedKind::Store => 1,
        _ => 10,
    };
    Duration::from_secs(first << tries.min(6)).min(Duration::from_secs(60))
}
