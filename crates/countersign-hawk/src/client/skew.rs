//! How far the clocks of servers are from ours: section "Client Clock Poisoning" of the specification.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use countersign_core::{Cx, Origin};
use http::Uri;

/// How many origins are remembered; past it, it starts anew.
const MAX_ORIGINS: usize = 1024;

/// Whose clock it is. Its origin is worked out if it is needed, which is seldom.
pub(super) enum Place {
    Absolute(Uri),
    /// Of relative targets.
    Base(Option<Origin>),
}

impl Place {
    pub(super) fn of(cx: &Cx<'_>) -> Self {
        match cx.request.uri.authority() {
            Some(_) => Self::Absolute(cx.request.uri.clone()),
            None => Self::Base(cx.origin()),
        }
    }

    pub(super) fn base(&self) -> Option<&Origin> {
        match self {
            Self::Absolute(_) => None,
            Self::Base(base) => base.as_ref(),
        }
    }

    fn origin(&self) -> Option<Origin> {
        match self {
            Self::Absolute(uri) => Origin::of(uri),
            Self::Base(base) => base.clone(),
        }
    }
}

/// The offsets that were learned, in seconds, by origin.
#[derive(Default)]
pub(super) struct Offsets(Mutex<HashMap<Option<Origin>, i64>>);

impl Offsets {
    pub(super) fn get(&self, place: &Place) -> i64 {
        let offsets = self.lock();
        match offsets.is_empty() {
            true => 0,
            false => offsets.get(&place.origin()).copied().unwrap_or_default(),
        }
    }

    pub(super) fn set(&self, place: &Place, offset: i64) {
        let mut offsets = self.lock();
        if offsets.len() >= MAX_ORIGINS {
            offsets.clear();
        }
        offsets.insert(place.origin(), offset);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Option<Origin>, i64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How far `server` is ahead of `clock`, if that is `max` seconds at most.
pub(super) fn offset(server: u64, clock: u64, max: u64) -> Option<i64> {
    let near = server.abs_diff(clock) <= max;
    let offset = server.cast_signed().checked_sub(clock.cast_signed());
    offset.filter(|_| near)
}
