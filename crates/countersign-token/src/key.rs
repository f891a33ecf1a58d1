//! [`Key`], everything that a token is for.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::id::Id;

/// Everything that a token is for. Two tokens that differ in any of it are never taken for one another.
///
/// ```
/// use countersign_token::Key;
///
/// let key = Key::builder()
///     .server("https://login.example/token")
///     .client_id("shop")
///     .client_secret("s3cret")
///     .grant("client_credentials")
///     .scopes(["write", "read"])
///     .environment("staging")
///     .build();
/// assert_eq!(key.about().scopes, ["read", "write"]);
/// assert_eq!(key.to_string().len(), 12);
/// ```
#[derive(Clone)]
pub struct Key(Arc<(Id, About)>);

/// What of a [`Key`] can be shown; there is no secret in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct About {
    /// The issuer or the address of the token endpoint.
    pub server: String,
    /// The client's identifier.
    pub client_id: String,
    /// The grant's name.
    pub grant: String,
    /// Whom the token is for: a user name or a subject.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The scopes that are asked for, sorted, each once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<String>,
    /// The resources that are asked for (RFC 8707), sorted, each once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<String>,
    /// The audience that is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audience: Option<String>,
    /// The environment that it belongs to, such as `staging`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
}

/// Makes a [`Key`].
#[derive(Clone, Default)]
pub struct KeyBuilder {
    about: About,
    client_secret: Option<[u8; 32]>,
    parameters: Vec<[u8; 32]>,
}

impl Key {
    /// Begins with nothing.
    pub fn builder() -> KeyBuilder {
        KeyBuilder::default()
    }

    /// The fingerprint of all of it.
    pub fn id(&self) -> Id {
        self.0.0
    }

    /// What can be shown.
    pub fn about(&self) -> &About {
        &self.0.1
    }

    pub(crate) fn stored(id: Id, about: About) -> Self {
        Self(Arc::new((id, about)))
    }
}

impl KeyBuilder {
    /// The issuer or the address of the token endpoint. It is shown, so it must hold no secret.
    #[must_use]
    pub fn server(mut self, server: impl Into<String>) -> Self {
        self.about.server = server.into();
        self
    }

    /// The client's identifier.
    #[must_use]
    pub fn client_id(mut self, client_id: impl Into<String>) -> Self {
        self.about.client_id = client_id.into();
        self
    }

    /// The client's secret. Only a keyed hash of it, with itself as the key, goes into the fingerprint.
    #[must_use]
    pub fn client_secret(mut self, secret: impl AsRef<[u8]>) -> Self {
        self.client_secret = Some(keyed(secret.as_ref()));
        self
    }

    /// The grant's name, such as `client_credentials`.
    #[must_use]
    pub fn grant(mut self, grant: impl Into<String>) -> Self {
        self.about.grant = grant.into();
        self
    }

    /// Whom the token is for.
    #[must_use]
    pub fn subject(mut self, subject: impl Into<String>) -> Self {
        self.about.subject = Some(subject.into());
        self
    }

    /// The scopes, in any order.
    #[must_use]
    pub fn scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.about.scopes = sorted(scopes);
        self
    }

    /// The resources, in any order.
    #[must_use]
    pub fn resources<S: Into<String>>(mut self, resources: impl IntoIterator<Item = S>) -> Self {
        self.about.resources = sorted(resources);
        self
    }

    /// The audience.
    #[must_use]
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.about.audience = Some(audience.into());
        self
    }

    /// The environment.
    #[must_use]
    pub fn environment(mut self, environment: impl Into<String>) -> Self {
        self.about.environment = Some(environment.into());
        self
    }

    /// Anything else that makes it another token, such as a parameter of the request. It is only hashed, keyed by its
    /// value, so the value may be a secret.
    #[must_use]
    pub fn parameter(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        let mut hash = Sha256::new();
        mix(&mut hash, name.as_bytes());
        mix(&mut hash, &keyed(value.as_ref()));
        self.parameters.push(hash.finalize().into());
        self
    }

    /// The key.
    pub fn build(mut self) -> Key {
        self.parameters.sort_unstable();
        Key(Arc::new((self.id(), self.about)))
    }

    fn id(&self) -> Id {
        let about = &self.about;
        let mut hash = Sha256::new_with_prefix(b"countersign-token 1");
        for one in [&about.server, &about.client_id, &about.grant] {
            mix(&mut hash, one.as_bytes());
        }
        mix_all(&mut hash, self.client_secret.as_slice());
        for optional in [&about.subject, &about.audience, &about.environment] {
            mix_all(&mut hash, optional.as_slice());
        }
        mix_all(&mut hash, &about.scopes);
        mix_all(&mut hash, &about.resources);
        mix_all(&mut hash, &self.parameters);
        Id(hash.finalize().into())
    }
}

fn sorted<S: Into<String>>(list: impl IntoIterator<Item = S>) -> Vec<String> {
    let mut list: Vec<String> = list.into_iter().map(Into::into).collect();
    list.sort_unstable();
    list.dedup();
    list
}

/// Each list with its length and each member with its own, so that no two configurations read alike.
fn mix_all(hash: &mut Sha256, list: &[impl AsRef<[u8]>]) {
    hash.update((list.len() as u64).to_be_bytes());
    list.iter().for_each(|one| mix(hash, one.as_ref()));
}

fn mix(hash: &mut Sha256, one: &[u8]) {
    hash.update((one.len() as u64).to_be_bytes());
    hash.update(one);
}

fn keyed(secret: &[u8]) -> [u8; 32] {
    let mut key = [0; 64];
    key[..32].copy_from_slice(&Sha256::digest(secret));
    let mac = Hmac::<Sha256>::new(&key.into()).chain_update(b"countersign-token secret");
    mac.finalize().into_bytes().into()
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.id() == other.id()
    }
}

impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.id().hash(state);
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.id().fmt(f)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Key")
            .field(&self.id())
            .field(self.about())
            .finish()
    }
}

impl fmt::Debug for KeyBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("KeyBuilder").field(&self.about).finish()
    }
}
