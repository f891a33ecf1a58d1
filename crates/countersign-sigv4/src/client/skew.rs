//! How far the clocks of servers are from ours.

use countersign_core::{Offsets, Origin};
use http::header::DATE;
use http::{StatusCode, response};
use jiff::fmt::rfc2822::DateTimeParser;

/// A difference up to which no service refuses, in seconds.
const TOLERANCE: u64 = 5 * 60;

/// The largest difference that is corrected, in seconds.
const MAX_OFFSET: u64 = 24 * 60 * 60;

/// The correction of one exchange.
pub(super) struct Correction {
    offsets: Offsets,
    origin: Option<Origin>,
    offset: i64,
    done: bool,
}

impl Correction {
    /// `None` without TLS, where the time of an answer proves nothing.
    pub(super) fn new(offsets: &Offsets, origin: Option<&Origin>) -> Option<Self> {
        let origin = origin.filter(|origin| origin.scheme() == "https").cloned();
        let origin = Some(origin?);
        Some(Self {
            offset: offsets.get(|| origin.clone()),
            offsets: offsets.clone(),
            origin,
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
        if self.done || !is_refusal(response.status) {
            return false;
        }
        let Some(server) = date(response) else {
            return false;
        };
        let near = server.abs_diff(self.apply(unix)) <= TOLERANCE;
        let Some(offset) = Offsets::between(server, unix, MAX_OFFSET).filter(|_| !near) else {
            return false;
        };
        self.done = true;
        self.offset = offset;
        self.offsets.set(self.origin.clone(), offset);
        true
    }
}

/// Whether a service may say so that it does not accept a signature.
pub(super) fn is_refusal(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN
    )
}

/// The server's time, in seconds since the Unix epoch.
fn date(response: &response::Parts) -> Option<u64> {
    let value = response.headers.get(DATE)?;
    let time = DateTimeParser::new()
        .parse_timestamp(value.as_bytes())
        .ok()?;
    u64::try_from(time.as_second()).ok()
}
