//! The time as Windows counts it.

use std::time::Duration;

/// From 1601 to 1970.
const EPOCH: Duration = Duration::from_secs(11_644_473_600);

/// A time since 1970 in 100 ns since 1601: MS-DTYP, section 2.3.3.
pub(crate) fn file_time(unix: Duration) -> u64 {
    u64::try_from((unix + EPOCH).as_nanos() / 100).unwrap_or(u64::MAX)
}
