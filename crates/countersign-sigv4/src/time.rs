//! [`Timestamp`], a time as `x-amz-date` has it.

use jiff::civil::DateTime;
use jiff::tz::Offset;

/// A second in UTC, written `YYYYMMDDTHHMMSSZ`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Timestamp {
    unix: u64,
    text: [u8; 16],
}

impl Timestamp {
    /// The time of so many seconds since the Unix epoch; the last days of the year 9999 if it is later.
    pub(crate) fn of(unix: u64) -> Self {
        let second = i64::try_from(unix).ok();
        let time = second.and_then(|second| jiff::Timestamp::from_second(second).ok());
        let civil = Offset::UTC.to_datetime(time.unwrap_or(jiff::Timestamp::MAX));
        Self {
            unix,
            text: written(civil),
        }
    }

    /// Reads `YYYYMMDDTHHMMSSZ`, a time that exists and is not before 1970.
    pub(crate) fn parse(text: &[u8]) -> Option<Self> {
        let text: [u8; 16] = text.try_into().ok()?;
        let number = |from: usize, to: usize| digits(&text[from..to]);
        let small = |from, to| number(from, to).and_then(|value| i8::try_from(value).ok());
        let civil = DateTime::new(
            number(0, 4)?,
            small(4, 6)?,
            small(6, 8)?,
            small(9, 11)?,
            small(11, 13)?,
            small(13, 15)?,
            0,
        );
        let civil = civil.ok().filter(|civil| written(*civil) == text)?;
        let time = Offset::UTC.to_timestamp(civil).ok()?;
        let unix = u64::try_from(time.as_second()).ok()?;
        Some(Self { unix, text })
    }

    /// Seconds since the Unix epoch.
    pub(crate) fn unix(&self) -> u64 {
        self.unix
    }

    /// `YYYYMMDDTHHMMSSZ`.
    pub(crate) fn text(&self) -> &str {
        str::from_utf8(&self.text).unwrap_or_default()
    }

    /// `YYYYMMDD`.
    pub(crate) fn day(&self) -> &str {
        self.text().get(..8).unwrap_or_default()
    }
}

fn written(civil: DateTime) -> [u8; 16] {
    let mut text = *b"00000000T000000Z";
    put(&mut text[..4], civil.year().unsigned_abs());
    let fields = [
        (4, civil.month()),
        (6, civil.day()),
        (9, civil.hour()),
        (11, civil.minute()),
        (13, civil.second()),
    ];
    for (at, value) in fields {
        put(&mut text[at..at + 2], value.unsigned_abs().into());
    }
    text
}

fn put(digits: &mut [u8], mut value: u16) {
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (value % 10) as u8;
        value /= 10;
    }
}

fn digits(text: &[u8]) -> Option<i16> {
    text.iter().try_fold(0, |value, byte| match byte {
        b'0'..=b'9' => Some(value * 10 + i16::from(byte - b'0')),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::Timestamp;

    #[test]
    fn what_is_written_is_read() {
        for unix in [0, 1_440_938_160, 951_782_399, 4_102_444_800] {
            let written = Timestamp::of(unix);
            assert_eq!(
                Timestamp::parse(written.text().as_bytes()).unwrap().unix(),
                unix
            );
        }
        assert_eq!(Timestamp::of(1_440_938_160).text(), "20150830T123600Z");
        assert_eq!(Timestamp::of(1_440_938_160).day(), "20150830");
    }

    #[test]
    fn what_is_no_time_is_not_read() {
        for text in [
            "20150230T000000Z",
            "20151301T000000Z",
            "20150830T246000Z",
            "20150830T123600z",
            "20150830 123600Z",
            "2015-8-30T12360Z",
            "+2150830T123600Z",
            "19691231T235959Z",
            "20150830T123600",
            "",
        ] {
            assert!(Timestamp::parse(text.as_bytes()).is_none(), "{text}");
        }
    }

    #[test]
    fn the_far_future_does_not_panic() {
        assert_eq!(Timestamp::of(u64::MAX).day(), "99991230");
    }
}
