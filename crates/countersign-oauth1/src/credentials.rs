//! [`Credentials`], of a consumer and of the token that it acts with.

use std::fmt;

use countersign_core::{Error, Result, Secret};

use crate::key::Key;
use crate::method::SignatureMethod;

/// Who signs: a consumer (the client, in the terms of RFC 5849), alone or with a token for somebody's resources.
/// `Debug` shows the consumer key and the token, which are names, and no secret.
#[derive(Clone)]
pub struct Credentials {
    consumer_key: Box<str>,
    proof: Proof,
    token: Option<Token>,
}

/// What the consumer proves itself with.
#[derive(Clone)]
enum Proof {
    Secret(Secret),
    #[cfg(feature = "rsa")]
    Key(crate::rsa::PrivateKey),
}

#[derive(Clone)]
struct Token {
    name: Box<str>,
    secret: Secret,
}

impl Credentials {
    /// A consumer with a shared secret, for the HMAC methods and PLAINTEXT. The secret may be empty, as some servers
    /// give none.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for an empty consumer key.
    pub fn new(consumer_key: &str, consumer_secret: impl Into<Secret>) -> Result<Self> {
        Self::with(consumer_key, Proof::Secret(consumer_secret.into()))
    }

    /// A consumer with a private key, for the RSA methods.
    ///
    /// # Errors
    ///
    /// As for [`new`](Self::new).
    #[cfg(feature = "rsa")]
    pub fn rsa(consumer_key: &str, key: crate::rsa::PrivateKey) -> Result<Self> {
        Self::with(consumer_key, Proof::Key(key))
    }

    fn with(consumer_key: &str, proof: Proof) -> Result<Self> {
        if consumer_key.is_empty() {
            return Err(Error::configuration(
                "the consumer key is empty: give the one that the server gave out",
            ));
        }
        Ok(Self {
            consumer_key: consumer_key.into(),
            proof,
            token: None,
        })
    }

    /// The same consumer with a token and its secret, which the RSA methods do not use.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for an empty token.
    pub fn token(mut self, token: &str, token_secret: impl Into<Secret>) -> Result<Self> {
        if token.is_empty() {
            return Err(Error::configuration(
                "the token is empty: leave it out where there is none",
            ));
        }
        self.token = Some(Token {
            name: token.into(),
            secret: token_secret.into(),
        });
        Ok(self)
    }

    /// The consumer key, which is no secret.
    pub fn consumer_key(&self) -> &str {
        &self.consumer_key
    }

    /// The token, without its secret.
    pub fn token_name(&self) -> Option<&str> {
        self.token.as_ref().map(|token| &*token.name)
    }

    /// The method that every server knows for what the consumer has.
    pub(crate) fn usual_method(&self) -> SignatureMethod {
        match &self.proof {
            Proof::Secret(_) => SignatureMethod::HmacSha1,
            #[cfg(feature = "rsa")]
            Proof::Key(_) => SignatureMethod::RsaSha1,
        }
    }

    /// The key for a method.
    pub(crate) fn key(&self, method: SignatureMethod) -> Result<Key> {
        let token = self.token.as_ref().map(|token| &token.secret);
        match &self.proof {
            Proof::Secret(consumer) => Key::shared(method, consumer, token),
            #[cfg(feature = "rsa")]
            Proof::Key(key) => key.signer(method).map(Key::Rsa),
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("consumer_key", &self.consumer_key)
            .field("token", &self.token_name())
            .finish_non_exhaustive()
    }
}
