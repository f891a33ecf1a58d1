//! How single values are read.

use std::time::Duration;

use jiff::Timestamp;

/// A number of seconds, whole or not.
pub(super) fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text
        .parse()
        .map_err(|_| "not a number of seconds".to_owned())?;
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
}

/// A whole number of milliseconds.
pub(super) fn milliseconds(text: &str) -> Result<Duration, String> {
    let number = text.parse();
    let number = number.map_err(|_| "not a whole number of milliseconds".to_owned());
    number.map(Duration::from_millis)
}

/// A time since the Unix epoch.
pub(super) fn time(text: &str) -> Result<Duration, String> {
    if let Ok(seconds) = text.parse() {
        return Ok(Duration::from_secs(seconds));
    }
    let time: Timestamp = text
        .parse()
        .map_err(|_| "neither Unix seconds nor RFC 3339, as 2026-01-31T12:00:00Z".to_owned())?;
    Duration::try_from(time.as_duration()).map_err(|_| "a time before 1970".to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_time_is_unix_seconds_or_rfc_3339() {
        let expected = Duration::from_secs(1_700_000_000);
        assert_eq!(time("1700000000").unwrap(), expected);
        assert_eq!(time("2023-11-14T22:13:20Z").unwrap(), expected);
        assert_eq!(time("2023-11-14T23:13:20+01:00").unwrap(), expected);
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in ["", "soon", "-1", "1969-12-31T23:59:59Z", "2023-11-14"] {
            assert!(time(text).is_err(), "{text}");
        }
    }

    #[test]
    fn seconds_may_be_a_fraction_and_not_negative() {
        assert_eq!(seconds("0.5").unwrap(), Duration::from_millis(500));
        for text in ["", "-1", "inf", "NaN", "1s"] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }
}
