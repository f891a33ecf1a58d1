//! [`Issuer`], what makes the tokens of both schemes.

use std::fmt;

use countersign_core::placement::{Placed, Placement};
use countersign_core::{Error, Payload, Result, Secret, Sources, Touch, add_header};
use http::header::AUTHORIZATION;
use http::{HeaderValue, request};

use super::payload::Template;
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
}

pub(super) struct Issuer {
    key: SigningKey,
    /// The header, encoded.
    header: String,
    payload: Template,
    place: Placement,
    /// What stands before the token in `Authorization`, if it goes there.
    before_token: Option<String>,
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
        let mut issuer = Self {
            key,
            header: base64url::encode(header.write()),
            payload: Template::new(claims, &fresh),
            before_token: place.before_token(),
            place,
            sources,
            ready: None,
        };
        if fresh.is_empty() {
            issuer.ready = Some(issuer.place.place(issuer.issue("")?)?);
        }
        Ok(issuer)
    }

    pub(super) fn key(&self) -> &SigningKey {
        &self.key
    }

    pub(super) fn token(&self) -> Result<Secret> {
        match &self.ready {
            Some(token) => Ok(token.token().clone()),
            None => self.issue("").map(Secret::new),
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
        match (&self.ready, &self.before_token) {
            (Some(token), _) => token.put(request, body, by),
            (None, Some(before)) => self.put_fresh(before, request, by),
            (None, None) => self.place.place(self.issue("")?)?.put(request, body, by),
        }
    }

    /// A token that is sent once is written where it stands in the field, and not kept beside it.
    fn put_fresh(
        &self,
        before: &str,
        request: &mut request::Parts,
        by: &'static str,
    ) -> Result<()> {
        let line = HeaderValue::try_from(self.issue(before)?).map_err(not_in_header)?;
        add_header(request, AUTHORIZATION, line, by);
        Ok(())
    }

    /// A token behind `before`.
    fn issue(&self, before: &str) -> Result<String> {
        let payload = self.payload.fill(&self.sources)?;
        self.key.compact(before, &self.header, payload.as_bytes())
    }

    pub(super) fn debug(&self, f: &mut fmt::DebugStruct<'_, '_>) -> fmt::Result {
        f.field("key", &self.key)
            .field("payload", &self.payload)
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}

fn not_in_header(error: http::header::InvalidHeaderValue) -> Error {
    Error::configuration("the token cannot stand in a header").with_source(error)
}
