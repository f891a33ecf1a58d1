//! [`JwtVerifierBuilder`].

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use countersign_core::placement::Places;
use countersign_core::{Error, ReplayGuard, Result, Sources};

use super::JwtVerifier;
use super::judge::Judge;
use super::keys::Keys;
use super::rules::{Audience, Rules};
use crate::message::{BEARER, Refusals};

/// Makes a [`JwtVerifier`]; see [`JwtVerifier::builder`].
#[must_use]
pub struct JwtVerifierBuilder {
    realm: String,
    keys: Arc<dyn Keys>,
    scheme: String,
    query: Option<String>,
    max_token: usize,
    kind: Option<String>,
    rules: Rules,
    guard: Option<Arc<dyn ReplayGuard>>,
    sources: Sources,
}

impl JwtVerifierBuilder {
    pub(super) fn new(realm: String, keys: Arc<dyn Keys>) -> Self {
        Self {
            realm,
            keys,
            scheme: BEARER.to_owned(),
            query: None,
            max_token: 8 << 10,
            kind: None,
            rules: Rules::new(),
            guard: None,
            sources: Sources::default(),
        }
    }

    /// Accepts tokens of this issuer (`iss`), beside those named before. By default whoever has signed with a key of the
    /// server may be the issuer.
    pub fn issuer(mut self, issuer: impl Into<String>) -> Self {
        self.rules.issuers.push(issuer.into());
        self
    }

    /// Demands that the token is meant for this audience (`aud`), or for one of those named before. By default a token
    /// that names an audience is refused: RFC 7519 section 4.1.3.
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        match &mut self.rules.audience {
            Audience::Of(audiences) => audiences.push(audience.into()),
            Audience::Any => self.rules.audience = Audience::Of(vec![audience.into()]),
        }
        self
    }

    /// Accepts tokens for any audience: what another server is sent, it can then send to this one.
    pub fn any_audience(mut self) -> Self {
        self.rules.audience = Audience::Any;
        self
    }

    /// Demands that the token has this claim, with any value.
    pub fn require(mut self, claim: impl Into<String>) -> Self {
        self.rules.required.push(claim.into());
        self
    }

    /// Accepts tokens without an `exp`, which are good for ever. An `exp` that is there still counts.
    pub fn allow_without_expiry(mut self) -> Self {
        self.rules.required.retain(|claim| claim != "exp");
        self
    }

    /// How far the issuer's clock may be from this one: `exp`, `nbf` and `iat` are read so much more kindly. A minute by
    /// default.
    pub fn leeway(mut self, leeway: Duration) -> Self {
        self.rules.leeway = leeway;
        self
    }

    /// Refuses tokens that were issued (`iat`) longer ago, whatever their `exp` says, and those without an `iat`.
    pub fn max_age(mut self, age: Duration) -> Self {
        self.rules.max_age = Some(age);
        self
    }

    /// Demands this `typ` in the header, such as `at+jwt` (RFC 9068 section 2.1), so that a token that was made for
    /// another use is refused: RFC 8725 section 3.11.
    pub fn kind(self, kind: impl Into<String>) -> Self {
        Self {
            kind: Some(kind.into()),
            ..self
        }
    }

    /// The longest token that is looked at, in bytes. 8 KiB by default; a header holds no longer one.
    pub fn max_token(self, bytes: usize) -> Self {
        Self {
            max_token: bytes,
            ..self
        }
    }

    /// The word before the token in the header, case aside, and in challenges. `Bearer` by default.
    pub fn scheme(self, scheme: impl Into<String>) -> Self {
        Self {
            scheme: scheme.into(),
            ..self
        }
    }

    /// Looks for the token in this parameter of the query too. Off by default: RFC 9700 section 4.3.2 forbids it.
    pub fn allow_query(self, name: impl Into<String>) -> Self {
        Self {
            query: Some(name.into()),
            ..self
        }
    }

    /// Accepts each token once: it needs a `jti` and an `exp`, and `guard` remembers it until then.
    pub fn once(self, guard: Arc<dyn ReplayGuard>) -> Self {
        Self {
            guard: Some(guard),
            ..self
        }
    }

    /// Takes the time from elsewhere.
    pub fn sources(self, sources: Sources) -> Self {
        Self { sources, ..self }
    }

    /// The verifier.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for a realm or a scheme that no
    /// challenge can have, and an empty query name.
    pub fn build(self) -> Result<JwtVerifier> {
        if self.query.as_deref() == Some("") {
            return Err(Error::configuration(
                "the query parameter of the token has no name",
            ));
        }
        let places = Places::new(&self.scheme).max_token(self.max_token);
        let places = match &self.query {
            Some(name) => places.query(name),
            None => places,
        };
        Ok(JwtVerifier(Arc::new(Judge {
            name: "jwt",
            refusals: Refusals::new(&self.scheme, &self.realm)?,
            places,
            kind: self.kind,
            keys: self.keys,
            rules: self.rules,
            profile: None,
            guard: self.guard,
            sources: self.sources,
        })))
    }
}

impl fmt::Debug for JwtVerifierBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JwtVerifierBuilder")
            .field("realm", &self.realm)
            .field("scheme", &self.scheme)
            .field("query", &self.query)
            .field("rules", &self.rules)
            .finish_non_exhaustive()
    }
}
