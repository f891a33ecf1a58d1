//! [`Rules`], what claims have to say.

use std::time::Duration;

use super::Claims;

/// What the claims of a token have to say to be accepted.
#[derive(Clone, Debug)]
pub(super) struct Rules {
    /// Who may issue; anyone whose key is known if empty.
    pub(super) issuers: Vec<String>,
    pub(super) audience: Audience,
    pub(super) required: Vec<String>,
    /// How far the clocks may be apart.
    pub(super) leeway: Duration,
    /// How long after `iat` a token is accepted, whatever its `exp` says.
    pub(super) max_age: Option<Duration>,
    /// The longest time between `iat` and `exp`.
    pub(super) max_lifetime: Option<Duration>,
}

/// Whom a token has to be meant for.
#[derive(Clone, Debug)]
pub(super) enum Audience {
    /// One of these; an `aud` must be there. If there are none, an `aud` must not be there, as it names somebody else.
    Of(Vec<String>),
    /// Anyone.
    Any,
}

impl Rules {
    pub(super) fn new() -> Self {
        Self {
            issuers: Vec::new(),
            audience: Audience::Of(Vec::new()),
            required: vec!["exp".to_owned()],
            leeway: Duration::from_secs(60),
            max_age: None,
            max_lifetime: None,
        }
    }

    /// Whether `claims` may be accepted at `now`, since the Unix epoch.
    pub(super) fn admit(&self, claims: &Claims, now: Duration) -> bool {
        let has = |name: &String| claims.get(name).is_some();
        self.required.iter().all(has)
            && self.admit_issuer(claims)
            && self.admit_audience(claims)
            && self.admit_times(claims, now).unwrap_or(false)
    }

    fn admit_issuer(&self, claims: &Claims) -> bool {
        let is_known = |issuer| self.issuers.iter().any(|known| known == issuer);
        self.issuers.is_empty() || claims.issuer().is_some_and(is_known)
    }

    fn admit_audience(&self, claims: &Claims) -> bool {
        match &self.audience {
            Audience::Any => true,
            Audience::Of(audiences) => claims.is_for(audiences).unwrap_or(audiences.is_empty()),
        }
    }

    /// RFC 7519 section 4.1.4: at `exp` it is over; 4.1.5: at `nbf` it begins. `None` if a time is none.
    fn admit_times(&self, claims: &Claims, now: Duration) -> Option<bool> {
        let (issued, expires) = (claims.time("iat")?, claims.time("exp")?);
        let after = |time: Duration| now >= time.saturating_add(self.leeway);
        let before = |time: Duration| now.saturating_add(self.leeway) < time;
        let too_old = |issued: Duration, age| after(issued.saturating_add(age));
        let too_long = |issued: Duration, longest| match expires {
            Some(expires) => expires > issued.saturating_add(longest),
            None => true,
        };
        Some(
            !expires.is_some_and(after)
                && !claims.time("nbf")?.is_some_and(before)
                && !issued.is_some_and(before)
                && !limited(issued, self.max_age, too_old)
                && !limited(issued, self.max_lifetime, too_long),
        )
    }
}

/// Whether a limit on the time since `iat` is broken; without an `iat` it is.
fn limited<F: Fn(Duration, Duration) -> bool>(
    issued: Option<Duration>,
    limit: Option<Duration>,
    breaks: F,
) -> bool {
    limit.is_some_and(|limit| issued.is_none_or(|issued| breaks(issued, limit)))
}
