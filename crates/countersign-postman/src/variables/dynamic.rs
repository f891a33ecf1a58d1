//! The dynamic variables.

use std::net::{Ipv4Addr, Ipv6Addr};

use countersign::{Result, Sources};
use jiff::Timestamp;

const ALPHANUMERIC: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// A fresh value of the dynamic variable `name`; `None` if there is none of this name.
pub(super) fn value(name: &str, sources: &Sources) -> Option<Result<String>> {
    Some(match name {
        "$guid" | "$randomUUID" => uuid(sources),
        "$timestamp" => Ok(rounded_seconds(sources)),
        "$isoTimestamp" => Ok(iso(sources)),
        "$randomInt" => below(sources, 1001).map(|number| number.to_string()),
        "$randomAlphaNumeric" => letters(sources, 1),
        "$randomPassword" => letters(sources, 15),
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

fn letters(sources: &Sources, count: usize) -> Result<String> {
    let letter = |_| {
        let index = below(sources, ALPHANUMERIC.len() as u64)?;
        let index = usize::try_from(index).unwrap_or_default();
        Ok(char::from(ALPHANUMERIC[index]))
    };
    (0..count).map(letter).collect()
}
