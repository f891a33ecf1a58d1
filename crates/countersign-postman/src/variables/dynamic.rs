//! The dynamic variables.

use std::net::{Ipv4Addr, Ipv6Addr};

use countersign::{Result, Sources};
use jiff::Timestamp;

const ALPHANUMERIC: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const LOWER: &[u8] = b"abcdefghijklmnopqrstuvwxyz";
const MONTHS: &[&str] = &[
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const WEEKDAYS: &[&str] = &[
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

/// A fresh value of the dynamic variable `name`; `None` if there is none of this name.
pub(super) fn value(name: &str, sources: &Sources) -> Option<Result<String>> {
    Some(match name {
        "$guid" | "$randomUUID" => uuid(sources),
        "$timestamp" => Ok(rounded_seconds(sources)),
        "$isoTimestamp" => Ok(iso(sources)),
        "$randomInt" => below(sources, 1001).map(|number| number.to_string()),
        "$randomAlphaNumeric" => letters(sources, ALPHANUMERIC, 1),
        "$randomPassword" => letters(sources, ALPHANUMERIC, 15),
        // Nobody has an address there (RFC 2606 section 3).
        "$randomEmail" | "$randomExampleEmail" => {
            letters(sources, LOWER, 12).map(|name| name + "@example.com")
        }
        "$randomHexColor" => shaped(sources, "#xxxxxx"),
        "$randomMACAddress" => shaped(sources, "xx:xx:xx:xx:xx:xx"),
        "$randomSemver" => shaped(sources, "9.9.9"),
        "$randomPhoneNumber" => shaped(sources, "999-999-9999"),
        "$randomPhoneNumberExt" => shaped(sources, "99-999-999-9999"),
        "$randomBankAccount" => shaped(sources, "99999999"),
        "$randomCreditCardMask" => shaped(sources, "9999"),
        "$randomPrice" => shaped(sources, "999.99"),
        "$randomLatitude" => degrees(sources, 90),
        "$randomLongitude" => degrees(sources, 180),
        "$randomProtocol" => one_of(sources, &["http", "https"]),
        "$randomMonth" => one_of(sources, MONTHS),
        "$randomWeekday" => one_of(sources, WEEKDAYS),
        "$randomBoolean" => below(sources, 2).map(|number| (number == 1).to_string()),
        "$randomIP" => sources
            .bytes::<4>()
            .map(|bytes| Ipv4Addr::from(bytes).to_string()),
        "$randomIPV6" => sources
            .bytes::<16>()
            .map(|bytes| Ipv6Addr::from(bytes).to_string()),
        _ => return None,
    })
}

/// A random UUID (RFC 9562 section 5.4).
fn uuid(sources: &Sources) -> Result<String> {
    let mut bytes = sources.bytes::<16>()?;
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex = format!("{:032x}", u128::from_be_bytes(bytes));
    let parts = [
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..],
    ];
    Ok(parts.join("-"))
}

/// The nearest second, as Postman has it.
fn rounded_seconds(sources: &Sources) -> String {
    let now = sources.clock.now();
    let seconds = now.as_secs() + u64::from(now.subsec_millis() >= 500);
    seconds.to_string()
}

/// As JavaScript's `toISOString`: in UTC, to the millisecond. A clock beyond the year 9999 stands still there.
fn iso(sources: &Sources) -> String {
    let millis = i64::try_from(sources.clock.now().as_millis()).ok();
    let time = millis.and_then(|millis| Timestamp::from_millisecond(millis).ok());
    format!("{:.3}", time.unwrap_or(Timestamp::MAX))
}

fn below(sources: &Sources, limit: u64) -> Result<u64> {
    // Eight bytes over so small a limit are even enough.
    Ok(u64::from_le_bytes(sources.bytes()?) % limit)
}

fn index(sources: &Sources, length: usize) -> Result<usize> {
    let index = below(sources, length as u64)?;
    Ok(usize::try_from(index).unwrap_or_default())
}

fn letters(sources: &Sources, of: &[u8], count: usize) -> Result<String> {
    let letter = |_| Ok(char::from(of[index(sources, of.len())?]));
    (0..count).map(letter).collect()
}

fn one_of(sources: &Sources, words: &[&str]) -> Result<String> {
    Ok(words[index(sources, words.len())?].to_owned())
}

/// A digit for each `9`, one in base 16 for each `x`.
fn shaped(sources: &Sources, shape: &str) -> Result<String> {
    let digit = |base| {
        let digit = below(sources, u64::from(base))?;
        let digit = u32::try_from(digit).unwrap_or_default();
        Ok(char::from_digit(digit, base).unwrap_or('0'))
    };
    let letter = |letter| match letter {
        '9' => digit(10),
        'x' => digit(16),
        other => Ok(other),
    };
    shape.chars().map(letter).collect()
}

/// Up to so many, on either side of nothing, with four decimals.
fn degrees(sources: &Sources, limit: i64) -> Result<String> {
    let span = limit.unsigned_abs() * 2 * 10_000 + 1;
    let value = i64::try_from(below(sources, span)?).unwrap_or_default() - limit * 10_000;
    let sign = if value < 0 { "-" } else { "" };
    let (whole, rest) = (value.abs() / 10_000, value.abs() % 10_000);
    Ok(format!("{sign}{whole}.{rest:04}"))
}
