//! `Retry-After`: RFC 9110 section 10.2.3.

use std::time::{Duration, UNIX_EPOCH};

use http::HeaderMap;
use http::header::RETRY_AFTER;

/// No server can keep a client away for longer.
const LONGEST: Duration = Duration::from_secs(15 * 60);

/// How long to wait as of `now`, the time since the Unix epoch.
pub(crate) fn retry_after(headers: &HeaderMap, now: Duration) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    seconds(text)
        .or_else(|| until(text, now))
        .map(|wait| wait.min(LONGEST))
}

fn seconds(text: &str) -> Option<Duration> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| Duration::from_secs(text.parse().unwrap_or(u64::MAX)))
}

fn until(text: &str, now: Duration) -> Option<Duration> {
    let date = httpdate::parse_http_date(text).ok()?;
    let date = date.duration_since(UNIX_EPOCH).ok()?;
    Some(date.saturating_sub(now))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &'static str) -> Option<u64> {
        let headers = [(RETRY_AFTER, http::HeaderValue::from_static(text))];
        let wait = retry_after(
            &headers.into_iter().collect(),
            Duration::from_secs(784_111_777),
        );
        wait.map(|wait| wait.as_secs())
    }

    #[test]
    fn seconds_dates_and_nonsense() {
        assert_eq!(read("120"), Some(120));
        assert_eq!(read("99999999999999999999"), Some(900));
        assert_eq!(read("Sun, 06 Nov 1994 08:50:37 GMT"), Some(60));
        assert_eq!(read("Sun, 06 Nov 1994 08:40:37 GMT"), Some(0));
        assert_eq!(read("soon"), None);
        assert_eq!(read("-1"), None);
    }
}
