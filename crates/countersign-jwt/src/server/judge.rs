//! [`Judge`], what both verifiers do.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use countersign_core::placement::Places;
use countersign_core::verify::{Reason, Verdict};
use countersign_core::{Begin, Payload, ReplayGuard, Result, Secret, Sources, Use, Used};
use http::request;

use super::Claims;
use super::keys::Keys;
use super::rules::Rules;
use crate::algorithm::Algorithm;
use crate::credentials::VerifyingKey;
use crate::message::{Jws, Refusals};

/// Judges requests by the tokens in them.
pub(super) struct Judge {
    /// The name of the scheme that accepts.
    pub(super) name: &'static str,
    pub(super) places: Places,
    pub(super) kind: Option<String>,
    pub(super) refusals: Refusals,
    pub(super) keys: Arc<dyn Keys>,
    pub(super) rules: Rules,
    /// What else has to hold for the header and the claims.
    pub(super) profile: Option<fn(&Profile<'_>) -> bool>,
    /// Where `jti` is spent.
    pub(super) guard: Option<Arc<dyn ReplayGuard>>,
    pub(super) sources: Sources,
}

/// What a profile of tokens looks at besides the rules.
pub(super) struct Profile<'a> {
    pub(super) algorithm: Algorithm,
    pub(super) key_id: Option<&'a str>,
    pub(super) claims: &'a Claims,
}

impl Judge {
    pub(super) fn judge(
        self: Arc<Self>,
        request: &request::Parts,
        body: &Payload,
    ) -> Begin<Verdict<Claims>> {
        match self.places.find(request, body) {
            Ok(token) => Begin::wait(async move {
                let verdict = self.verdict(&token).await?;
                Ok(match verdict {
                    Ok(claims) => Verdict::accept(self.name, claims),
                    Err(reason) => self.refusals.refuse(reason),
                })
            }),
            Err(reason) => Begin::ready(self.refusals.refuse(reason)),
        }
    }

    /// What is wrong inside of a token makes it `invalid_token`: RFC 6750 section 3.1.
    async fn verdict(&self, token: &Secret) -> Result<Result<Claims, Reason>> {
        let Some(jws) = token.expose_str().and_then(Jws::read) else {
            return Ok(Err(Reason::Rejected));
        };
        let keys = self.keys.find(jws.key_id.as_deref()).await?;
        match self.claims(&jws, &keys) {
            Some(claims) => self.spend(claims).await,
            None => Ok(Err(Reason::Rejected)),
        }
    }

    fn claims(&self, jws: &Jws<'_>, keys: &[VerifyingKey]) -> Option<Claims> {
        if !self.admits_kind(jws.kind.as_deref()) || !keys.iter().any(|key| key.verifies(jws)) {
            return None;
        }
        let claims = Claims::read(&jws.payload)?;
        let profile = Profile {
            algorithm: jws.algorithm,
            key_id: jws.key_id.as_deref(),
            claims: &claims,
        };
        let right = self.rules.admit(&claims, self.sources.clock.now())
            && self.profile.is_none_or(|holds| holds(&profile));
        right.then_some(claims)
    }

    /// RFC 7515 section 4.1.9: a media type, whose `application/` may be left out.
    fn admits_kind(&self, kind: Option<&str>) -> bool {
        let Some(wanted) = &self.kind else {
            return true;
        };
        kind.is_some_and(|kind| short(kind).eq_ignore_ascii_case(short(wanted)))
    }

    /// Spends the token where it is good for one request only.
    async fn spend(&self, claims: Claims) -> Result<Result<Claims, Reason>> {
        let Some(guard) = &self.guard else {
            return Ok(Ok(claims));
        };
        let (Some(id), Some(Some(expires))) = (claims.id(), claims.time("exp")) else {
            return Ok(Err(Reason::Rejected));
        };
        let nonce = [claims.issuer().unwrap_or_default(), "\0", id].concat();
        let used = Use {
            nonce: nonce.as_bytes(),
            count: 0,
            now: self.sources.unix_time(),
            expires: up(expires.saturating_add(self.rules.leeway)),
        };
        Ok(match guard.record(used).await? {
            Used::First => Ok(claims),
            Used::Again | Used::TooOld => Err(Reason::Rejected),
            _ => Err(Reason::Unavailable),
        })
    }

    pub(super) fn debug(&self, f: &mut fmt::DebugStruct<'_, '_>) -> fmt::Result {
        f.field("places", &self.places)
            .field("kind", &self.kind)
            .field("rules", &self.rules)
            .finish_non_exhaustive()
    }
}

fn short(kind: &str) -> &str {
    match kind.split_at_checked("application/".len()) {
        Some((start, rest)) if start.eq_ignore_ascii_case("application/") => rest,
        _ => kind,
    }
}

/// In whole seconds, rounded up.
fn up(time: Duration) -> u64 {
    time.as_secs()
        .saturating_add(u64::from(time.subsec_nanos() > 0))
}
