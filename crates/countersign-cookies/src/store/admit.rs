//! What a `Set-Cookie` field of an answer becomes, or why nothing (RFC 6265bis section 5.7).

use std::time::Duration;

use countersign_core::Secret;

use super::Store;
use crate::cookie::Cookie;
use crate::host::{Target, canonical, default_path, domain_matches, is_public_suffix};
use crate::partition::Partition;
use crate::refusal::Refusal;
use crate::set_cookie::SetCookie;

/// The longest that a server may have a cookie kept: 400 days (section 5.5).
const LONGEST: Duration = Duration::from_secs(400 * 24 * 60 * 60);

/// The cookie that `target` sets in a visit of `partition`.
pub(crate) fn admit(
    store: &Store,
    set: &SetCookie<'_>,
    target: &Target<'_>,
    partition: &Partition,
    now: Duration,
) -> Result<Cookie, Refusal> {
    let domain = domain(set.domain, &target.host)?;
    let cookie = Cookie {
        name: set.name.to_owned(),
        value: Secret::from(set.value),
        host_only: domain.is_none(),
        domain: domain.unwrap_or_else(|| target.host.clone()),
        path: set
            .path
            .unwrap_or_else(|| default_path(target.path))
            .to_owned(),
        secure: set.secure,
        http_only: set.http_only,
        same_site: set.same_site,
        expires: expires(set, now),
        created: now,
        used: now,
        partition: set.partitioned.then(|| partition.clone()),
        extensions: Vec::new(),
        store: None,
    };
    cookie.check()?;
    match target.is_secure {
        true => Ok(cookie),
        false if cookie.secure => Err(Refusal::Insecure),
        false if store.hides_a_secure_one(&cookie) => Err(Refusal::Overwrites),
        false => Ok(cookie),
    }
}

/// The domain that a cookie is for; `None` if it is for its host alone.
fn domain(written: &str, host: &str) -> Result<Option<String>, Refusal> {
    if written.is_empty() {
        return Ok(None);
    }
    let domain = canonical(written).ok_or(Refusal::Domain)?;
    match is_public_suffix(&domain) {
        true if domain == host => Ok(None),
        true => Err(Refusal::PublicSuffix),
        false if domain_matches(host, &domain) => Ok(Some(domain)),
        false => Err(Refusal::Domain),
    }
}

/// An age comes before a date.
fn expires(set: &SetCookie<'_>, now: Duration) -> Option<Duration> {
    let age = |seconds: i64| match u64::try_from(seconds) {
        Ok(seconds) => now.saturating_add(Duration::from_secs(seconds)),
        Err(_) => Duration::ZERO,
    };
    let end = set.max_age.map(age).or(set.expires)?;
    Some(end.min(now.saturating_add(LONGEST)))
}
