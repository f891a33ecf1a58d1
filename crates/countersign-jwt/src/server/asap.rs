//! [`AsapVerifier`].

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use countersign_core::placement::Places;
use countersign_core::verify::{Verdict, Verify};
use countersign_core::{Begin, Error, MemoryGuard, Payload, ReplayGuard, Result, Sources};
use http::request;

use super::Claims;
use super::judge::{Judge, Profile};
use super::keys::Keys;
use super::rules::{Audience, Rules};
use crate::MAX_ASAP_LIFETIME;
use crate::message::{BEARER, Refusals};

/// Demands an ASAP token: one of an hour at most, for this audience, whose `jti` was not used before, and whose key
/// (`kid`) belongs to its issuer. Never an HMAC. A token without a `sub` speaks for its
/// issuer.
#[derive(Clone)]
pub struct AsapVerifier(Arc<Judge>);

/// Makes an [`AsapVerifier`]; see [`AsapVerifier::builder`].
#[must_use]
pub struct AsapVerifierBuilder {
    realm: String,
    keys: Arc<dyn Keys>,
    rules: Rules,
    guard: Option<Arc<dyn ReplayGuard>>,
    sources: Sources,
}

impl AsapVerifier {
    /// A verifier that is addressed as `audience`, whose challenges name `realm`. The names of `keys` begin with their
    /// issuer and a slash.
    pub fn builder(
        realm: impl Into<String>,
        audience: impl Into<String>,
        keys: impl Keys,
    ) -> AsapVerifierBuilder {
        let required = ["iss", "aud", "iat", "exp", "jti"]
            .map(str::to_owned)
            .to_vec();
        let rules = Rules {
            audience: Audience::Of(vec![audience.into()]),
            required,
            max_lifetime: Some(Duration::from_secs(MAX_ASAP_LIFETIME)),
            ..Rules::new()
        };
        AsapVerifierBuilder {
            realm: realm.into(),
            keys: Arc::new(keys),
            rules,
            guard: None,
            sources: Sources::default(),
        }
    }
}

impl AsapVerifierBuilder {
    /// Accepts this issuer, beside those named before. By default every issuer whose key the server has.
    pub fn issuer(mut self, issuer: impl Into<String>) -> Self {
        self.rules.issuers.push(issuer.into());
        self
    }

    /// Is addressed by this audience too.
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        if let Audience::Of(audiences) = &mut self.rules.audience {
            audiences.push(audience.into());
        }
        self
    }

    /// How far the issuer's clock may be from this one. A minute by default.
    pub fn leeway(mut self, leeway: Duration) -> Self {
        self.rules.leeway = leeway;
        self
    }

    /// Where each `jti` is spent. A [`MemoryGuard`] of its own by default.
    pub fn guard(self, guard: Arc<dyn ReplayGuard>) -> Self {
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
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for a realm that no challenge can have,
    /// and an empty audience.
    pub fn build(self) -> Result<AsapVerifier> {
        if matches!(&self.rules.audience, Audience::Of(all) if all.iter().any(String::is_empty)) {
            return Err(Error::configuration(
                "an ASAP verifier needs the audience as which it is addressed",
            ));
        }
        Ok(AsapVerifier(Arc::new(Judge {
            name: "asap",
            places: Places::new(BEARER),
            kind: None,
            refusals: Refusals::new(BEARER, &self.realm)?,
            keys: self.keys,
            rules: self.rules,
            profile: Some(holds),
            guard: Some(
                self.guard
                    .unwrap_or_else(|| Arc::new(MemoryGuard::default())),
            ),
            sources: self.sources,
        })))
    }
}

/// The key is of the issuer's own, and no secret that both share.
fn holds(token: &Profile<'_>) -> bool {
    let issuer = token.claims.issuer().unwrap_or_default();
    let own = token
        .key_id
        .and_then(|key_id| key_id.strip_prefix(issuer)?.strip_prefix('/'));
    let is_name = |part: &str| !matches!(part, "" | "." | "..");
    !token.algorithm.is_symmetric()
        && !issuer.is_empty()
        && own.is_some_and(|own| own.split('/').all(is_name))
}

impl Verify for AsapVerifier {
    type Principal = Claims;

    fn verify(&self, request: &request::Parts, body: &Payload) -> Begin<Verdict<Claims>> {
        Arc::clone(&self.0).judge(request, body)
    }
}

impl fmt::Debug for AsapVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.debug(&mut f.debug_struct("AsapVerifier"))
    }
}

impl fmt::Debug for AsapVerifierBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsapVerifierBuilder")
            .field("realm", &self.realm)
            .field("rules", &self.rules)
            .finish_non_exhaustive()
    }
}
