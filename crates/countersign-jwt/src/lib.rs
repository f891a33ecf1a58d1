//! JSON Web Tokens as bearer tokens (RFC 7519, RFC 7515, RFC 6750), and ASAP, Atlassian's profile of them for services.
//!
//! The client signs a token, with claims that are built for each request where that is asked for:
//!
//! ```
//! use std::time::Duration;
//!
//! use countersign_core::{Payload, Sign};
//! use countersign_jwt::{Algorithm, Jwt, SigningKey};
//!
//! let key = SigningKey::hmac(Algorithm::Hs256, "a secret of thirty-two bytes, say")?;
//! let jwt = Jwt::builder(key)
//!     .payload(r#"{"iss": "shop", "sub": "alice", "aud": "api"}"#)
//!     .issued_at()
//!     .expires_in(Duration::from_secs(300))
//!     .build()?;
//! let (mut head, ()) = http::Request::get("https://example.com/").body(())?.into_parts();
//! jwt.sign(&mut head, &mut Payload::default())?;
//! assert!(head.headers["authorization"].to_str()?.starts_with("Bearer eyJhbGciOiJIUzI1NiJ9."));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The server verifies it by a key that is for one algorithm, or by a key set, and checks its claims:
//!
//! ```
//! # use std::time::Duration;
//! use countersign_core::{Payload, verify::{Verdict, Verify}};
//! use countersign_jwt::{Algorithm, JwtVerifier, VerifyingKey};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let secret = "a secret of thirty-two bytes, say";
//! # let key = countersign_jwt::SigningKey::hmac(Algorithm::Hs256, secret)?;
//! # let jwt = countersign_jwt::Jwt::builder(key).claim("iss", "shop").claim("sub", "alice").claim("aud", "api");
//! # let jwt = jwt.expires_in(Duration::from_secs(300)).build()?;
//! # let (mut head, ()) = http::Request::get("https://example.com/").body(())?.into_parts();
//! # countersign_core::Sign::sign(&jwt, &mut head, &mut Payload::default())?;
//! let key = VerifyingKey::hmac(Algorithm::Hs256, "a secret of thirty-two bytes, say")?;
//! let verifier = JwtVerifier::builder("example", key).issuer("shop").audience("api").build()?;
//! let verdict = verifier.verify(&head, &Payload::default()).await?;
//! assert!(matches!(verdict, Verdict::Accept(found) if found.principal.subject() == Some("alice")));
//! # Ok(())
//! # }
//! ```
//!
//! All twelve algorithms, `ES512` among them, are aws-lc-rs's.
#![forbid(unsafe_code)]

mod algorithm;
mod client;
mod credentials;
mod json;
mod message;
mod server;

pub use algorithm::Algorithm;
pub use client::{Asap, AsapBuilder, Jwt, JwtBuilder};
pub use credentials::{SigningKey, VerifyingKey};
pub use server::{
    AsapVerifier, AsapVerifierBuilder, Claims, JwtVerifier, JwtVerifierBuilder, KeySet, Keys,
    RemoteKeys,
};

/// How long an ASAP token may live, in seconds.
const MAX_ASAP_LIFETIME: u64 = 3600;
