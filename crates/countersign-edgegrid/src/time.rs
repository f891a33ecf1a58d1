//! [`Timestamp`], a time as EdgeGrid writes it.

use countersign_core::{Error, Result};
use jiff::civil::DateTime;
use jiff::tz::Offset;

const FORMAT: &str = "%Y%m%dT%H:%M:%S+0000";

/// A second in UTC, written `yyyyMMddTHH:mm:ss+0000`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Timestamp {
    pub(crate) unix: u64,
    pub(crate) text: Box<str>,
}

impl Timestamp {
    /// The time of so many seconds since the Unix epoch.
    pub(crate) fn of(unix: u64) -> Result<Self> {
        let second = i64::try_from(unix).ok();
        let time = second.and_then(|second| jiff::Timestamp::from_second(second).ok());
        let time = time.ok_or_else(|| Error::configuration("the clock is past the year 9999"))?;
        let text = written(Offset::UTC.to_datetime(time));
        Ok(Self { unix, text })
    }

    /// Reads a time that exists, is in UTC and is not before 1970.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let civil = DateTime::strptime(FORMAT, text).ok()?;
        let text = Some(written(civil)).filter(|written| **written == *text)?;
        let time = Offset::UTC.to_timestamp(civil).ok()?;
        let unix = u64::try_from(time.as_second()).ok()?;
        Some(Self { unix, text })
    }
}

fn written(civil: DateTime) -> Box<str> {
    civil.strftime(FORMAT).to_string().into()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn there_and_back() {
        let time = Timestamp::of(1_395_430_461).unwrap();
        assert_eq!(&*time.text, "20140321T19:34:21+0000");
        assert_eq!(Timestamp::parse(&time.text), Some(time));
        assert!(Timestamp::of(u64::MAX).is_err());
    }

    #[test]
    fn what_is_no_time() {
        for text in [
            "",
            "20140321T19:34:21Z",
            "20140321T20:34:21+0100",
            "2014-03-21T19:34:21+0000",
            "20140321T19:34:21+00000",
            " 20140321T19:34:21+0000",
            "20140321T9:34:21+0000",
            "20140231T19:34:21+0000",
            "20140321T19:34:60+0000",
            "19691231T23:59:59+0000",
        ] {
            assert_eq!(Timestamp::parse(text), None, "{text}");
        }
    }
}
