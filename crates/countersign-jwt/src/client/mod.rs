//! The client: signs a token, or sends the one it has.

mod asap;
mod builder;
mod issuer;
mod payload;

use std::fmt;
use std::sync::Arc;

use countersign_core::{Payload, Result, Secret, Sign, Touch};
use http::request;

pub use asap::{Asap, AsapBuilder};
pub use builder::JwtBuilder;
use issuer::Issuer;

use crate::credentials::SigningKey;

const NAME: &str = "jwt";

/// Sends a JSON Web Token (RFC 7519) as bearer token (RFC 6750). `Debug` shows neither token nor claims.
///
/// A token without built claims is signed once; one that has some is built and signed for each request.
#[derive(Clone)]
pub struct Jwt(Arc<Issuer>);

impl Jwt {
    /// A token that this key signs.
    pub fn builder(key: SigningKey) -> JwtBuilder {
        JwtBuilder::new(key)
    }

    /// The token by itself, built afresh where it has built claims: for a client assertion (RFC 7523), say.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Random`](countersign_core::ErrorKind::Random) if there is no randomness to be had,
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) if the key is damaged.
    pub fn token(&self) -> Result<Secret> {
        self.0.token()
    }
}

impl Sign for Jwt {
    fn name(&self) -> &'static str {
        NAME
    }

    fn reveals(&self) -> bool {
        true
    }

    fn touches(&self, part: Touch<'_>) -> bool {
        self.0.touches(part)
    }

    fn sign(&self, request: &mut request::Parts, body: &mut Payload) -> Result<()> {
        self.0.sign(request, body, NAME)
    }
}

impl fmt::Debug for Jwt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.debug(&mut f.debug_struct("Jwt"))
    }
}
