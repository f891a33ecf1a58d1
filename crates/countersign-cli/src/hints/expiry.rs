//! The token has ended.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use countersign::challenge::parse;
use http::header::WWW_AUTHENTICATE;
use jiff::Timestamp;
use serde_json::Value;

use super::{Evidence, authorization, clock, values};

/// The server says so (RFC 6750 section 3.1), or the token that was sent does.
pub(super) fn ended(evidence: &Evidence<'_>) -> Option<String> {
    let (sent, answer) = evidence.last()?;
    let challenges = parse(values(answer, &WWW_AUTHENTICATE));
    let says_so = challenges.iter().any(|one| {
        let described = one.text("error_description").unwrap_or_default();
        one.text("error") == Some("invalid_token")
            && described.to_ascii_lowercase().contains("expired")
    });
    if says_so {
        return Some("the token has expired, as the server's challenge says".to_owned());
    }
    let (_, token) = authorization(sent)?;
    let end = end_of(token)?;
    let now = clock::of_server(answer).unwrap_or(evidence.now);
    let time = Timestamp::from_second(i64::try_from(end.as_secs()).ok()?).ok()?;
    (end <= now).then(|| format!("the token that was sent ended at {time}, as its exp says"))
}

/// The `exp` of a JSON Web Token (RFC 7519 section 4.1.4).
fn end_of(token: &str) -> Option<Duration> {
    let mut parts = token.trim().split('.');
    let (_, payload, _) = (parts.next()?, parts.next()?, parts.next()?);
    let payload = URL_SAFE_NO_PAD.decode(payload).ok()?;
    let claims: Value = serde_json::from_slice(&payload).ok()?;
    Duration::try_from_secs_f64(claims.get("exp")?.as_f64()?).ok()
}
