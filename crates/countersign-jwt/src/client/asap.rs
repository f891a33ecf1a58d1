//! [`Asap`], Atlassian's profile of a JSON Web Token for services.

use std::fmt;
use std::sync::Arc;

use countersign_core::placement::Placement;
use countersign_core::{Error, Payload, Result, Secret, Sign, Sources};
use http::request;
use serde_json::Value;

use super::issuer::{Fresh, Issuer};
use crate::MAX_ASAP_LIFETIME;
use crate::algorithm::Algorithm;
use crate::credentials::{SigningKey, VerifyingKey};
use crate::json::Members;
use crate::message::BEARER;

const NAME: &str = "asap";

/// Sends an ASAP token: `iss`, `sub`, `aud`, `iat`, `exp` and a `jti` of its own, built for each request. `Debug` shows
/// neither token nor claims.
#[derive(Clone)]
pub struct Asap(Arc<Issuer>);

/// Makes an [`Asap`]; see [`Asap::builder`]. `Debug` shows no key and no claim.
#[must_use]
pub struct AsapBuilder {
    algorithm: Algorithm,
    key_id: String,
    private_key: Secret,
    issuer: String,
    subject: Option<String>,
    audience: String,
    lifetime: String,
    claims: String,
    sources: Sources,
}

impl Asap {
    /// Tokens of `issuer` for `audience`, signed by the private key that has the name `key_id`, which begins with
    /// `issuer/`. The key is PEM, or `data:application/pkcs8;kid=…;base64,…` with the same name in it.
    pub fn builder(
        issuer: impl Into<String>,
        audience: impl Into<String>,
        key_id: impl Into<String>,
        private_key: impl Into<Secret>,
    ) -> AsapBuilder {
        AsapBuilder {
            algorithm: Algorithm::Rs256,
            key_id: key_id.into(),
            private_key: private_key.into(),
            issuer: issuer.into(),
            subject: None,
            audience: audience.into(),
            lifetime: MAX_ASAP_LIFETIME.to_string(),
            claims: String::new(),
            sources: Sources::default(),
        }
    }

    /// A new token by itself.
    ///
    /// # Errors
    ///
    /// Those of [`Jwt::token`](crate::Jwt::token).
    pub fn token(&self) -> Result<Secret> {
        self.0.token()
    }

    /// What verifies its tokens, without the name of the key.
    ///
    /// # Errors
    ///
    /// Those of [`SigningKey::verifying_key`].
    pub fn verifying_key(&self) -> Result<VerifyingKey> {
        self.0.key().verifying_key()
    }
}

impl Sign for Asap {
    fn name(&self) -> &'static str {
        NAME
    }

    fn reveals(&self) -> bool {
        true
    }

    fn sign(&self, request: &mut request::Parts, body: &mut Payload) -> Result<()> {
        self.0.sign(request, body, NAME)
    }
}

impl AsapBuilder {
    /// Signs with this algorithm; `RS256` by default. It cannot be an HMAC.
    pub fn algorithm(self, algorithm: Algorithm) -> Self {
        Self { algorithm, ..self }
    }

    /// Whom the token speaks for; the issuer by default.
    pub fn subject(self, subject: impl Into<String>) -> Self {
        Self {
            subject: Some(subject.into()),
            ..self
        }
    }

    /// How long the token is good, in seconds as a number: 1 to 3600, which is the default.
    pub fn expires_in(self, seconds: u64) -> Self {
        self.expires_in_text(seconds.to_string())
    }

    /// As [`expires_in`](Self::expires_in), for a number that is text. Any other text, such as `2h`, is an error.
    pub fn expires_in_text(self, seconds: impl Into<String>) -> Self {
        Self {
            lifetime: seconds.into(),
            ..self
        }
    }

    /// Claims as a JSON object: they come first in the payload, in their order, and one of a name that is built takes
    /// the place of what would be built. An `exp` here is a time, in seconds since the Unix epoch.
    pub fn claims(self, json: impl Into<String>) -> Self {
        Self {
            claims: json.into(),
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
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for an empty issuer, audience or key
    /// name, an HMAC, a lifetime that is no number of seconds or over an hour, claims that are no JSON object or name
    /// one twice, and those of [`SigningKey::pem`] and [`SigningKey::data_url`].
    pub fn build(self) -> Result<Asap> {
        let key = self.key()?;
        let (claims, fresh) = self.payload()?;
        let mut header = Members::default();
        header.set("alg", &key.algorithm().name().into());
        header.set("kid", &self.key_id.as_str().into());
        let place = Placement::Header(BEARER.into());
        let issuer = Issuer::new(key, &header, claims, fresh, place, self.sources)?;
        Ok(Asap(Arc::new(issuer)))
    }

    fn key(&self) -> Result<SigningKey> {
        if self.algorithm.is_symmetric() {
            return Err(Error::configuration(
                "ASAP is signed with a private key: choose RS, PS or ES",
            ));
        }
        if self.key_id.is_empty() {
            return Err(Error::configuration("ASAP needs the name of its key, kid"));
        }
        let text = self
            .private_key
            .expose_str()
            .map(|text| text.trim().trim_matches('"'));
        match text.filter(|text| text.starts_with("data:")) {
            Some(url) => SigningKey::data_url(self.algorithm, url, &self.key_id),
            None => SigningKey::pem(self.algorithm, self.private_key.expose()),
        }
    }

    /// The claims, with those that are built for each token in their places.
    fn payload(&self) -> Result<(Members, Vec<Fresh>)> {
        let lifetime = seconds(&self.lifetime)?;
        let mut claims = Members::given(&self.claims, "claims")?;
        let mut fresh = Vec::new();
        add_fresh(&mut claims, &mut fresh, Fresh::IssuedAt);
        add(&mut claims, "iss", &self.issuer)?;
        let issuer = claims.text("iss").unwrap_or_default();
        add(
            &mut claims,
            "sub",
            self.subject.as_deref().unwrap_or(&issuer),
        )?;
        add_fresh(&mut claims, &mut fresh, Fresh::Id);
        add(&mut claims, "aud", &self.audience)?;
        add_fresh(&mut claims, &mut fresh, Fresh::ExpiresIn(lifetime));
        Ok((claims, fresh))
    }
}

fn add(claims: &mut Members, name: &str, value: &str) -> Result<()> {
    if claims.get(name).is_some() {
        return Ok(());
    }
    if value.is_empty() {
        return Err(Error::configuration(
            "ASAP needs an issuer and an audience, and no empty subject",
        ));
    }
    claims.set(name, &value.into());
    Ok(())
}

fn add_fresh(claims: &mut Members, all: &mut Vec<Fresh>, fresh: Fresh) {
    if claims.get(fresh.name()).is_none() {
        claims.set(fresh.name(), &Value::Null);
        all.push(fresh);
    }
}

fn seconds(text: &str) -> Result<u64> {
    let seconds = text.trim().parse().ok();
    seconds
        .filter(|seconds| (1..=MAX_ASAP_LIFETIME).contains(seconds))
        .ok_or_else(|| Error::configuration("the lifetime of an ASAP token is a number of seconds from 1 to 3600: 7200 and 2h are none"))
}

impl fmt::Debug for Asap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.debug(&mut f.debug_struct("Asap"))
    }
}

impl fmt::Debug for AsapBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsapBuilder")
            .field("algorithm", &self.algorithm)
            .field("key_id", &self.key_id)
            .field("issuer", &self.issuer)
            .field("audience", &self.audience)
            .finish_non_exhaustive()
    }
}
