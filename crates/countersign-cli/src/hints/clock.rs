//! The clocks of the two sides are apart.

use std::time::{Duration, UNIX_EPOCH};

use countersign::AuthType;
use http::header::DATE;

use super::Evidence;
use crate::send::Received;

/// How far the clocks may be apart where servers are as strict as their specification or custom has it.
fn tolerance(kind: AuthType) -> Option<Duration> {
    let seconds = match kind {
        AuthType::AwsV4 | AuthType::OAuth1 => 300,
        AuthType::Hawk | AuthType::Jwt | AuthType::Asap => 60,
        AuthType::EdgeGrid => 30,
        _ => return None,
    };
    Some(Duration::from_secs(seconds))
}

/// The server's `Date` is far from the time that was signed. A scheme that signed twice has corrected that by itself.
pub(super) fn apart(evidence: &Evidence<'_>) -> Option<String> {
    let tolerance = tolerance(evidence.kind)?;
    let (_, answer) = evidence.last()?;
    let server = of_server(answer)?;
    let apart = server.abs_diff(evidence.now);
    let way = match server > evidence.now {
        true => "behind",
        false => "ahead of",
    };
    (evidence.signed().count() == 1 && apart > tolerance).then(|| {
        let seconds = apart.as_secs();
        format!("the clock that the signature is made by is {seconds} s {way} the server's Date")
    })
}

/// The `Date` of an answer, since 1970.
pub(super) fn of_server(answer: &Received) -> Option<Duration> {
    let text = answer.headers.get(DATE)?.to_str().ok()?;
    let date = httpdate::parse_http_date(text).ok()?;
    date.duration_since(UNIX_EPOCH).ok()
}
