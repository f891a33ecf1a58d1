//! The dates of `Expires`, in whatever order their parts stand (RFC 6265bis section 5.1.1).

use std::time::Duration;

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

#[derive(Default)]
struct Found {
    time: Option<[i8; 3]>,
    day: Option<i8>,
    month: Option<i8>,
    year: Option<i16>,
}

/// The time since the Unix epoch; one before it reads as the epoch, which is over as well.
pub(super) fn parse(text: &str) -> Option<Duration> {
    let mut found = Found::default();
    let words = text.as_bytes().split(|byte| is_delimiter(*byte));
    words
        .filter(|word| !word.is_empty())
        .for_each(|word| found.take(word));
    let year = found.year.filter(|year| *year >= 1601)?;
    let date = Date::new(year, found.month?, found.day?).ok()?;
    let [hour, minute, second] = found.time?;
    let time = Time::new(hour, minute, second, 0).ok()?;
    let instant = TimeZone::UTC.to_timestamp(date.to_datetime(time)).ok()?;
    let seconds = u64::try_from(instant.as_second()).unwrap_or(0);
    Some(Duration::from_secs(seconds))
}

fn is_delimiter(byte: u8) -> bool {
    matches!(byte, 0x09 | 0x20..=0x2F | 0x3B..=0x40 | 0x5B..=0x60 | 0x7B..=0x7E)
}

impl Found {
    /// Each word is the first part that is still missing and that it can be.
    fn take(&mut self, word: &[u8]) {
        if self.time.is_none() && time(word).is_some() {
            self.time = time(word);
        } else if self.day.is_none() && number_of(word).is_some() {
            self.day = number_of(word);
        } else if self.month.is_none() && month(word).is_some() {
            self.month = month(word);
        } else if self.year.is_none() {
            self.year = number(word, 2, 4).map(full_year);
        }
    }
}

fn full_year(year: i16) -> i16 {
    match year {
        70..=99 => year + 1900,
        0..=69 => year + 2000,
        year => year,
    }
}

fn month(word: &[u8]) -> Option<i8> {
    let start = word.get(..3)?.to_ascii_lowercase();
    let index = MONTHS.iter().position(|month| month.as_bytes() == start)?;
    i8::try_from(index + 1).ok()
}

fn time(word: &[u8]) -> Option<[i8; 3]> {
    let mut parts = word.splitn(3, |byte| *byte == b':');
    let mut whole = || {
        number_of(
            parts
                .next()
                .filter(|part| part.iter().all(u8::is_ascii_digit))?,
        )
    };
    let (hour, minute) = (whole()?, whole()?);
    Some([hour, minute, number_of(parts.next()?)?])
}

/// One or two digits.
fn number_of(word: &[u8]) -> Option<i8> {
    i8::try_from(number(word, 1, 2)?).ok()
}

/// The digits that a word begins with, as many as are asked for, which no further digit follows.
fn number(word: &[u8], least: usize, most: usize) -> Option<i16> {
    let digits = word.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let word = std::str::from_utf8(word.get(..digits)?).ok()?;
    (least..=most)
        .contains(&digits)
        .then(|| word.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 9 June 2021, 10:18:14, as RFC 6265 section 3.1 writes it.
    const WRITTEN: u64 = 1_623_233_894;

    #[test]
    fn the_parts_stand_in_any_order() {
        for text in [
            "Wed, 09 Jun 2021 10:18:14 GMT",
            "Wednesday, 09-Jun-21 10:18:14 GMT",
            "Wed Jun  9 10:18:14 2021",
            "10:18:14 9 June 2021",
            "2021 Jun 09 10:18:14 +0700",
            "9 jUNE 21 10:18:14",
            "09 Jun 2021 10:18:14.500",
        ] {
            let read = parse(text).map(|time| time.as_secs());
            assert_eq!(read, Some(WRITTEN), "{text}");
        }
    }

    #[test]
    fn two_digits_of_a_year_are_of_this_century_up_to_69() {
        let year_69 = parse("1 Jan 69 00:00:00").map(|time| time.as_secs());
        assert_eq!(year_69, Some(3_124_224_000));
        assert_eq!(parse("1 Jan 70 00:00:00"), Some(Duration::ZERO));
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "tomorrow",
            "09 Jun 2021",
            "10:18:14",
            "31 Feb 2021 10:18:14",
            "32 Jan 2021 10:18:14",
            "1 Jan 1600 10:18:14",
            "1 Jan 20211 10:18:14",
            "1 Jan 2021 24:00:00",
            "1 Jan 2021 10:60:00",
            "1 Jan 2021 10:18",
            "001 Jan 2021 10:18:14",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_date_before_the_epoch_is_over() {
        assert_eq!(parse("1 Jan 1650 00:00:00"), Some(Duration::ZERO));
    }
}
