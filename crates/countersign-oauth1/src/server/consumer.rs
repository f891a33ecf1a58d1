//! [`Consumers`], what a server knows of those who sign.

use std::collections::HashMap;
use std::fmt;

use countersign_core::{Begin, Error, Result, Secret};

use crate::method::SignatureMethod;

/// The consumers that a server knows, and the tokens that it gave out. Implement it over a database.
pub trait Consumers: Send + Sync + 'static {
    /// What is known of a consumer, with the secret of the token where the request names one; `None` if the consumer or
    /// the token is not known, expired, revoked, or the token is not this consumer's.
    ///
    /// # Errors
    ///
    /// A store that cannot be reached now fails, and the request is answered with 503.
    fn find(&self, query: ConsumerQuery<'_>) -> Begin<Option<Consumer>>;
}

/// Who a request says that it comes from. Nothing of it is checked yet.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ConsumerQuery<'a> {
    /// The consumer key.
    pub consumer_key: &'a str,
    /// The token: temporary credentials where the verifier guards that endpoint, token credentials elsewhere.
    pub token: Option<&'a str>,
}

impl<'a> ConsumerQuery<'a> {
    pub(super) fn new(consumer_key: &'a str, token: Option<&'a str>) -> Self {
        Self {
            consumer_key,
            token,
        }
    }
}

/// What a server knows of a consumer. The signature method is pinned: a request that is signed by another is refused,
/// so that a public key is never taken for a shared secret. `Debug` shows no secret.
#[derive(Clone)]
pub struct Consumer {
    pub(super) method: SignatureMethod,
    pub(super) proof: Proof,
    pub(super) token_secret: Option<Secret>,
}

/// What a consumer's signatures are checked with.
#[derive(Clone)]
pub(super) enum Proof {
    Secret(Secret),
    #[cfg(feature = "rsa")]
    Key(crate::rsa::PublicKey),
}

impl Consumer {
    /// A consumer that signs by HMAC, or by PLAINTEXT.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for an RSA method, and for an empty
    /// secret, which everybody knows.
    pub fn new(method: SignatureMethod, consumer_secret: impl Into<Secret>) -> Result<Self> {
        let secret = consumer_secret.into();
        if method.is_rsa() {
            return refuse("an RSA method is verified by a public key, not by a secret");
        }
        if secret.is_empty() {
            return refuse("the consumer secret is empty, so anybody could sign with it");
        }
        Ok(Self::with(method, Proof::Secret(secret)))
    }

    /// A consumer that signs by RSA.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for a method that is not an RSA one.
    #[cfg(feature = "rsa")]
    pub fn rsa(method: SignatureMethod, key: crate::rsa::PublicKey) -> Result<Self> {
        match method.is_rsa() {
            true => Ok(Self::with(method, Proof::Key(key))),
            false => refuse("a public key verifies RSA methods only"),
        }
    }

    fn with(method: SignatureMethod, proof: Proof) -> Self {
        Self {
            method,
            proof,
            token_secret: None,
        }
    }

    /// The same with the secret of the token that was asked for. It says that the token is known, so it is needed with
    /// RSA too, which does not use it.
    #[must_use]
    pub fn token_secret(self, secret: impl Into<Secret>) -> Self {
        Self {
            token_secret: Some(secret.into()),
            ..self
        }
    }
}

fn refuse<T>(why: &'static str) -> Result<T> {
    Err(Error::configuration(why))
}

impl fmt::Debug for Consumer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Consumer")
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}

/// Consumers and tokens in memory. A consumer may sign without a token, or with one that is its own.
#[derive(Clone, Default)]
pub struct MemoryConsumers(HashMap<String, Known>);

#[derive(Clone)]
struct Known {
    consumer: Consumer,
    tokens: HashMap<String, Secret>,
}

impl MemoryConsumers {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a consumer, in the place of one with this key.
    #[must_use]
    pub fn consumer(mut self, consumer_key: &str, consumer: Consumer) -> Self {
        let known = Known {
            consumer,
            tokens: HashMap::new(),
        };
        self.0.insert(consumer_key.to_owned(), known);
        self
    }

    /// Adds a token of a consumer that was added before.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) if there is no such consumer.
    pub fn token(
        mut self,
        consumer_key: &str,
        token: &str,
        secret: impl Into<Secret>,
    ) -> Result<Self> {
        let Some(known) = self.0.get_mut(consumer_key) else {
            return refuse("add the consumer before its tokens");
        };
        known.tokens.insert(token.to_owned(), secret.into());
        Ok(self)
    }

    fn known(&self, query: ConsumerQuery<'_>) -> Option<Consumer> {
        let known = self.0.get(query.consumer_key)?;
        let consumer = known.consumer.clone();
        match query.token {
            None => Some(consumer),
            Some(token) => Some(consumer.token_secret(known.tokens.get(token)?.clone())),
        }
    }
}

impl Consumers for MemoryConsumers {
    fn find(&self, query: ConsumerQuery<'_>) -> Begin<Option<Consumer>> {
        Begin::ready(self.known(query))
    }
}

impl fmt::Debug for MemoryConsumers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryConsumers")
            .field("len", &self.0.len())
            .finish_non_exhaustive()
    }
}
