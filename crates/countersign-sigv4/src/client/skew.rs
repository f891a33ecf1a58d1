//! How far the clocks of servers are from ours.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use countersign_core::Origin;
use http::header::DATE;
use http::{StatusCode, response};
use jiff::fmt::rfc2822::DateTimeParser;

/// A difference up to which no service refuses, in seconds.
const TOLERANCE: u64 = 5 * 60;

/// The largest difference that is corrected, in seconds.
const MAX_OFFSET: u64 = 24 * 60 * 60;

/// How many origins are remembered; past it, it starts anew.
const MAX_ORIGINS: usize = 1024;

/// The offsets that were learned, in seconds, by origin.
#[derive(Default)]
pub(super) struct Offsets(Mutex<HashMap<Origin, i64>>);

/// The correction of one exchange.
pub(super) struct Correction {
    offsets: Arc<Offsets>,
    origin: Origin,
    offset: i64,
    done: bool,
}

impl Correction {
    /// `None` without TLS, where the time of an answer proves nothing.
    pub(super) fn new(offsets: &Arc<Offsets>, origin: Option<Origin>) -> Option<Self> {
        let origin = origin.filter(|origin| origin.scheme() == "https")?;
        let map = offsets.0.lock().unwrap_or_else(PoisonError::into_inner);
        let offset = map.get(&origin).copied().unwrap_or_default();
        Some(Self {
            offsets: Arc::clone(offsets),
            origin,
            offset,
            done: false,
        })
    }

    pub(super) fn apply(&self, unix: u64) -> u64 {
        unix.saturating_add_signed(self.offset)
    }

    /// Whether another leg is possible.
    pub(super) fn is_open(&self) -> bool {
        !self.done
    }

    /// Learns from a refusal; true if the request should be signed once more.
    pub(super) fn learn(&mut self, response: &response::Parts, unix: u64) -> bool {
        let refused = matches!(
            response.status,
            StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN
        );
        let Some(server) = date(response).filter(|_| refused && !self.done) else {
            return false;
        };
        let near = server.abs_diff(self.apply(unix)) <= TOLERANCE;
        if near || server.abs_diff(unix) > MAX_OFFSET {
            return false;
        }
        self.done = true;
        self.offset = server.cast_signed().saturating_sub(unix.cast_signed());
        self.remember();
        true
    }

    fn remember(&self) {
        let mut map = self
            .offsets
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if map.len() >= MAX_ORIGINS {
            map.clear();
        }
        map.insert(self.origin.clone(), self.offset);
    }
}

/// The server's time, in seconds since the Unix epoch.
fn date(response: &response::Parts) -> Option<u64> {
    let value = response.headers.get(DATE)?;
    let time = DateTimeParser::new()
        .parse_timestamp(value.as_bytes())
        .ok()?;
    u64::try_from(time.as_second()).ok()
}
