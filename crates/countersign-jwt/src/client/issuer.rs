//! [`Issuer`], what makes the tokens of both schemes.

use std::fmt;

use countersign_core::placement::{Placed, Placement};
use countersign_core::{Payload, Result, Secret, Sources, Touch};
use http::request;
use serde_json::Value;

use crate::credentials::SigningKey;
use crate::json::Members;
use crate::message::base64url;

/// A claim that is new in each token.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fresh {
    /// `iat`, the present time.
    IssuedAt,
    /// `nbf`, the present time.
    NotBefore,
    /// `exp`, so many seconds after the present time.
    ExpiresIn(u64),
    /// `jti`, a random UUID (RFC 9562 section 5.4).
    Id,
}

impl Fresh {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::IssuedAt => "iat",
            Self::NotBefore => "nbf",
            Self::ExpiresIn(_) => "exp",
            Self::Id => "jti",
        }
    }

    fn value(self, sources: &Sources) -> Result<Value> {
        Ok(match self {
            Self::IssuedAt | Self::NotBefore => sources.unix_time().into(),
            Self::ExpiresIn(seconds) => sources.unix_time().saturating_add(seconds).into(),
            Self::Id => sources.uuid()?.as_str().into(),
        })
    }
}

pub(super) struct Issuer {
    key: SigningKey,
    /// The header, encoded.
    header: String,
    claims: Members,
    fresh: Vec<Fresh>,
    place: Placement,
    sources: Sources,
    /// The token, if every request has the same one.
    ready: Option<Placed>,
}

impl Issuer {
    pub(super) fn new(
        key: SigningKey,
        header: &Members,
        claims: Members,
        fresh: Vec<Fresh>,
        place: Placement,
        sources: Sources,
    ) -> Result<Self> {
        place.check()?;
        let header = base64url::encode(header.write());
        let mut issuer = Self {
            key,
            header,
            claims,
            fresh,
            place,
            sources,
            ready: None,
        };
        if issuer.fresh.is_empty() {
            issuer.ready = Some(issuer.issue()?);
        }
        Ok(issuer)
    }

    pub(super) fn key(&self) -> &SigningKey {
        &self.key
    }

    pub(super) fn token(&self) -> Result<Secret> {
        match &self.ready {
            Some(token) => Ok(token.token().clone()),
            None => Ok(self.issue()?.token().clone()),
        }
    }

    pub(super) fn touches(&self, part: Touch<'_>) -> bool {
        self.place.touches(part)
    }

    pub(super) fn sign(
        &self,
        request: &mut request::Parts,
        body: &mut Payload,
        by: &'static str,
    ) -> Result<()> {
        match &self.ready {
            Some(token) => token.put(request, body, by),
            None => self.issue()?.put(request, body, by),
        }
    }

    fn issue(&self) -> Result<Placed> {
        let mut claims = self.claims.clone();
        for fresh in &self.fresh {
            claims.set(fresh.name(), &fresh.value(&self.sources)?);
        }
        let token = self.key.compact(&self.header, claims.write().as_bytes())?;
        self.place.place(token)
    }

    pub(super) fn debug(&self, f: &mut fmt::DebugStruct<'_, '_>) -> fmt::Result {
        f.field("key", &self.key)
            .field("fresh", &self.fresh)
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}
