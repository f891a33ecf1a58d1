//! [`JwtBuilder`].

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use countersign_core::placement::Placement;
use countersign_core::{Result, Sources};
use serde_json::Value;

use super::Jwt;
use super::issuer::{Fresh, Issuer};
use crate::credentials::SigningKey;
use crate::json::Members;
use crate::message::BEARER;

/// Makes a [`Jwt`]; see [`Jwt::builder`]. `Debug` shows no claim.
#[must_use]
pub struct JwtBuilder {
    key: SigningKey,
    header: String,
    header_members: Vec<(String, Value)>,
    payload: String,
    claims: Vec<(String, Value)>,
    fresh: Vec<Fresh>,
    place: Placement,
    sources: Sources,
}

impl JwtBuilder {
    pub(super) fn new(key: SigningKey) -> Self {
        Self {
            key,
            header: String::new(),
            header_members: Vec::new(),
            payload: String::new(),
            claims: Vec::new(),
            fresh: Vec::new(),
            place: Placement::Header(BEARER.into()),
            sources: Sources::default(),
        }
    }

    /// The header as JSON text: its members keep their order, and the space between them goes. The key's algorithm
    /// takes the place of `alg`, or comes first if there is none. Without a header it is all there is.
    pub fn header(self, json: impl Into<String>) -> Self {
        Self {
            header: json.into(),
            ..self
        }
    }

    /// The header as a JSON value, in the order in which it lists its members.
    pub fn header_value(self, header: &Value) -> Self {
        self.header(header.to_string())
    }

    /// Gives the header this member, in the place of one of that name or at the end.
    pub fn header_member(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.header_members.push((name.into(), value.into()));
        self
    }

    /// Names the key that signs: `kid`, RFC 7515 section 4.1.4.
    pub fn key_id(self, key_id: &str) -> Self {
        self.header_member("kid", key_id)
    }

    /// The payload as JSON text: its members keep their order and every value its text, and the space between them
    /// goes.
    pub fn payload(self, json: impl Into<String>) -> Self {
        Self {
            payload: json.into(),
            ..self
        }
    }

    /// The payload as a JSON value, in the order in which it lists its members.
    pub fn payload_value(self, payload: &Value) -> Self {
        self.payload(payload.to_string())
    }

    /// Gives the payload this claim, in the place of one of that name or at the end.
    pub fn claim(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.claims.push((name.into(), value.into()));
        self
    }

    /// Builds `iat`, the time of signing in seconds since the Unix epoch, for each request (RFC 7519 section 4.1.6).
    pub fn issued_at(self) -> Self {
        self.fresh(Fresh::IssuedAt)
    }

    /// Builds `nbf`, the time of signing in seconds since the Unix epoch, for each request (RFC 7519 section 4.1.5).
    pub fn not_before(self) -> Self {
        self.fresh(Fresh::NotBefore)
    }

    /// Builds `exp`, so long after the signing, in whole seconds, for each request (RFC 7519 section 4.1.4).
    pub fn expires_in(self, lifetime: Duration) -> Self {
        self.fresh(Fresh::ExpiresIn(lifetime.as_secs()))
    }

    /// Builds `jti`, a random UUID, for each request (RFC 7519 section 4.1.7).
    pub fn random_id(self) -> Self {
        self.fresh(Fresh::Id)
    }

    /// The word before the token in the header; `Bearer` by default. It is sent as it is, with one space behind it;
    /// an empty one leaves the token bare.
    pub fn prefix(self, prefix: impl Into<String>) -> Self {
        Self {
            place: Placement::Header(prefix.into().into()),
            ..self
        }
    }

    /// Puts the token into the query as `name`, where logs and histories keep it: for servers that take it nowhere
    /// else. An `Authorization` header and parameters of that name are removed.
    pub fn in_query(self, name: impl Into<String>) -> Self {
        Self {
            place: Placement::Query(name.into().into()),
            ..self
        }
    }

    /// Takes time and randomness from elsewhere.
    pub fn sources(self, sources: Sources) -> Self {
        Self { sources, ..self }
    }

    /// The scheme.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) if header or payload is no JSON object
    /// or names a member twice, for a prefix that no header carries, an empty query name, and a damaged key.
    pub fn build(self) -> Result<Jwt> {
        let mut header = Members::given(&self.header, "header")?;
        header.set_first("alg", &self.key.algorithm().name().into());
        let members = self.header_members.iter().filter(|(name, _)| name != "alg");
        members.for_each(|(name, value)| header.set(name, value));
        let mut claims = Members::given(&self.payload, "payload")?;
        self.claims
            .iter()
            .for_each(|(name, value)| claims.set(name, value));
        let issuer = Issuer::new(
            self.key,
            &header,
            claims,
            self.fresh,
            self.place,
            self.sources,
        )?;
        Ok(Jwt(Arc::new(issuer)))
    }

    fn fresh(mut self, fresh: Fresh) -> Self {
        self.fresh.push(fresh);
        self
    }
}

impl fmt::Debug for JwtBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JwtBuilder")
            .field("key", &self.key)
            .field("fresh", &self.fresh)
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}
