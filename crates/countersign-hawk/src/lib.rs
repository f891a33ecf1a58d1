//! Hawk authentication, client and server: a keyed hash over the time, a nonce, the method, the target, the host and,
//! where that is asked for, the body. Its specification is `API.md` of the reference implementation, `@hapi/hawk`.
//!
//! A client gives [`Hawk`] to a driver. Here its one leg is walked by hand:
//!
//! ```
//! use countersign_core::{Cx, Exchange, Payload, Scheme};
//! use countersign_hawk::{Algorithm, Credentials, Hawk};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let key = "werxhqb98rpaxn39848xrunpaw3489ruxnpa98w4rxn";
//! let credentials = Credentials::new("dh37fgj492je", key, Algorithm::Sha256)?;
//! let hawk = Hawk::new(credentials);
//!
//! let (mut head, ()) = http::Request::post("https://example.com/pets").body(())?.into_parts();
//! let mut exchange = hawk.begin(Cx::new(&head, None)).await?;
//! exchange.prepare(&mut head, &mut Payload::whole("a cat".into()))?;
//! assert!(head.headers["authorization"].to_str()?.starts_with(r#"Hawk id="dh37fgj492je", ts=""#));
//! # Ok(())
//! # }
//! ```
//!
//! A server gives [`HawkVerifier`] to a layer, with the [`Keys`] it knows:
//!
//! ```
//! use countersign_core::verify::{Verdict, Verify};
//! use countersign_core::{Cx, Exchange, Payload, Scheme};
//! use countersign_hawk::{Algorithm, Credentials, Hawk, HawkVerifier, MemoryKeys};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let key = "werxhqb98rpaxn39848xrunpaw3489ruxnpa98w4rxn";
//! let credentials = Credentials::new("dh37fgj492je", key, Algorithm::Sha256)?;
//! let verifier = HawkVerifier::builder(MemoryKeys::new([credentials.clone()])).build()?;
//!
//! let (mut head, ()) = http::Request::get("https://example.com/pets").body(())?.into_parts();
//! let mut body = Payload::whole(Default::default());
//! let mut exchange = Hawk::new(credentials).begin(Cx::new(&head, None)).await?;
//! exchange.prepare(&mut head, &mut body)?;
//! let verdict = verifier.verify(&head, &body).await?;
//! assert!(matches!(verdict, Verdict::Accept(found) if found.principal.id == "dh37fgj492je"));
//! # Ok(())
//! # }
//! ```
#![forbid(unsafe_code)]

mod algorithm;
mod calculation;
mod client;
mod credentials;
mod host;
mod message;
mod server;

pub use algorithm::Algorithm;
pub use client::{Hawk, HawkBewit, HawkExchange, PayloadHash};
pub use credentials::{AnswerProof, Credentials};
pub use server::{Caller, HawkVerifier, HawkVerifierBuilder, Keys, MemoryKeys, PayloadRule};

#[cfg(test)]
mod tests;
